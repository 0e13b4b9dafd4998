// Item 9: the wall clock of half of the processes jumps by hours, both ways (libfaketime).

#include <cstdint>
#include <random>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "chaos/fault_plan.h"
#include "chaos/house_under_load.h"
#include "chaos/recovery.h"
#include "chaos/run_seed.h"
#include "support/shifted_clock.h"

namespace fuju::chaos {
namespace {

TEST(ClockTest, ClocksOfProcessesJumpByHours) {
  if (!test_support::ShiftedClock::IsAvailable()) GTEST_SKIP() << "needs the package faketime";
  std::mt19937_64 chance = Chance();
  test_support::ShiftedClock clock(test_support::ShiftedClock::Seen::kAtOnce);
  HouseOptions options;
  for (const char* name : {"applications", "catalogue", "dispatch", "fitting"}) {
    options.launchers[name] = clock.launcher();
  }
  const auto house = HouseUnderLoad::Start(options);
  ASSERT_NE(house, nullptr);
  const Recovery recovery(*house);
  const int jumps = Full() ? 10 : 2;
  for (int i = 0; i < jumps; ++i) {
    const int64_t hours = 1 + static_cast<int64_t>(chance() % 8);
    clock.Shift((i % 2 == 0 ? 1 : -1) * absl::Hours(hours));
    EXPECT_LE(recovery.Await(absl::Seconds(30)), absl::Seconds(5)) << "jump " << i + 1;
    house->AwaitProgress(10);
  }
  house->Finish(absl::StrCat("the clocks of half of the processes jumped ", jumps, " times"));
}

}  // namespace
}  // namespace fuju::chaos
