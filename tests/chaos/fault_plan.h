#pragma once

#include <random>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace fuju::chaos {

// What happens to one process, and when.
struct Fault {
  // Since the end of the fault before.
  absl::Duration after;
  std::string instance;
  // How long it is away.
  absl::Duration lasts;
};

// Times that faults are drawn from; both ends are possible.
struct FaultTimes {
  absl::Duration least_after;
  absl::Duration most_after;
  absl::Duration least_away;
  absl::Duration most_away;
};

// `count` faults; every one of `instances` has its turn before one has its next.
std::vector<Fault> PlanFaults(std::mt19937_64& chance, const std::vector<std::string>& instances,
                              int count, const FaultTimes& times);

// A duration between both ends.
absl::Duration DrawDuration(std::mt19937_64& chance, absl::Duration least, absl::Duration most);

// Lets time pass: a fault lasts so long, nobody is waited for.
void LetPass(absl::Duration time);

}  // namespace fuju::chaos
