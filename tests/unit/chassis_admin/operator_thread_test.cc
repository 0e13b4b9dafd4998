#include "chassis/admin/operator_thread.h"

#include <string>
#include <vector>

#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"

#include "chassis/values/refusal.h"
#include "support/awaited.h"

namespace fuju::chassis {
namespace {

using Answer = test_support::Awaited<absl::StatusOr<int>>;

TEST(OperatorThreadTest, DoesOneAfterTheOther) {
  OperatorThread thread;
  std::vector<Answer> answers(20);
  int before = 0;
  for (int i = 0; i < 20; ++i) {
    thread.Ask<int>(
        absl::InfiniteFuture(), [&before] { return ++before; }, answers[i].Callback());
  }
  for (int i = 0; i < 20; ++i) EXPECT_EQ(*answers[i].Wait(), i + 1);
}

TEST(OperatorThreadTest, WhatIsTooLateIsNotDone) {
  OperatorThread thread;
  Answer answer;
  bool done = false;
  thread.Ask<int>(
      absl::InfinitePast(),
      [&done] {
        done = true;
        return 1;
      },
      answer.Callback());
  EXPECT_TRUE(absl::IsDeadlineExceeded(answer.Wait().status()));
  EXPECT_FALSE(done);
}

TEST(OperatorThreadTest, StopEndsWhatRunsAndRefusesWhatWaits) {
  OperatorThread thread;
  absl::Notification running;
  absl::Notification go_on;
  Answer first;
  Answer second;
  Answer third;
  thread.Ask<int>(
      absl::InfiniteFuture(),
      [&] {
        running.Notify();
        go_on.WaitForNotification();
        return 1;
      },
      first.Callback());
  running.WaitForNotification();
  thread.Ask<int>(
      absl::InfiniteFuture(), [] { return 2; }, second.Callback());
  std::thread stopper([&thread] { thread.Stop(); });
  go_on.Notify();
  stopper.join();
  thread.Ask<int>(
      absl::InfiniteFuture(), [] { return 3; }, third.Callback());
  EXPECT_EQ(*first.Wait(), 1);
  // It may have had its turn before the stop.
  const absl::StatusOr<int> waited = second.Wait();
  EXPECT_TRUE(waited.ok() || ReasonOf(waited.status()) == "SHUTTING_DOWN");
  EXPECT_EQ(ReasonOf(third.Wait().status()), "SHUTTING_DOWN");
}

}  // namespace
}  // namespace fuju::chassis
