#include "support/shifted_clock.h"

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace fuju::test_support {
namespace {

constexpr char kLibrary[] = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
// jemalloc asks for the time when it begins, which makes libfaketime begin, which allocates: the
// two wait for each other. With these the processes take malloc, and operator new, from elsewhere.
constexpr char kAllocators[] = "libstdc++.so.6 libc.so.6";

}  // namespace

bool ShiftedClock::IsAvailable() { return std::filesystem::exists(kLibrary); }

std::vector<std::string> ShiftedClock::launcher() const {
  return {"env", absl::StrCat("LD_PRELOAD=", kLibrary, " ", kAllocators),
          absl::StrCat("FAKETIME_TIMESTAMP_FILE=", folder_.File("shift")),
          absl::StrCat("FAKETIME_NO_CACHE=", seen_ == Seen::kAtOnce ? "1" : "0"),
          "FAKETIME_DONT_FAKE_MONOTONIC=1"};
}

void ShiftedClock::Shift(absl::Duration by) {
  const int64_t seconds = absl::ToInt64Seconds(by);
  // Whole at once: it is read all the time.
  std::ofstream(folder_.File("new")) << (seconds < 0 ? "" : "+") << seconds << "\n";
  std::filesystem::rename(folder_.File("new"), folder_.File("shift"));
}

void ShiftedClock::GoTo(absl::Time time) { Shift(time - absl::Now()); }

}  // namespace fuju::test_support
