// Item 3: a replica that stalls, and the fall of the primary. A change is answered when a replica
// has it (--wait_replicas=1).

#include <filesystem>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include <gtest/gtest.h>

#include "chaos/fault_plan.h"
#include "chaos/house_under_load.h"
#include "chaos/recovery.h"
#include "chaos/run_seed.h"

namespace fuju::chaos {
namespace {

using test_support::RedisServer;

// A replica of `primary` with the cluster's users.
std::unique_ptr<RedisServer> StartReplica(const test_support::Cluster& cluster,
                                          const RedisServer& primary) {
  const chassis::redis::Endpoint endpoint = primary.endpoint();
  const std::string conf = std::filesystem::absolute("deploy/redis/redis.conf");
  return std::make_unique<RedisServer>(
      std::vector<std::string>{
          "--include", conf, "--bind", "127.0.0.1", "--aclfile", cluster.acl_file(), "--replicaof",
          "127.0.0.1", absl::StrCat(endpoint.port), "--masteruser", endpoint.user, "--masterauth",
          endpoint.password, "--repl-diskless-sync-delay", "0"},
      test_support::RedisLogin{.user = endpoint.user, .password = endpoint.password});
}

class ReplicaTest : public testing::Test {
 protected:
  // Calls are repeated until the replica is there.
  void SetUp() override {
    house_ =
        HouseUnderLoad::Launch({.instances = 1, .proxies = true, .flags = {"--wait_replicas=1"}});
    ASSERT_NE(house_, nullptr);
    replica_ = StartReplica(house_->cluster(), house_->cluster().redis());
    house_->AwaitProgress(5);
  }
  std::unique_ptr<HouseUnderLoad> house_;
  std::unique_ptr<RedisServer> replica_;
};

TEST_F(ReplicaTest, WhatAStalledReplicaDoesNotHaveIsNotAcknowledged) {
  std::mt19937_64 chance = Chance();
  const int stalls = Full() ? 8 : 2;
  for (int i = 0; i < stalls; ++i) {
    house_->AwaitProgress(3);
    replica_->Pause();
    // What it had confirmed before may still be on its way to its caller.
    LetPass(absl::Milliseconds(300));
    const int64_t before = house_->acknowledged();
    LetPass(DrawDuration(chance, absl::Seconds(1), absl::Seconds(4)));
    EXPECT_EQ(house_->acknowledged(), before) << "changes were acknowledged that no replica has";
    replica_->Resume();
  }
  house_->AwaitProgress(5);
  house_->Finish(absl::StrCat("the replica stalled ", stalls, " times"));
}

TEST_F(ReplicaTest, WhatWasAcknowledgedOutlivesThePrimary) {
  test_support::Cluster& cluster = house_->cluster();
  const Recovery recovery(*house_);
  house_->AwaitProgress(10);
  cluster.redis().Kill();
  // As what watches over them would do: the replica is promoted, gets a replica, and the address
  // moves.
  replica_->Call({"REPLICAOF", "NO", "ONE"});
  const std::unique_ptr<RedisServer> second = StartReplica(cluster, *replica_);
  cluster.redis_proxy().Retarget(replica_->port());
  cluster.redis_proxy().Cut();
  const absl::Duration took = recovery.Await(absl::Seconds(30));
  EXPECT_LE(took, absl::Seconds(5));
  house_->AwaitProgress(10);
  house_->FinishFailedOver(
      absl::StrFormat("failed over to the replica, recovery %.2f s", absl::ToDoubleSeconds(took)));
}

}  // namespace
}  // namespace fuju::chaos
