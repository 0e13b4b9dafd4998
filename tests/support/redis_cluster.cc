#include "support/redis_cluster.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"

#include "chassis/redis/layout.h"
#include "chassis/redis/node_calls.h"
#include "chassis/redis/slots.h"
#include "support/free_port.h"

namespace fuju::test_support {
namespace {

using chassis::redis::Address;
using chassis::redis::Command;
using chassis::redis::kSlots;
using chassis::redis::Reply;

constexpr absl::Duration kLimit = absl::Seconds(60);
// How often a state is looked at that Redis tells nobody of.
constexpr absl::Duration kLook = absl::Milliseconds(20);

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "RedisCluster: %s\n", what.c_str());
  std::abort();
}

void AwaitTrue(const std::string& what, const std::function<bool()>& holds) {
  const absl::Time deadline = absl::Now() + kLimit;
  while (!holds()) {
    if (absl::Now() >= deadline) Fail(absl::StrCat("not within a minute: ", what));
    absl::SleepFor(kLook);
  }
}

}  // namespace

RedisCluster::RedisCluster(std::vector<std::string> arguments, RedisLogin login)
    : login_(std::move(login)), running_(kNodes, true) {
  std::vector<std::string> all = {
      "--cluster-enabled",          "yes",  "--cluster-config-file",       "nodes.conf",
      "--cluster-node-timeout",     "1000", "--cluster-migration-barrier", "5",
      "--repl-diskless-sync-delay", "0",    "--repl-ping-replica-period",  "1"};
  if (!login_.user.empty()) {
    const std::vector<std::string> among = {"--masteruser", login_.user, "--masterauth",
                                            login_.password};
    all.insert(all.end(), among.begin(), among.end());
  }
  all.insert(all.end(), arguments.begin(), arguments.end());
  for (int i = 0; i < kNodes; ++i) {
    bus_ports_.push_back(FreePort());
    std::vector<std::string> own = all;
    // The usual one, port + 10000, would often be none.
    own.insert(own.end(), {"--cluster-port", absl::StrCat(bus_ports_.back())});
    nodes_.push_back(std::make_unique<RedisServer>(std::move(own), login_));
  }
  Form();
}

void RedisCluster::Form() {
  for (int i = 0; i < kPrimaries; ++i) {
    const int first = kSlots * i / kPrimaries;
    const int last = kSlots * (i + 1) / kPrimaries - 1;
    Must(i, {"CLUSTER", "ADDSLOTSRANGE", absl::StrCat(first), absl::StrCat(last)});
    Must(i, {"CLUSTER", "SET-CONFIG-EPOCH", absl::StrCat(i + 1)});
  }
  for (int i = 1; i < kNodes; ++i) {
    Must(0, {"CLUSTER", "MEET", address(i).host, absl::StrCat(address(i).port),
             absl::StrCat(bus_ports_[i])});
  }
  for (int i = kPrimaries; i < kNodes; ++i) {
    const std::string primary = IdOf(i - kPrimaries);
    AwaitTrue("a replica knows its primary", [&] {
      return !nodes_[i]->Call({"CLUSTER", "REPLICATE", primary}).is_error();
    });
  }
  AwaitSettled(1);
}

Address RedisCluster::address(int i) const {
  return {.host = "127.0.0.1", .port = nodes_[i]->port()};
}

chassis::redis::Deployment RedisCluster::deployment() const {
  chassis::redis::Deployment deployment;
  deployment.kind = chassis::redis::Deployment::Kind::kCluster;
  for (int i = 0; i < kNodes; ++i) deployment.seeds.push_back(address(i));
  deployment.user = login_.user;
  deployment.password = login_.password;
  return deployment;
}

std::string RedisCluster::addresses() const {
  std::vector<std::string> all;
  for (int i = 0; i < kNodes; ++i) all.push_back(chassis::redis::ToString(address(i)));
  return absl::StrJoin(all, ",");
}

Reply RedisCluster::Must(int i, Command command) {
  const std::string what = absl::StrJoin(command, " ");
  Reply reply = nodes_[i]->Call(std::move(command));
  if (reply.is_error()) Fail(absl::StrCat("node ", i, ": ", what, ": ", reply.text()));
  return reply;
}

std::string RedisCluster::IdOf(int i) { return Must(i, {"CLUSTER", "MYID"}).text(); }

