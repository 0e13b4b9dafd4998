#include "chassis/streams/fanout_subscription.h"

namespace fuju::chassis {

void FanoutSubscription::Cancel() {
  const absl::MutexLock lock(&mutex_);
  over_ = true;
  if (calling_ && caller_ == std::this_thread::get_id()) return;
  mutex_.Await(absl::Condition(
      +[](bool* calling) { return !*calling; }, &calling_));
}

void FanoutSubscription::Guarded(const std::function<void()>& call) {
  {
    const absl::MutexLock lock(&mutex_);
    if (over_) return;
    calling_ = true;
    caller_ = std::this_thread::get_id();
  }
  call();
  const absl::MutexLock lock(&mutex_);
  calling_ = false;
}

void FanoutSubscription::Start(EntryId position) {
  position_ = position;
  Guarded([&] { started_(position.ToString()); });
}

void FanoutSubscription::Deliver(EntryId id, const std::string& id_text,
                                 const fuju::event::v1::Event& event) {
  if (id <= *position_) return;
  position_ = id;
  Guarded([&] { listener_(id_text, event); });
}

void FanoutSubscription::End(const absl::Status& status) {
  Guarded([&] {
    {
      const absl::MutexLock lock(&mutex_);
      over_ = true;
    }
    ended_(status);
  });
}

bool FanoutSubscription::over() const {
  const absl::MutexLock lock(&mutex_);
  return over_;
}

}  // namespace fuju::chassis
