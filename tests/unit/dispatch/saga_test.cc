#include <map>
#include <string>

#include <gtest/gtest.h>

#include "unit/dispatch/saga_simulation.h"

namespace fuju::dispatch {
namespace {

using testing::SagaSimulation;

// Whatever the order in which answers, expiries, withdrawals and ends of orders meet: never two
// accepted offers for one case, never more than a vendor's capacity, and at the end every round is
// final, every applicant has an answer, and all capacity is back.
TEST(SagaTest, KeepsItsPromisesInEveryInterleaving) {
  std::map<std::string, int> ends;
  for (uint32_t seed = 1; seed <= 600; ++seed) {
    SagaSimulation simulation({.seed = seed,
                               .applications = 1 + static_cast<int>(seed % 5),
                               .vendors = 1 + static_cast<int>(seed % 3),
                               .capacity = 1 + static_cast<int>(seed % 2)});
    const absl::Status status = simulation.Run();
    ASSERT_TRUE(status.ok()) << "seed " << seed << ": " << status;
    for (const auto& [state, count] : simulation.round_ends()) ends[state] += count;
  }
  // The simulation is worth something only if it gets everywhere.
  for (const char* state : {"CANCELLED", "RECALLED", "FAILED", "DONE"}) {
    EXPECT_GT(ends[state], 20) << state;
  }
}

}  // namespace
}  // namespace fuju::dispatch
