#include "chassis/process/stop_signals.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

#include <cerrno>

#include "absl/time/clock.h"

namespace fuju::chassis {
namespace {

sigset_t Both() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

}  // namespace

StopSignals::StopSignals() {
  const sigset_t both = Both();
  pthread_sigmask(SIG_BLOCK, &both, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

int StopSignals::Wait(absl::Duration timeout) {
  const sigset_t both = Both();
  const absl::Time end = absl::Now() + timeout;
  while (taken_ == 0) {
    int signal_number = 0;
    if (timeout == absl::InfiniteDuration()) {
      if (sigwait(&both, &signal_number) == 0) taken_ = signal_number;
      continue;
    }
    const absl::Duration left = end - absl::Now();
    const timespec wait = absl::ToTimespec(left > absl::ZeroDuration() ? left : absl::Duration());
    signal_number = sigtimedwait(&both, nullptr, &wait);
    if (signal_number > 0) taken_ = signal_number;
    if (signal_number < 0 && errno == EAGAIN) break;
  }
  return taken_;
}

}  // namespace fuju::chassis
