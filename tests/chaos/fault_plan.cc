#include "chaos/fault_plan.h"

#include <algorithm>

#include "absl/synchronization/notification.h"

namespace fuju::chaos {

absl::Duration DrawDuration(std::mt19937_64& chance, absl::Duration least, absl::Duration most) {
  const auto span = static_cast<uint64_t>(absl::ToInt64Milliseconds(most - least));
  return least + absl::Milliseconds(static_cast<int64_t>(chance() % (span + 1)));
}

std::vector<Fault> PlanFaults(std::mt19937_64& chance, const std::vector<std::string>& instances,
                              int count, const FaultTimes& times) {
  std::vector<Fault> plan;
  std::vector<std::string> turns;
  for (int i = 0; i < count; ++i) {
    if (turns.empty()) {
      turns = instances;
      std::shuffle(turns.begin(), turns.end(), chance);
    }
    plan.push_back({.after = DrawDuration(chance, times.least_after, times.most_after),
                    .instance = turns.back(),
                    .lasts = DrawDuration(chance, times.least_away, times.most_away)});
    turns.pop_back();
  }
  return plan;
}

void LetPass(absl::Duration time) {
  const absl::Notification never;
  never.WaitForNotificationWithTimeout(time);
}

}  // namespace fuju::chaos
