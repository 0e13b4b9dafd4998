#include "bench/measure.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"

namespace fuju::bench {

absl::Duration CpuTimeOf(pid_t pid) {
  std::ifstream stat(absl::StrCat("/proc/", pid, "/stat"));
  std::string text((std::istreambuf_iterator<char>(stat)), {});
  // The second field, the program's name in brackets, may hold anything.
  const size_t after_name = text.rfind(')');
  if (after_name == std::string::npos) return absl::ZeroDuration();
  std::istringstream fields(text.substr(after_name + 1));
  constexpr int kFieldsBeforeUserTime = 11;
  std::string skipped;
  for (int i = 0; i < kFieldsBeforeUserTime; ++i) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return absl::Seconds((user + system) / static_cast<double>(sysconf(_SC_CLK_TCK)));
}

double ResidentMib(pid_t pid) {
  std::ifstream statm(absl::StrCat("/proc/", pid, "/statm"));
  double size = 0;
  double resident = 0;
  statm >> size >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

int64_t SteadyNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

double Quantile(std::vector<double> samples, double rank) {
  if (samples.empty()) return 0;
  std::sort(samples.begin(), samples.end());
  const double place = rank * static_cast<double>(samples.size() - 1);
  const auto below = static_cast<size_t>(std::floor(place));
  const size_t above = std::min(below + 1, samples.size() - 1);
  const double part = place - static_cast<double>(below);
  return samples[below] * (1 - part) + samples[above] * part;
}

double LoadAverage() {
  double average = 0;
  return getloadavg(&average, 1) == 1 ? average : 0;
}

// "cpu", then user, nice, system, idle, iowait, irq, softirq, steal.
MachineTicks TicksOfMachine() {
  std::ifstream file("/proc/stat");
  std::string cpu;
  int64_t user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0;
  file >> cpu >> user >> nice >> system >> idle >> iowait >> irq >> softirq >> steal;
  return {.busy = user + nice + system + irq + softirq, .stolen = steal};
}

double StolenPercent(const MachineTicks& from, const MachineTicks& to) {
  const auto stolen = static_cast<double>(to.stolen - from.stolen);
  const double wanted = stolen + static_cast<double>(to.busy - from.busy);
  return wanted > 0 ? 100 * stolen / wanted : 0;
}

}  // namespace fuju::bench
