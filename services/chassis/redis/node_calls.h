#pragma once

#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "chassis/redis/blocking_connection.h"
#include "chassis/redis/client.h"
#include "chassis/redis/endpoint.h"

namespace fuju::chassis::redis {

// Questions to single nodes, on connections that are kept. Of one thread.
class NodeCalls {
 public:
  NodeCalls(std::string user, std::string password)
      : user_(std::move(user)), password_(std::move(password)) {}

  // Waits for less than a second. An error reply is UNAVAILABLE, too.
  absl::StatusOr<Reply> Ask(const Address& node, const Command& command);

 private:
  const std::string user_;
  const std::string password_;
  std::map<Address, std::unique_ptr<BlockingConnection>> connections_;
};

// Value of a line "<name>:<value>" of a text such as INFO's; empty if there is none.
std::string LineOf(const std::string& text, const std::string& name);

}  // namespace fuju::chassis::redis
