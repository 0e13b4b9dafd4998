#include "chassis/streams/handler_watchdog.h"

#include <utility>

namespace fuju::chassis {
namespace {

// Looks in the time of the limit. A pause of the process passes as one of them.
constexpr int kLooks = 4;

}  // namespace

HandlerWatchdog::HandlerWatchdog(absl::Duration limit,
                                 std::function<void(const std::string&)> on_stuck)
    : limit_(limit), on_stuck_(std::move(on_stuck)), thread_([this] { Main(); }) {}

HandlerWatchdog::~HandlerWatchdog() {
  stopping_.store(true);
  wake_.Wake();
  thread_.join();
}

std::shared_ptr<HandlerWatchdog::Pulse> HandlerWatchdog::NewPulse(std::string where,
                                                                  std::function<void()> on_stuck) {
  auto pulse = std::make_shared<Pulse>(std::move(where), std::move(on_stuck));
  const absl::MutexLock lock(&mutex_);
  pulses_.push_back(pulse);
  return pulse;
}

void HandlerWatchdog::Main() {
  while (!stopping_.load()) {
    wake_.WaitFor(limit_ / kLooks);
    Look();
  }
}

void HandlerWatchdog::Look() {
  std::vector<std::shared_ptr<Pulse>> pulses;
  {
    const absl::MutexLock lock(&mutex_);
    std::erase_if(pulses_, [](const std::weak_ptr<Pulse>& pulse) { return pulse.expired(); });
    for (const std::weak_ptr<Pulse>& weak : pulses_) {
      if (auto pulse = weak.lock(); pulse != nullptr) pulses.push_back(std::move(pulse));
    }
  }
  for (const std::shared_ptr<Pulse>& pulse : pulses) {
    const uint64_t beats = pulse->beats_.load(std::memory_order_relaxed);
    const bool running = beats % 2 == 1;
    pulse->looks_ = running && beats == pulse->seen_ ? pulse->looks_ + 1 : 0;
    pulse->seen_ = beats;
    if (pulse->looks_ != kLooks) continue;
    if (pulse->on_stuck_ != nullptr) pulse->on_stuck_();
    on_stuck_(pulse->where_);
  }
}

}  // namespace fuju::chassis
