#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "chassis/redis/endpoint.h"
#include "support/redis_server.h"

namespace fuju::test_support {

// A Redis Cluster of private redis-servers on loopback: three primaries, a replica of each. Nodes
// are numbered as they were started: 0 to 2 are the primaries at first, 3 to 5 their replicas.
// Errors end the test program, as RedisServer's do. Not thread-safe.
class RedisCluster {
 public:
  static constexpr int kPrimaries = 3;
  static constexpr int kNodes = 6;

  // Starts it and waits until it works. `arguments` go to all nodes; `login` is that of the nodes
  // among each other, and of this object.
  explicit RedisCluster(std::vector<std::string> arguments = {}, RedisLogin login = {});

  RedisServer& node(int i) { return *nodes_[i]; }
  chassis::redis::Address address(int i) const;
  chassis::redis::Deployment deployment() const;
  // "host:port,..." of all nodes.
  std::string addresses() const;

  // The node that has a slot, as most nodes that run say; -1 while they do not agree.
  int OwnerOf(int slot);
  // Waits until every running node says that all is well and who has `slot`, and every primary has
  // `replicas` replicas that are up to date.
  void AwaitSettled(int replicas);
  // Waits until a node other than `old` has the slot; its number.
  int AwaitNewOwner(int slot, int old);

  // Moves a slot with its keys from its owner to another primary. `between` runs after every
  // `keys_at_once` keys, and once before the first.
  void MoveSlot(
      int slot, int to, int keys_at_once = 100, const std::function<void()>& between = [] {});

  // Kills a node; Start makes it run again, as a replica if it was replaced meanwhile.
  void Kill(int i);
  void Start(int i);
  void Pause(int i);
  void Resume(int i);

 private:
  chassis::redis::Reply Must(int i, chassis::redis::Command command);
  std::string IdOf(int i);
  void Form();
  bool Runs(int i) const { return running_[i]; }

  const RedisLogin login_;
  std::vector<std::unique_ptr<RedisServer>> nodes_;
  std::vector<int> bus_ports_;
  std::vector<bool> running_;
};

}  // namespace fuju::test_support
