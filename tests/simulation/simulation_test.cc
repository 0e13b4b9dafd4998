#include <memory>
#include <vector>

#include "absl/time/clock.h"
#include <gtest/gtest.h>

#include "simulation/seeds.h"
#include "simulation/shrink.h"
#include "vocabulary/civil_date.h"

namespace fuju::simulation {
namespace {

constexpr char kTables[] = "deploy/data/gansu";

// A long run that outlasted the shipped calendar had an officer try for ever what the missing year
// forbade.
TEST(SimulationTest, ARunOfYearsFindsItsWorkingDays) {
  const Commons commons(kTables);
  const absl::CivilDay first = vocabulary::TodayInShanghai(commons.clock.Now());
  EXPECT_TRUE(commons.calendar.AddWorkingDays(first + 3 * 365, 1).ok());
}

TEST(SimulationTest, TwoHundredSeedsKeepEveryPromise) {
  std::vector<std::unique_ptr<Commons>> commons;
  commons.push_back(std::make_unique<Commons>(kTables));
  const absl::Time started = absl::Now();
  const Tally tally = PlaySeeds(commons, 1, 200);
  std::printf("%.0f steps/s\n",
              static_cast<double>(tally.steps) / absl::ToDoubleSeconds(absl::Now() - started));
  if (tally.failed.has_value()) {
    const Outcome shortest =
        Shrink(commons[0].get(), RunSeed(commons[0].get(), *tally.failed), /*most_runs=*/300);
    for (const std::string& line : shortest.history) std::printf("  %s\n", line.c_str());
    FAIL() << "seed " << *tally.failed << " breaks \"" << shortest.broken
           << "\": " << shortest.evidence;
  }
  // The simulation is worth something only if it gets everywhere.
  for (const char* end : {"application CLOSED",     "application WITHDRAWN",
                          "application INELIGIBLE", "application REJECTED",
                          "application EXPIRED",    "application UNSERVED",
                          "application TERMINATED", "grant SETTLED",
                          "grant RELEASED",         "grant REFUSED",
                          "round CANCELLED",        "round RECALLED",
                          "round FAILED",           "round DONE",
                          "offer DECLINED",         "offer EXPIRED",
                          "offer UNPLACED",         "offer REVOKED",
                          "offer FULFILLED",        "order COMPLETED",
                          "order CANCELLED",        "order RETURNED",
                          "order ABANDONED"}) {
    EXPECT_TRUE(tally.ends.contains(end)) << end;
  }
}

TEST(SimulationTest, TheSameChoicesAreTheSameRun) {
  Commons commons(kTables);
  Commons other(kTables);
  for (const uint64_t seed : {7, 8, 9}) {
    const Outcome run = RunSeed(&commons, seed);
    const Outcome again = Replay(&commons, run.choices);
    const Outcome elsewhere = Replay(&other, run.choices);
    EXPECT_GT(run.steps, 200u);
    EXPECT_EQ(run.steps, again.steps);
    EXPECT_EQ(again.history, elsewhere.history);
  }
}

// No choices at all: one case goes straight through.
TEST(SimulationTest, ThePlainestRunClosesACase) {
  Commons commons(kTables);
  const Outcome run = Replay(&commons, {});
  EXPECT_EQ(run.broken, "") << run.evidence;
  EXPECT_EQ(run.ends.at("application CLOSED"), 1);
}

}  // namespace
}  // namespace fuju::simulation
