#include "chassis/store/turns.h"

#include <atomic>
#include <utility>

namespace fuju::chassis {

struct Turns::Waiter {
  explicit Waiter(Start then) : start(std::move(then)) {}

  // False for all but the first caller.
  bool Begin() { return !begun.exchange(true); }
  void Run(bool has_turn) { std::exchange(start, nullptr)(has_turn); }

  std::atomic<bool> begun = false;
  Start start;
};

void Turns::Take(const std::string& key, absl::Duration longest_wait, Start start) {
  auto waiter = std::make_shared<Waiter>(std::move(start));
  bool first;
  {
    absl::MutexLock lock(&mutex_);
    const auto [place, inserted] = waiting_.try_emplace(key);
    first = inserted;
    if (!first) place->second.push_back(waiter);
  }
  if (first) return waiter->Run(true);
  // If a stopping client drops the task, the one that has the turn ends, and this one gets it.
  client_->Schedule(longest_wait, [waiter] {
    if (waiter->Begin()) waiter->Run(false);
  });
}

void Turns::Leave(const std::string& key) {
  std::shared_ptr<Waiter> next;
  {
    absl::MutexLock lock(&mutex_);
    const auto place = waiting_.find(key);
    while (next == nullptr && !place->second.empty()) {
      if (place->second.front()->Begin()) next = std::move(place->second.front());
      place->second.pop_front();
    }
    if (next == nullptr) waiting_.erase(place);
  }
  if (next != nullptr) next->Run(true);
}

}  // namespace fuju::chassis
