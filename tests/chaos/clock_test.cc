// Item 9: the wall clock of half of the processes jumps by hours, both ways (libfaketime).

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "chaos/fault_plan.h"
#include "chaos/house_under_load.h"
#include "chaos/recovery.h"
#include "chaos/run_seed.h"

namespace fuju::chaos {
namespace {

constexpr char kLibrary[] = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
// jemalloc asks for the time when it begins, which makes libfaketime begin, which allocates: the
// two wait for each other. With these the processes take malloc, and operator new, from elsewhere.
constexpr char kAllocators[] = "libstdc++.so.6 libc.so.6";

TEST(ClockTest, ClocksOfProcessesJumpByHours) {
  if (!std::filesystem::exists(kLibrary)) GTEST_SKIP() << "needs the package faketime";
  std::mt19937_64 chance = Chance();
  const TemporaryFolder folder;
  const std::string times = absl::StrCat(folder.path(), "/clock");
  const auto jump = [&](int64_t seconds) {
    // Whole at once: it is read all the time.
    std::ofstream(times + ".new") << (seconds < 0 ? "" : "+") << seconds << "\n";
    std::filesystem::rename(times + ".new", times);
  };
  jump(0);
  const std::vector<std::string> launcher = {
      "env", absl::StrCat("LD_PRELOAD=", kLibrary, " ", kAllocators),
      absl::StrCat("FAKETIME_TIMESTAMP_FILE=", times), "FAKETIME_NO_CACHE=1",
      "FAKETIME_DONT_FAKE_MONOTONIC=1"};
  HouseOptions options;
  for (const char* name : {"applications", "catalogue", "dispatch", "fitting"}) {
    options.launchers[name] = launcher;
  }
  const auto house = HouseUnderLoad::Start(options);
  ASSERT_NE(house, nullptr);
  const Recovery recovery(*house);
  const int jumps = Full() ? 10 : 2;
  for (int i = 0; i < jumps; ++i) {
    const int64_t hours = 1 + static_cast<int64_t>(chance() % 8);
    jump((i % 2 == 0 ? 1 : -1) * hours * 3600);
    EXPECT_LE(recovery.Await(absl::Seconds(30)), absl::Seconds(5)) << "jump " << i + 1;
    house->AwaitProgress(10);
  }
  house->Finish(absl::StrCat("the clocks of half of the processes jumped ", jumps, " times"));
}

}  // namespace
}  // namespace fuju::chaos
