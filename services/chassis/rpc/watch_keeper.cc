#include "chassis/rpc/watch_keeper.h"

#include <chrono>
#include <utility>

#include "chassis/values/refusal.h"

namespace fuju::chassis {

absl::Duration MonotonicNow() {
  return absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

absl::Status WatcherTooSlow() {
  return Refusal(absl::StatusCode::kResourceExhausted, "WATCHER_TOO_SLOW",
                 "读取太慢，推送已中断；请用最后收到的续传令牌重新订阅",
                 "the watcher reads too slowly; watch again with the last resume token received");
}

WatchKeeper::WatchKeeper() : beater_([this] { Beat(); }), cleaner_([this] { Clean(); }) {}

WatchKeeper::~WatchKeeper() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    beat_.SignalAll();
    clean_.SignalAll();
  }
  beater_.join();
  cleaner_.join();
}

void WatchKeeper::Add(std::shared_ptr<KeptWatch> watch, absl::Duration first_tick) {
  absl::Status ended;
  {
    absl::MutexLock lock(&mutex_);
    Kept& kept = kept_[watch.get()];
    kept.watch = watch;
    Plan(kept, first_tick);
    ended = ended_;
  }
  if (!ended.ok()) watch->End(ended);
}

void WatchKeeper::Remove(const KeptWatch* watch) {
  // The last reference may run the destructors of others' objects: not under the lock.
  std::shared_ptr<KeptWatch> last;
  absl::MutexLock lock(&mutex_);
  const auto found = kept_.find(watch);
  if (found == kept_.end()) return;
  last = std::move(found->second.watch);
  if (found->second.place != schedule_.end()) schedule_.erase(found->second.place);
  kept_.erase(found);
}

void WatchKeeper::Dispose(std::shared_ptr<void> object) {
  if (object == nullptr) return;
  absl::MutexLock lock(&mutex_);
  garbage_.push_back(std::move(object));
  clean_.Signal();
}

void WatchKeeper::EndAll(const absl::Status& status) {
  std::vector<std::shared_ptr<KeptWatch>> open;
  {
    absl::MutexLock lock(&mutex_);
    ended_ = status;
    open.reserve(kept_.size());
    for (const auto& [key, kept] : kept_) open.push_back(kept.watch);
  }
  for (const auto& watch : open) watch->End(status);
}

void WatchKeeper::Plan(Kept& kept, absl::Duration wait) {
  kept.place = schedule_.emplace(MonotonicNow() + wait, kept.watch.get());
  if (kept.place == schedule_.begin()) beat_.Signal();
}

void WatchKeeper::Beat() {
  // Declared before the lock, so that it is released after it.
  std::shared_ptr<KeptWatch> due;
  absl::MutexLock lock(&mutex_);
  while (!stopping_) {
    if (schedule_.empty()) {
      beat_.Wait(&mutex_);
      continue;
    }
    const absl::Duration wait = schedule_.begin()->first - MonotonicNow();
    if (wait > absl::ZeroDuration()) {
      beat_.WaitWithTimeout(&mutex_, wait);
      continue;
    }
    Kept& first = kept_[schedule_.begin()->second];
    due = first.watch;
    schedule_.erase(first.place);
    first.place = schedule_.end();

    mutex_.Unlock();
    const absl::Duration next = due->Tick();
    mutex_.Lock();

    const auto found = kept_.find(due.get());
    if (found != kept_.end()) Plan(found->second, next);
    mutex_.Unlock();
    due.reset();
    mutex_.Lock();
  }
}

void WatchKeeper::Clean() {
  absl::MutexLock lock(&mutex_);
  while (true) {
    while (garbage_.empty() && !stopping_) clean_.Wait(&mutex_);
    if (garbage_.empty()) return;
    std::vector<std::shared_ptr<void>> garbage = std::exchange(garbage_, {});
    mutex_.Unlock();
    garbage.clear();
    mutex_.Lock();
  }
}

}  // namespace fuju::chassis
