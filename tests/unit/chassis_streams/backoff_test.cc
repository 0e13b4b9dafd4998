#include "chassis/streams/backoff.h"

#include "gtest/gtest.h"

namespace fuju::chassis {
namespace {

TEST(BackoffTest, DoublesUpToTheMaximumAndIsSpreadByAFifth) {
  const absl::Duration min = absl::Milliseconds(10);
  const absl::Duration max = absl::Milliseconds(60);
  const absl::Duration expected[] = {min, min, 2 * min, 4 * min, max, max};
  for (int failures = 0; failures < 6; ++failures) {
    for (int i = 0; i < 50; ++i) {
      const absl::Duration delay = BackoffDelay(failures, min, max);
      EXPECT_GE(delay, expected[failures] * 0.79) << failures;
      EXPECT_LE(delay, expected[failures] * 1.21) << failures;
    }
  }
  EXPECT_LE(BackoffDelay(1'000'000, min, max), max * 1.21);
}

}  // namespace
}  // namespace fuju::chassis
