#pragma once

#include <string>
#include <vector>

namespace fuju::chassis::redis {

// Where and how to connect to one node.
struct Endpoint {
  std::string host = "127.0.0.1";
  int port = 6379;
  // ACL user; empty means "default" without authentication unless a password is set.
  std::string user = {};
  std::string password = {};
};

// host:port of a node, without the login; as in a log line.
struct Address {
  std::string host;
  int port = 0;

  friend bool operator==(const Address&, const Address&) = default;
  friend auto operator<=>(const Address&, const Address&) = default;
};

std::string ToString(const Address& address);

// What the operator says of the Redis that all services share.
struct Deployment {
  enum class Kind {
    kSingle,    // one node at one address
    kSentinel,  // one primary; Sentinels say where it is
    kCluster,   // Redis Cluster
  };
  Kind kind = Kind::kSingle;
  // kSingle: the node. kSentinel: Sentinels. kCluster: some nodes. One that answers is enough.
  std::vector<Address> seeds = {};
  // The name by which the Sentinels know the primary.
  std::string primary_name = {};
  // The login on every node.
  std::string user = {};
  std::string password = {};
  // The login on the Sentinels, of their default user; empty: none.
  std::string sentinel_password = {};
};

}  // namespace fuju::chassis::redis
