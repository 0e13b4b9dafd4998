#pragma once

#include <string>

#include "fuju/applications/v1/application_events.pb.h"
#include "fuju/applications/v1/review_events.pb.h"
#include "fuju/applications/v1/transfer_events.pb.h"
#include "support/fact_writer.h"

namespace fuju::catalogue {

// Plays the applications service: publishes its facts as they stand in its streams, on 16
// partitions. Not thread-safe.
class ApplicationsStream {
 public:
  // `redis` outlives this.
  explicit ApplicationsStream(const test_support::RedisServer* redis)
      : writer_(redis, "applications", 16) {}

  // An application of the wheelchair M01 at 980 yuan by a person who may have it. `person` tells
  // people apart.
  static applications::v1::ApplicationSubmitted Submitted(const std::string& id, char person = 'a');
  static applications::v1::ApplicationReopened Reopened(const std::string& id, char person = 'a');
  static applications::v1::ApplicationAccepted Accepted(const std::string& id,
                                                        const std::string& day, char person = 'a');
  static applications::v1::ApplicationEnded Ended(const std::string& id);
  // From one county to another; `number` is that of the question about the money.
  static applications::v1::ApplicationTransferred Transferred(const std::string& id,
                                                              const std::string& from,
                                                              const std::string& to, int number);
  static applications::v1::ApplicationPriceFixed PriceFixed(const std::string& id,
                                                            int64_t price_fen, int number);

  // Publishes a fact as the next version of its application.
  template <typename Fact>
  void Publish(const Fact& fact) {
    const std::string& name = fact.application().name();
    // A case stays in the stream in which it began.
    writer_.Publish(name.substr(std::string("applications/").size(), 6), name, name, fact);
  }
  // Publishes the last fact once more: a repeated delivery.
  void RepeatLast() { writer_.RepeatLast(); }

 private:
  test_support::FactWriter writer_;
};

}  // namespace fuju::catalogue
