#include "chaos/journal.h"

#include <utility>

namespace fuju::chaos {

scenario::Calls::Journal Journal::Writer() {
  return [this](scenario::Changing call) {
    const absl::MutexLock lock(&mutex_);
    calls_.push_back(std::move(call));
  };
}

std::vector<scenario::Changing> Journal::Read() const {
  const absl::MutexLock lock(&mutex_);
  return calls_;
}

}  // namespace fuju::chaos
