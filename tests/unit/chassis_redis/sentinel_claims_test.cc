#include "chassis/redis/sentinel_claims.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fuju::chassis::redis {
namespace {

constexpr size_t kAsked = 3;

std::vector<PrimaryClaim> Claims(const std::vector<std::pair<int64_t, int>>& epochs_and_ports) {
  std::vector<PrimaryClaim> claims;
  for (const auto& [epoch, port] : epochs_and_ports) {
    claims.push_back(
        {.epoch = epoch, .primary = {.host = "10.0.0.1", .port = port}, .sentinel = {}});
  }
  return claims;
}

TEST(SentinelClaimsTest, TheHighestEpochThatWasEverHeardOfCounts) {
  struct Step {
    const char* what;
    std::vector<std::pair<int64_t, int>> told;
    std::vector<int> believed;
  };
  // One after the other, to the same judge.
  const Step steps[] = {
      {"nobody answers", {}, {}},
      {"all agree", {{1, 1}, {1, 1}, {1, 1}}, {1, 1, 1}},
      {"one has heard of the failover", {{1, 1}, {2, 2}, {1, 1}}, {2}},
      {"only one that has not answers", {{1, 1}}, {}},
      {"two that have not answer", {{1, 1}, {1, 1}}, {}},
      {"nobody answers", {}, {}},
      {"one that has", {{2, 2}, {1, 1}}, {2}},
      {"all answer, and none of them knows of it: they were set up anew",
       {{0, 3}, {0, 3}, {0, 3}},
       {3, 3, 3}},
      {"from then on that counts", {{0, 3}}, {3}},
  };
  SentinelClaims judge;
  for (const Step& step : steps) {
    SCOPED_TRACE(step.what);
    std::vector<int> ports;
    for (const PrimaryClaim& claim : judge.Believed(Claims(step.told), kAsked)) {
      ports.push_back(claim.primary.port);
    }
    EXPECT_EQ(ports, step.believed);
  }
}

}  // namespace
}  // namespace fuju::chassis::redis
