#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <google/protobuf/message.h>

#include "chassis/store/keys.h"
#include "support/redis_server.h"

namespace fuju::test_support {

// Plays a service: writes its facts as they stand in its streams. Not thread-safe.
class FactWriter {
 public:
  // `redis` outlives this.
  FactWriter(const RedisServer* redis, const std::string& service, int partitions)
      : redis_(redis), keys_(service, partitions) {}

  // The next fact of an aggregate, in the partition of the route.
  void Publish(const std::string& route, const std::string& subject,
               const std::string& correlation_id, const google::protobuf::Message& fact);
  // The last fact once more, as it was: a repeated delivery.
  void RepeatLast();

 private:
  void Add(const std::string& key, const std::string& event);

  const RedisServer* const redis_;
  const chassis::Keys keys_;
  std::map<std::string, int64_t> versions_;
  std::string last_key_;
  std::string last_event_;
};

}  // namespace fuju::test_support
