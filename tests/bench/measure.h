#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace fuju::bench {

// What a process has used so far, from /proc. Ended processes: zero.
absl::Duration CpuTimeOf(pid_t pid);
// Resident memory in MiB.
double ResidentMib(pid_t pid);

// The machine's steady clock, the same in all processes.
int64_t SteadyNs();

// Of unsorted samples; 0 of none. `rank` between 0 and 1.
double Quantile(std::vector<double> samples, double rank);
inline double Median(std::vector<double> samples) { return Quantile(std::move(samples), 0.5); }

// Runnable processes, averaged over the last minute.
double LoadAverage();

}  // namespace fuju::bench
