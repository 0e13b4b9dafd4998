// fuju-simulate: plays simulated houses, one for each seed. scripts/simulate calls it.

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/time/clock.h"

#include "simulation/seeds.h"

ABSL_FLAG(uint64_t, seeds, 200, "How many seeds are played.");
ABSL_FLAG(uint64_t, first, 1, "The first of them.");
ABSL_FLAG(int, jobs, 1, "Threads, each with runs of its own.");
ABSL_FLAG(std::string, tables, "deploy/data/gansu", "Folder of the code tables.");
ABSL_FLAG(int, shrink_runs, 1000, "Runs spent on making a failing history shorter, at most.");
ABSL_FLAG(bool, history, false, "Prints the whole history of the first seed too.");
ABSL_FLAG(bool, expect_broken, false,
          "For a mutant: success means that a seed breaks a promise, and that its run, made "
          "shorter, breaks it again.");

namespace fuju::simulation {
namespace {

void Print(const Outcome& outcome) {
  for (const std::string& line : outcome.history) std::printf("  %s\n", line.c_str());
  if (!outcome.broken.empty()) {
    std::printf("  => \"%s\": %s\n", outcome.broken.c_str(), outcome.evidence.c_str());
  }
}

// Shortens and prints the run of a seed that broke a promise. False if it can not be replayed.
bool Explain(Commons* commons, uint64_t seed) {
  const Outcome failed = RunSeed(commons, seed);
  std::printf("seed %" PRIu64 " breaks \"%s\" in step %" PRIu64 ": %s\n", seed,
              failed.broken.c_str(), failed.steps, failed.evidence.c_str());
  const Outcome shortest = Shrink(commons, failed, absl::GetFlag(FLAGS_shrink_runs));
  std::printf("the shortest history found, %" PRIu64 " steps, after the founding of the house:\n",
              shortest.steps);
  Print(shortest);
  std::printf("again: scripts/simulate --first %" PRIu64 " --seeds 1\n", seed);
  return !failed.broken.empty() && shortest.broken == failed.broken &&
         Replay(commons, failed.choices).evidence == failed.evidence;
}

int Main() {
  std::vector<std::unique_ptr<Commons>> commons;
  for (int i = 0; i < absl::GetFlag(FLAGS_jobs); ++i) {
    commons.push_back(std::make_unique<Commons>(absl::GetFlag(FLAGS_tables)));
  }
  const uint64_t first = absl::GetFlag(FLAGS_first);
  if (absl::GetFlag(FLAGS_history)) {
    Print(Replay(commons[0].get(), RunSeed(commons[0].get(), first).choices));
  }
  const absl::Time started = absl::Now();
  const Tally tally = PlaySeeds(commons, first, absl::GetFlag(FLAGS_seeds));
  const double seconds = absl::ToDoubleSeconds(absl::Now() - started);
  std::printf("%" PRIu64 " seeds from %" PRIu64 ", %" PRIu64 " steps, %.0f steps/s with %zu jobs\n",
              tally.runs, first, tally.steps, static_cast<double>(tally.steps) / seconds,
              commons.size());
  for (const auto& [end, times] : tally.ends) std::printf("  %d %s\n", times, end.c_str());

  const bool expect_broken = absl::GetFlag(FLAGS_expect_broken);
  if (!tally.failed.has_value()) {
    std::printf("no promise was broken\n");
    return expect_broken ? EXIT_FAILURE : EXIT_SUCCESS;
  }
  const bool explained = Explain(commons[0].get(), *tally.failed);
  if (!explained) std::printf("the run can not be replayed\n");
  return expect_broken && explained ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace fuju::simulation

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("Plays simulated houses, one for each seed.");
  absl::ParseCommandLine(argc, argv);
  return fuju::simulation::Main();
}
