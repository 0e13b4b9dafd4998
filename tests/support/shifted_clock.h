#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"

#include "support/temporary_folder.h"

namespace fuju::test_support {

// A wall clock for processes that are started with its launcher (libfaketime; the package
// faketime). Their steady clock is the real one. Not thread-safe.
class ShiftedClock {
 public:
  // When a process that runs sees a new time: with its next look at the clock, which makes each
  // look read a file; or within ten seconds, and one that starts at once.
  enum class Seen { kAtOnce, kSoon };

  // Whether the library is here.
  static bool IsAvailable();

  // The real time at first.
  explicit ShiftedClock(Seen seen) : seen_(seen) { Shift(absl::ZeroDuration()); }

  // Words before the command of a process.
  std::vector<std::string> launcher() const;
  // It is so much later than it is; earlier, if negative. Whole seconds.
  void Shift(absl::Duration by);
  // It is that time now, and goes on from there.
  void GoTo(absl::Time time);

 private:
  const Seen seen_;
  TemporaryFolder folder_;
};

}  // namespace fuju::test_support
