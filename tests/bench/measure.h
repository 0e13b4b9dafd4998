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

// Processor time of the whole machine since its start, in ticks: what it worked, and what the host
// of a virtual machine took away meanwhile.
struct MachineTicks {
  int64_t busy = 0;
  int64_t stolen = 0;
};
MachineTicks TicksOfMachine();
// Of the time in which it had work, the share that was taken away, in percent. Above 2 or so the
// figures say little about the code.
double StolenPercent(const MachineTicks& from, const MachineTicks& to);

}  // namespace fuju::bench
