#include "support/redis_sentinels.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "chassis/redis/blocking_connection.h"
#include "support/free_port.h"

namespace fuju::test_support {
namespace {

namespace fs = std::filesystem;
using chassis::redis::BlockingConnection;
using chassis::redis::Reply;

constexpr int kSentinels = 3;
// Not less than 2 s: Sentinels ask replicas how far they are every second once the primary is down,
// and before that every ten. With less they may choose by what they were told while it still ran,
// and promote one that lacks what another has confirmed (seen with 500 ms, under load).
constexpr int kDownAfterMs = 2000;
constexpr absl::Duration kLimit = absl::Seconds(60);
// How often a state is looked at that Redis tells nobody of.
constexpr absl::Duration kLook = absl::Milliseconds(20);

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "RedisSentinels: %s\n", what.c_str());
  std::abort();
}

void AwaitTrue(const std::string& what, const std::function<bool()>& holds) {
  const absl::Time deadline = absl::Now() + kLimit;
  while (!holds()) {
    if (absl::Now() >= deadline) Fail(absl::StrCat("not within a minute: ", what));
    absl::SleepFor(kLook);
  }
}

std::string Named(const Reply& flat, const std::string& name) {
  for (size_t i = 0; i + 1 < flat.size(); i += 2) {
    if (flat[i].text() == name) return flat[i + 1].text();
  }
  return "";
}

// What a Sentinel knows of the primary; empty if it does not answer.
Reply AskSentinel(int port) {
  BlockingConnection connection({.host = "127.0.0.1", .port = port});
  const absl::StatusOr<Reply> told =
      connection.Call({"SENTINEL", "MASTER", RedisSentinels::kPrimaryName}, absl::ZeroDuration());
  return told.ok() ? *told : Reply();
}

}  // namespace

RedisSentinels::RedisSentinels(int replicas, std::vector<std::string> arguments, RedisLogin login)
    : login_(std::move(login)) {
  std::string pattern = (fs::temp_directory_path() / "fuju-sentinel-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) Fail("no temporary folder");
  folder_ = pattern;
  std::vector<std::string> all = {"--repl-diskless-sync-delay", "0", "--repl-ping-replica-period",
                                  "1"};
  if (!login_.user.empty()) {
    // Also of the primary, which comes back as a replica.
    const std::vector<std::string> among = {"--masteruser", login_.user, "--masterauth",
                                            login_.password};
    all.insert(all.end(), among.begin(), among.end());
  }
  all.insert(all.end(), arguments.begin(), arguments.end());
  nodes_.push_back(std::make_unique<RedisServer>(all, login_));
  for (int i = 0; i < replicas; ++i) {
    std::vector<std::string> own = all;
    own.insert(own.end(), {"--replicaof", "127.0.0.1", absl::StrCat(nodes_[0]->port())});
    nodes_.push_back(std::make_unique<RedisServer>(std::move(own), login_));
  }
  AwaitTrue("the replicas are up to date", [&] {
    const std::string text = nodes_[0]->Call({"INFO", "replication"}).text();
    for (int i = 0; i < replicas; ++i) {
      if (!absl::StrContains(text, absl::StrCat("port=", nodes_[i + 1]->port(), ",state=online"))) {
        return false;
      }
    }
    return true;
  });
  for (int i = 0; i < kSentinels; ++i) StartSentinel();
  AwaitTrue("the Sentinels know each other and the replicas", [&] {
    return std::all_of(sentinels_.begin(), sentinels_.end(),
                       [&](const Sentinel& sentinel) { return Knows(sentinel, replicas); });
  });
}

RedisSentinels::~RedisSentinels() {
  sentinels_.clear();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void RedisSentinels::StartSentinel() {
  const int port = FreePort();
  const std::string conf = absl::StrCat(folder_, "/", port, ".conf");
  std::ofstream out(conf);
  out << "port " << port << "\nbind 127.0.0.1\ndir " << folder_ << "\nsentinel monitor "
      << kPrimaryName << " 127.0.0.1 " << nodes_[0]->port() << " 2\n"
      << "sentinel down-after-milliseconds " << kPrimaryName << " " << kDownAfterMs << "\n"
      << "sentinel failover-timeout " << kPrimaryName << " 5000\n";
  if (!login_.user.empty()) {
    out << "sentinel auth-user " << kPrimaryName << " " << login_.user << "\n"
        << "sentinel auth-pass " << kPrimaryName << " " << login_.password << "\n";
  }
  out.close();
  // What Debian's redis-sentinel is: a link to this binary.
  auto started = ChildProcess::Start({"redis-server", conf, "--sentinel"},
                                     absl::StrCat(folder_, "/", port, ".log"));
  if (!started.ok()) Fail(started.status().ToString());
  sentinels_.push_back({.port = port, .process = *std::move(started)});
}

bool RedisSentinels::Knows(const Sentinel& sentinel, int replicas) const {
  const Reply told = AskSentinel(sentinel.port);
  return Named(told, "num-other-sentinels") == absl::StrCat(kSentinels - 1) &&
         Named(told, "num-slaves") == absl::StrCat(replicas);
}

chassis::redis::Deployment RedisSentinels::deployment() const {
  chassis::redis::Deployment deployment = {.kind = chassis::redis::Deployment::Kind::kSentinel,
                                           .primary_name = kPrimaryName,
                                           .user = login_.user,
                                           .password = login_.password};
  for (const Sentinel& sentinel : sentinels_) {
    deployment.seeds.push_back({.host = "127.0.0.1", .port = sentinel.port});
  }
  return deployment;
}

int RedisSentinels::Primary() const {
  std::map<std::string, size_t> votes;
  for (const Sentinel& sentinel : sentinels_) ++votes[Named(AskSentinel(sentinel.port), "port")];
  for (size_t i = 0; i < nodes_.size(); ++i) {
    if (2 * votes[absl::StrCat(nodes_[i]->port())] > sentinels_.size()) return static_cast<int>(i);
  }
  return -1;
}

int RedisSentinels::AwaitNewPrimary(int old) const {
  int found = -1;
  AwaitTrue("a new primary", [&] {
    found = Primary();
    return found >= 0 && found != old;
  });
  return found;
}

void RedisSentinels::AwaitReplicas(int replicas) const {
  AwaitTrue("the primary has its replicas", [&] {
    const int primary = Primary();
    if (primary < 0) return false;
    const std::string text = nodes_[primary]->Call({"INFO", "replication"}).text();
    int online = 0;
    for (const auto& node : nodes_) {
      online += absl::StrContains(text, absl::StrCat("port=", node->port(), ",state=online"));
    }
    return online >= replicas;
  });
}

}  // namespace fuju::test_support
