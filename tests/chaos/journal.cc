#include "chaos/journal.h"

#include <utility>

namespace fuju::chaos {

scenario::Calls::Journal Journal::Writer() {
  return [this](scenario::Changing call) {
    const absl::MutexLock lock(&mutex_);
    acknowledged_ += call.answer.ok() ? 1 : 0;
    calls_.push_back(std::move(call));
  };
}

std::vector<scenario::Changing> Journal::Read() const {
  const absl::MutexLock lock(&mutex_);
  return calls_;
}

int64_t Journal::acknowledged() const {
  const absl::MutexLock lock(&mutex_);
  return acknowledged_;
}

}  // namespace fuju::chaos
