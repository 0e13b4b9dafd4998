#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <google/protobuf/message.h>

#include "fuju/applications/v1/application_events.pb.h"
#include "support/redis_server.h"

namespace fuju::catalogue {

// Plays the applications service: publishes its facts as they stand in its streams, on 16
// partitions. Not thread-safe.
class ApplicationsStream {
 public:
  // `redis` outlives this.
  explicit ApplicationsStream(const test_support::RedisServer* redis) : redis_(redis) {}

  // An application of the wheelchair M01 at 980 yuan by a person who may have it. `person` tells
  // people apart.
  static applications::v1::ApplicationSubmitted Submitted(const std::string& id, char person = 'a');
  static applications::v1::ApplicationAccepted Accepted(const std::string& id,
                                                        const std::string& day, char person = 'a');
  static applications::v1::ApplicationEnded Ended(const std::string& id);

  // Publishes a fact as the next version of its application.
  template <typename Fact>
  void Publish(const Fact& fact) {
    PublishAt(fact.application().name(), ++versions_[fact.application().name()], fact);
  }
  // Publishes the fact once more, with the version that was published last: a repeated delivery.
  template <typename Fact>
  void Repeat(const Fact& fact) {
    PublishAt(fact.application().name(), versions_[fact.application().name()], fact);
  }

 private:
  void PublishAt(const std::string& subject, int64_t version,
                 const google::protobuf::Message& fact);

  const test_support::RedisServer* const redis_;
  std::map<std::string, int64_t> versions_;
};

}  // namespace fuju::catalogue
