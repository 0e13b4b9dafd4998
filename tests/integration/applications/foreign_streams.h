#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <google/protobuf/message.h>

#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/dispatch/v1/dispatch_events.pb.h"
#include "fuju/fitting/v1/fitting_events.pb.h"
#include "support/redis_server.h"

namespace fuju::applications {

// Plays the other services: publishes their facts as they stand in their streams, on 16 partitions.
// Not thread-safe.
class ForeignStreams {
 public:
  // `redis` outlives this.
  explicit ForeignStreams(const test_support::RedisServer* redis) : redis_(redis) {}

  // Facts about the application of that name.
  void Reserve(const std::string& application);
  void Refuse(const std::string& application, bool for_money);
  void Settle(const std::string& application);
  void Accept(const std::string& application, int attempt);
  void CancelDispatch(const std::string& application, int attempt);
  void Recall(const std::string& application, int attempt);
  void OpenOrder(const std::string& application, int attempt);
  void Schedule(const std::string& application, int attempt);
  void Complete(const std::string& application, int attempt);
  void CancelOrder(const std::string& application, int attempt);
  void ReturnOrder(const std::string& application, int attempt);

  // The last fact of an aggregate once more, with its version.
  void RepeatLast();

 private:
  void Publish(const std::string& service, const std::string& route, const std::string& subject,
               const google::protobuf::Message& fact);
  void Add(const std::string& key, const std::string& event);

  const test_support::RedisServer* const redis_;
  std::map<std::string, int64_t> versions_;
  std::string last_key_;
  std::string last_event_;
};

}  // namespace fuju::applications
