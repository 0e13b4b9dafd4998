#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "chassis/redis/blocking_connection.h"
#include "chassis/redis/pipelined_client.h"
#include "support/awaited.h"
#include "support/child_process.h"
#include "support/free_port.h"
#include "support/redis_server.h"

namespace fuju::chassis::redis {
namespace {

using test_support::Awaited;
using test_support::ChildProcess;
using test_support::RedisServer;
using Answer = absl::StatusOr<Reply>;

namespace fs = std::filesystem;

constexpr absl::Duration kLong = absl::Seconds(30);
constexpr absl::Duration kLook = absl::Milliseconds(20);

template <typename Holds>
void AwaitTrue(const char* what, Holds holds) {
  const absl::Time deadline = absl::Now() + absl::Minutes(1);
  while (!holds() && absl::Now() < deadline) absl::SleepFor(kLook);
  ASSERT_TRUE(holds()) << what;
}

// A primary with a replica, and three Sentinels that watch over them.
class SentinelTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "fuju-sentinel-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    replica_ = std::make_unique<RedisServer>(
        std::vector<std::string>{"--replicaof", "127.0.0.1", absl::StrCat(primary_.port()),
                                 "--repl-diskless-sync-delay", "0"});
    AwaitTrue("the replica is up to date", [this] {
      return primary_.Call({"INFO", "replication"}).text().find("state=online") !=
             std::string::npos;
    });
    for (int i = 0; i < 3; ++i) StartSentinel();
    deployment_.kind = Deployment::Kind::kSentinel;
    deployment_.primary_name = "fuju";
    AwaitTrue("the Sentinels know each other and the replica", [this] {
      for (const Address& sentinel : deployment_.seeds) {
        BlockingConnection connection({.host = sentinel.host, .port = sentinel.port});
        const Answer told = connection.Call({"SENTINEL", "MASTER", "fuju"}, absl::ZeroDuration());
        if (!told.ok() || Named(*told, "num-other-sentinels") != "2" ||
            Named(*told, "num-slaves") != "1") {
          return false;
        }
      }
      return true;
    });
    topology_ = Topology::Follow(deployment_);
    client_ = PipelinedClient::Start({.topology = topology_});
  }
  ~SentinelTest() override {
    client_.reset();
    sentinels_.clear();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  static std::string Named(const Reply& flat, const std::string& name) {
    for (size_t i = 0; i + 1 < flat.size(); i += 2) {
      if (flat[i].text() == name) return flat[i + 1].text();
    }
    return "";
  }

  void StartSentinel() {
    const int port = test_support::FreePort();
    const std::string conf = absl::StrCat(folder_, "/", port, ".conf");
    std::ofstream(conf) << "port " << port << "\nbind 127.0.0.1\ndir " << folder_
                        << "\nsentinel monitor fuju 127.0.0.1 " << primary_.port()
                        << " 2\nsentinel down-after-milliseconds fuju 500\n"
                           "sentinel failover-timeout fuju 5000\n";
    // What Debian's redis-sentinel is: a link to this binary.
    auto started = ChildProcess::Start({"redis-server", conf, "--sentinel"},
                                       absl::StrCat(folder_, "/", port, ".log"));
    ASSERT_TRUE(started.ok()) << started.status();
    sentinels_.push_back(*std::move(started));
    deployment_.seeds.push_back({.host = "127.0.0.1", .port = port});
  }

  std::string folder_;
  RedisServer primary_;
  std::unique_ptr<RedisServer> replica_;
  std::vector<ChildProcess> sentinels_;
  Deployment deployment_;
  std::shared_ptr<Topology> topology_;
  std::unique_ptr<PipelinedClient> client_;
};

TEST_F(SentinelTest, ClientsFollowAFailoverAndWhatWasConfirmedIsThere) {
  const Script write("return redis.call('SET', KEYS[1], ARGV[1])");
  std::set<int> kept;
  for (int i = 0; i < 200; ++i) {
    Awaited<Answer> answer;
    client_->EvalAndWait(write, {absl::StrCat("k", i)}, {absl::StrCat(i)}, 1, kLong,
                         answer.Callback());
    if (answer.Wait().ok()) kept.insert(i);
  }
  EXPECT_EQ(kept.size(), 200u);
  BlockingConnection reader(topology_, "s");
  ASSERT_TRUE(reader.Call({"PING"}, absl::ZeroDuration()).ok());

  Deployment of_another = deployment_;
  of_another.primary_name = "another";
  const auto lost = PipelinedClient::Start({.topology = Topology::Follow(of_another)});
  const Answer unknown = lost->Call({"PING"}, absl::Seconds(1));
  EXPECT_TRUE(absl::IsUnavailable(unknown.status())) << unknown.status();
  EXPECT_NE(std::string(unknown.status().message()).find("No such master"), std::string::npos)
      << unknown.status();

  // One Sentinel fewer: the others are still a majority, and any of them is enough to ask.
  sentinels_.erase(sentinels_.begin());
  primary_.Kill();
  Answer written = absl::UnknownError("");
  const absl::Time deadline = absl::Now() + absl::Minutes(1);
  while (!written.ok() && absl::Now() < deadline) {
    written = client_->Call({"SET", "after", "1"}, absl::Seconds(1));
  }
  ASSERT_TRUE(written.ok()) << written.status();
  EXPECT_EQ(topology_->layout()->OwnerOf(0)->port, replica_->port());
  for (const int i : kept) {
    ASSERT_EQ(client_->Call({"GET", absl::StrCat("k", i)}, kLong)->text(), absl::StrCat(i));
  }
  Answer read = absl::UnknownError("");
  while (!read.ok() && absl::Now() < deadline) {
    read = reader.Call({"GET", "after"}, absl::ZeroDuration());
  }
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->text(), "1");

  // The one that fell takes itself for a primary until the Sentinels tell it; nobody asks it.
  primary_.Restart();
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(client_->Call({"GET", "after"}, kLong)->text(), "1");
    topology_->Suspect();
  }
}

}  // namespace
}  // namespace fuju::chassis::redis
