// Item 4: connections that are cut, delayed, trickle, or are half-open, between the services and
// Redis and between clients and the services.

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include <gtest/gtest.h>

#include "chaos/fault_plan.h"
#include "chaos/house_under_load.h"
#include "chaos/recovery.h"
#include "chaos/run_seed.h"

namespace fuju::chaos {
namespace {

using test_support::FaultProxy;
using test_support::NetworkFault;

// A service notices a silent connection after three seconds; then it has five, as after every
// fault.
constexpr absl::Duration kRecoveryLimit = absl::Seconds(3 + 5);

// One of all that can happen to a connection, for a while.
std::string Break(FaultProxy& proxy, std::mt19937_64& chance) {
  const absl::Duration lasts = DrawDuration(chance, absl::Milliseconds(200), absl::Seconds(2));
  switch (chance() % 7) {
    case 0:
      proxy.Cut();
      return "cut";
    case 1:
      proxy.Forget();
      return "half-open";
    case 2:
      proxy.Set({.delay = DrawDuration(chance, absl::Milliseconds(20), absl::Milliseconds(200))});
      LetPass(lasts);
      break;
    case 3:
      proxy.Set({.bytes_per_tick = static_cast<int>(100 + chance() % 2000)});
      LetPass(lasts);
      break;
    case 4:
      // The change is made, its answer does not come.
      proxy.Set({.hold_answers = true});
      LetPass(lasts);
      proxy.Cut();
      break;
    case 5:
      proxy.Set({.refuse = true});
      proxy.Cut();
      LetPass(lasts);
      break;
    default:
      proxy.Set({.reset_after = static_cast<int64_t>(2000 + chance() % 50000)});
      LetPass(lasts);
      break;
  }
  proxy.Set({});
  return "over";
}

TEST(NetworkTest, ConnectionsToRedisBreakInEveryWay) {
  std::mt19937_64 chance = Chance();
  const auto house = HouseUnderLoad::Start({.instances = 1, .proxies = true});
  ASSERT_NE(house, nullptr);
  const Recovery recovery(*house);
  absl::Duration slowest;
  const int faults = Full() ? 30 : 6;
  for (int i = 0; i < faults; ++i) {
    LetPass(DrawDuration(chance, absl::Milliseconds(100), absl::Milliseconds(800)));
    const std::string what = Break(house->cluster().redis_proxy(), chance);
    const absl::Duration took = recovery.Await(absl::Seconds(30));
    EXPECT_LE(took, kRecoveryLimit) << "fault " << i + 1 << ", " << what;
    slowest = std::max(slowest, took);
  }
  house->Finish(absl::StrFormat("%d faults between services and Redis, slowest recovery %.2f s",
                                faults, absl::ToDoubleSeconds(slowest)));
}

TEST(NetworkTest, ConnectionsOfClientsBreakInEveryWay) {
  std::mt19937_64 chance = Chance();
  const auto house = HouseUnderLoad::Start({.proxies = true});
  ASSERT_NE(house, nullptr);
  const std::vector<std::string> instances = house->cluster().Instances();
  const int faults = Full() ? 40 : 8;
  for (int i = 0; i < faults; ++i) {
    LetPass(DrawDuration(chance, absl::Milliseconds(100), absl::Milliseconds(500)));
    Break(house->cluster().client_proxy(instances[chance() % instances.size()]), chance);
  }
  house->Finish(absl::StrCat(faults, " faults between clients and services"));
}

// What a former holder sent before its leases ended arrives after they have: it has no effect
// beside that of the next holder.
TEST(NetworkTest, RequestsThatArriveAfterTheLeaseAreRefused) {
  const auto house = HouseUnderLoad::Start({.instances = 1, .proxies = true});
  ASSERT_NE(house, nullptr);
  FaultProxy& proxy = house->cluster().redis_proxy();
  const int rounds = Full() ? 6 : 1;
  for (int i = 0; i < rounds; ++i) {
    house->AwaitProgress(5);
    proxy.Set({.hold_requests = true});
    LetPass(kLease + absl::Milliseconds(500));
    proxy.Set({});
  }
  house->AwaitProgress(5);
  house->Finish(absl::StrCat(rounds, " times all requests late by more than the lease"));
}

}  // namespace
}  // namespace fuju::chaos
