// fuju-bench: measures the core on this machine. scripts/bench builds and calls it; called with the
// name of a role, it is one of the processes of a measurement.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"

#include "bench/figures.h"
#include "bench/groups.h"
#include "bench/measure.h"
#include "bench/registered_figures.h"
#include "bench/roles.h"
#include "bench/stage.h"

ABSL_FLAG(int32_t, runs, 5, "runs of every measurement; the figures are medians");
ABSL_FLAG(bool, quick, false, "tiny numbers: shows that all of it works, measures nothing");
ABSL_FLAG(bool, json, false, "print the figures as one JSON object on the last line");
ABSL_FLAG(std::string, only, "core", "the part to measure: core, or one that files register");
ABSL_FLAG(std::vector<std::string>, groups, {},
          "only these groups of figures, of whatever part; empty: all of the part");
ABSL_FLAG(std::string, source_dir, ".", "the source tree, for deploy/ and tests/bench");

namespace fuju::bench {
namespace {

using Role = int (*)(int argc, char** argv);

const std::map<std::string, Role>& Roles() {
  static const auto* const kRoles = new std::map<std::string, Role>{
      {"serve-instant", ServeInstantApplications},
      {"serve-echo", ServeEcho},
      {"load-submits", LoadSubmits},
      {"load-echo", LoadEcho},
      {"load-lists", LoadLists},
      {"serve-step", ServeStep},
      {"load-relays", LoadRelays},
      {"sample-states", SampleStates},
  };
  return *kRoles;
}

using Measure = void (*)(Stage& stage, Figures& figures);

// The groups of the core in the order in which they are measured.
const std::vector<std::pair<std::string, Measure>>& CoreGroups() {
  static const auto* const kGroups = new std::vector<std::pair<std::string, Measure>>{
      {"submit", MeasureSubmits},
      {"reaction", MeasureReactions},
      {"first-event", MeasureFirstEvent},
      {"start", MeasureStart},
      {"saga", MeasureSagas},
      {"fsync", MeasureFsync},
      {"memory", MeasureMemory},
      {"flat", MeasureFlatness},
      {"overload", MeasureOverload},
  };
  return *kGroups;
}

bool Asked(const std::string& part, const std::string& group) {
  const std::vector<std::string> asked = absl::GetFlag(FLAGS_groups);
  if (asked.empty()) return part == absl::GetFlag(FLAGS_only);
  return std::find(asked.begin(), asked.end(), group) != asked.end();
}

// What is asked for, of all parts.
std::vector<RegisteredFigures::Group> AskedGroups() {
  std::vector<RegisteredFigures::Group> groups;
  for (const auto& [name, measure] : CoreGroups()) groups.push_back({"core", name, measure});
  for (RegisteredFigures::Group& group : RegisteredFigures::All()) groups.push_back(group);
  std::erase_if(
      groups, [](const RegisteredFigures::Group& group) { return !Asked(group.part, group.name); });
  if (groups.empty()) Fail("nothing to measure: there is no such part or group");
  return groups;
}

int MeasureAll() {
  std::string folder = (std::filesystem::temp_directory_path() / "fuju-bench-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) Fail("cannot make a work folder");
  Stage stage({.bin_dir = std::filesystem::canonical("/proc/self/exe").parent_path().string(),
               .source_dir = std::filesystem::absolute(absl::GetFlag(FLAGS_source_dir)).string(),
               .work_dir = folder,
               .runs = absl::GetFlag(FLAGS_quick) ? 1 : absl::GetFlag(FLAGS_runs),
               .quick = absl::GetFlag(FLAGS_quick)});
  Figures figures;
  const MachineTicks start = TicksOfMachine();
  for (const RegisteredFigures::Group& group : AskedGroups()) {
    absl::FPrintF(stderr, "== %s (load average %.2f)\n", group.name, LoadAverage());
    const MachineTicks before = TicksOfMachine();
    group.measure(stage, figures);
    absl::FPrintF(stderr, "   the host took %.1f %%\n", StolenPercent(before, TicksOfMachine()));
  }
  figures.Add("stolen_percent", StolenPercent(start, TicksOfMachine()));
  figures.Add("load_average", LoadAverage());
  absl::PrintF("%s", figures.Table());
  if (absl::GetFlag(FLAGS_json)) absl::PrintF("%s\n", figures.Json());
  std::filesystem::remove_all(folder);
  return 0;
}

}  // namespace
}  // namespace fuju::bench

int main(int argc, char** argv) {
  using fuju::bench::Roles;
  // As the services do (run_service.cc): a load that looks for deadlocks at every lock measures
  // itself, and on the same processors.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  if (argc > 1) {
    if (const auto role = Roles().find(argv[1]); role != Roles().end()) {
      return role->second(argc - 1, argv + 1);
    }
  }
  absl::SetProgramUsageMessage("measures the core on this machine");
  absl::ParseCommandLine(argc, argv);
  return fuju::bench::MeasureAll();
}
