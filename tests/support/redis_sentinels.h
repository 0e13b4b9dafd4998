#pragma once

#include <memory>
#include <string>
#include <vector>

#include "chassis/redis/endpoint.h"
#include "support/child_process.h"
#include "support/redis_server.h"

namespace fuju::test_support {

// A primary on loopback with replicas, and three Sentinels that watch over them. Errors end the
// test program, as RedisServer's do. Not thread-safe.
class RedisSentinels {
 public:
  // The name by which the Sentinels know the primary.
  static constexpr char kPrimaryName[] = "fuju";

  // Starts them and waits until the replicas are up to date and the Sentinels know each other.
  // `arguments` go to all nodes; `login` is that of the nodes and the Sentinels on each other, and
  // of this object.
  explicit RedisSentinels(int replicas, std::vector<std::string> arguments = {},
                          RedisLogin login = {});
  ~RedisSentinels();

  // Node 0 is the primary at first, the others are its replicas.
  RedisServer& node(int i) { return *nodes_[i]; }
  chassis::redis::Deployment deployment() const;
  // The node that most Sentinels take for the primary; -1 while they do not agree.
  int Primary() const;
  // Waits until that is another one than `old`; its number.
  int AwaitNewPrimary(int old) const;
  // Waits until the primary has so many replicas that are up to date.
  void AwaitReplicas(int replicas) const;
  // Ends one of the Sentinels for ever.
  void DropSentinel() { sentinels_.pop_back(); }

 private:
  struct Sentinel {
    int port = 0;
    ChildProcess process;
  };
  void StartSentinel();
  bool Knows(const Sentinel& sentinel, int replicas) const;

  const RedisLogin login_;
  std::string folder_;
  std::vector<std::unique_ptr<RedisServer>> nodes_;
  std::vector<Sentinel> sentinels_;
};

}  // namespace fuju::test_support
