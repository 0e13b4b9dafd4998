#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "fuju/applications/v1/application_events.pb.h"
#include "fuju/dispatch/v1/dispatch.pb.h"
#include "fuju/fitting/v1/fitting_events.pb.h"
#include "support/fact_writer.h"

namespace fuju::dispatch::testing {

// Plays the applications and fitting services: publishes their facts as they stand in their
// streams. Not thread-safe.
class OtherServices {
 public:
  // `redis` outlives this.
  OtherServices(const test_support::RedisServer* redis, int partitions)
      : applications_(redis, "applications", partitions), fitting_(redis, "fitting", partitions) {}

  // An approved application for a wheelchair, of the county in front of its id.
  void Approve(const std::string& application_id);
  // WithdrawalRequested or ApplicationEnded.
  template <typename FactMessage>
  void Tell(const std::string& application_id) {
    FactMessage fact;
    fact.mutable_application()->set_name(absl::StrCat("applications/", application_id));
    fact.mutable_application()->set_county_code(application_id.substr(0, 6));
    PublishCase(fact);
  }
  // OrderCompleted, OrderReturned, OrderCancelled or OrderAbandoned, of the order for this offer.
  template <typename FactMessage>
  void EndOrder(const v1::Round& round) {
    FactMessage fact;
    fact.mutable_order()->set_name(absl::StrReplaceAll(round.offer(), {{"/offers/", "/orders/"}}));
    fact.mutable_order()->set_vendor(round.vendor());
    fact.mutable_order()->set_application(round.application());
    fact.mutable_order()->set_offer(round.offer());
    fitting_.Publish(round.vendor().substr(sizeof("vendors/") - 1), fact.order().name(),
                     round.application(), fact);
  }

 private:
  template <typename FactMessage>
  void PublishCase(const FactMessage& fact) {
    const std::string& name = fact.application().name();
    applications_.Publish(fact.application().county_code(), name, name, fact);
  }

  test_support::FactWriter applications_;
  test_support::FactWriter fitting_;
};

}  // namespace fuju::dispatch::testing
