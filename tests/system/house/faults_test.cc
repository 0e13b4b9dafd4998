// A run in which a vendor's stream is cut again and again and services are killed in the middle: it
// still ends with every application final and the money balanced.

#include <atomic>
#include <string>
#include <thread>

#include "absl/synchronization/notification.h"

#include "house_fixture.h"
#include "scenario/report.h"
#include "support/temporary_folder.h"

namespace fuju {
namespace {

constexpr int kApplications = 60;

// Kills and restarts a service when so many applications have finished, on the caller's thread.
struct Fault {
  int64_t after_finished;
  std::string service;
};

void PlayWithFaults(std::vector<Fault> faults, uint64_t seed) {
  test_support::TemporaryFolder folder;
  const auto cluster = StartCluster(folder.path());
  ASSERT_NE(cluster, nullptr);
  scenario::ScenarioOptions options = ShortRun(kApplications, seed);
  options.cut_vendor_streams_every = 2;
  // So that the faults fall into a busy time.
  options.citizens = 20;
  scenario::Scenario play(*cluster, options);
  size_t next = 0;
  const auto result = play.Play([&](const scenario::Progress& progress) {
    if (next >= faults.size() || progress.finished < faults[next].after_finished) return;
    const Fault& fault = faults[next++];
    EXPECT_EQ(cluster->Kill(fault.service), absl::OkStatus());
    EXPECT_EQ(cluster->Restart(fault.service), absl::OkStatus());
  });
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(next, faults.size()) << "not every fault was played";
  ExpectGood(*result, kApplications);
  EXPECT_GT(result->watches_resumed, 0);
  const auto streams = scenario::ReadStreams(*cluster, 16);
  ASSERT_TRUE(streams.ok()) << streams.status();
  EXPECT_EQ(streams->dead_letters, 0);
  EXPECT_EQ(cluster->Stop(), absl::OkStatus());
}

TEST(FaultsTest, VendorStreamsCutAndServicesKilled) {
  PlayWithFaults({{.after_finished = 1, .service = "dispatch"},
                  {.after_finished = 10, .service = "applications"},
                  {.after_finished = 20, .service = "catalogue"},
                  {.after_finished = 25, .service = "fitting"},
                  {.after_finished = 30, .service = "audit"}},
                 5);
}

TEST(FaultsTest, RedisKilledAndRestartedOnItsFile) {
  test_support::TemporaryFolder folder;
  const auto cluster = StartCluster(folder.path());
  ASSERT_NE(cluster, nullptr);
  scenario::ScenarioOptions options = ShortRun(kApplications, 6);
  options.citizens = 20;
  scenario::Scenario play(*cluster, options);
  int kills = 0;
  const auto result = play.Play([&](const scenario::Progress& progress) {
    if (kills >= 2 || progress.finished < 5 + 20 * kills) return;
    ++kills;
    cluster->redis().Kill();
    cluster->redis().Restart();
  });
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(kills, 2);
  ExpectGood(*result, kApplications);
  EXPECT_EQ(cluster->Stop(), absl::OkStatus());
}

}  // namespace
}  // namespace fuju