int RedisCluster::OwnerOf(int slot) {
  std::map<int, int> votes;
  int running = 0;
  for (int i = 0; i < kNodes; ++i) {
    if (!Runs(i)) continue;
    ++running;
    const auto told =
        chassis::redis::ParseClusterSlots(nodes_[i]->Call({"CLUSTER", "SLOTS"}), address(i));
    if (!told.ok()) continue;
    const Address* owner = told->layout.OwnerOf(slot);
    for (int j = 0; owner != nullptr && j < kNodes; ++j) {
      if (address(j) == *owner) ++votes[j];
    }
  }
  for (const auto& [node, count] : votes) {
    if (2 * count > running) return node;
  }
  return -1;
}

void RedisCluster::AwaitSettled(int replicas) {
  const auto running = static_cast<size_t>(std::count(running_.begin(), running_.end(), true));
  AwaitTrue("all nodes agree and replicas are up to date", [&] {
    std::map<std::string, int> views;
    for (int i = 0; i < kNodes; ++i) {
      if (!Runs(i)) continue;
      const std::string info = nodes_[i]->Call({"CLUSTER", "INFO"}).text();
      if (chassis::redis::LineOf(info, "cluster_state") != "ok") return false;
      const auto told =
          chassis::redis::ParseClusterSlots(nodes_[i]->Call({"CLUSTER", "SLOTS"}), address(i));
      if (!told.ok() || told->nodes.size() != running) return false;
      std::string view;
      for (int slot = 0; slot < kSlots; ++slot) {
        const Address* owner = told->layout.OwnerOf(slot);
        if (owner == nullptr) return false;
        absl::StrAppend(&view, owner->port, " ");
      }
      ++views[view];
      const std::string about = nodes_[i]->Call({"INFO", "replication"}).text();
      if (chassis::redis::LineOf(about, "role") != "master") continue;
      int online = 0;
      for (int r = 0; r < kNodes; ++r) {
        const std::string line = chassis::redis::LineOf(about, absl::StrCat("slave", r));
        online += line.find("state=online") != std::string::npos ? 1 : 0;
      }
      if (online < replicas) return false;
    }
    return views.size() == 1;
  });
}

int RedisCluster::AwaitNewOwner(int slot, int old) {
  int owner = -1;
  AwaitTrue("another node has the slot", [&] {
    owner = OwnerOf(slot);
    return owner >= 0 && owner != old;
  });
  return owner;
}

// As redis-cli --cluster reshard does (Redis Cluster specification, "Live resharding").
void RedisCluster::MoveSlot(int slot, int to, int keys_at_once,
                            const std::function<void()>& between) {
  const int from = OwnerOf(slot);
  if (from < 0 || from == to) Fail(absl::StrCat("slot ", slot, " can not move to node ", to));
  const std::string number = absl::StrCat(slot);
  Must(to, {"CLUSTER", "SETSLOT", number, "IMPORTING", IdOf(from)});
  Must(from, {"CLUSTER", "SETSLOT", number, "MIGRATING", IdOf(to)});
  between();
  while (true) {
    const Reply keys = Must(from, {"CLUSTER", "GETKEYSINSLOT", number, absl::StrCat(keys_at_once)});
    if (keys.size() == 0) break;
    Command migrate = {"MIGRATE", address(to).host, absl::StrCat(address(to).port), "", "0",
                       "5000"};
    if (!login_.user.empty()) {
      for (const std::string& word : {std::string("AUTH2"), login_.user, login_.password}) {
        migrate.push_back(word);
      }
    }
    migrate.push_back("KEYS");
    for (const Reply& key : keys.items()) migrate.push_back(key.text());
    Must(from, std::move(migrate));
    between();
  }
  const std::string id = IdOf(to);
  Must(to, {"CLUSTER", "SETSLOT", number, "NODE", id});
  Must(from, {"CLUSTER", "SETSLOT", number, "NODE", id});
}

void RedisCluster::Kill(int i) {
  nodes_[i]->Kill();
  running_[i] = false;
}

void RedisCluster::Start(int i) {
  nodes_[i]->Restart();
  running_[i] = true;
}

void RedisCluster::Pause(int i) {
  nodes_[i]->Pause();
  running_[i] = false;
}

void RedisCluster::Resume(int i) {
  nodes_[i]->Resume();
  running_[i] = true;
}

}  // namespace fuju::test_support
