#pragma once

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

#include "chassis/values/clock.h"

namespace fuju::test_support {

// A clock that stands until it is moved. Thread-safe.
class FakeClock final : public chassis::Clock {
 public:
  // Starts on a Monday morning in Lanzhou.
  explicit FakeClock(absl::Time now = absl::FromUnixSeconds(1'767'574'800));

  absl::Time Now() const override;
  void Set(absl::Time now);
  void Advance(absl::Duration by);

 private:
  mutable absl::Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fuju::test_support
