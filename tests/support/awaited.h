#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace fuju::test_support {

// Turns the answer of an asynchronous call into a value that the test waits for. Copyable: copies
// share the answer. Thread-safe.
//
//   Awaited<absl::StatusOr<int>> answer;
//   Ask(answer.Callback());
//   EXPECT_EQ(*answer.Wait(), 7);
template <typename T>
class Awaited {
 public:
  // To be called once.
  std::function<void(T)> Callback() {
    return [shared = shared_](T value) {
      ++shared->calls;
      ASSERT_EQ(shared->calls, 1) << "answered twice";
      shared->value = std::move(value);
      shared->answered.Notify();
    };
  }

  bool HasAnswer() const { return shared_->answered.HasBeenNotified(); }

  // Waits; an answer that does not come within a minute ends the test program.
  T Wait() const {
    if (!shared_->answered.WaitForNotificationWithTimeout(absl::Minutes(1))) {
      ADD_FAILURE() << "no answer within a minute";
      std::abort();
    }
    return *shared_->value;
  }

 private:
  struct Shared {
    absl::Notification answered;
    std::optional<T> value;
    int calls = 0;
  };
  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

}  // namespace fuju::test_support
