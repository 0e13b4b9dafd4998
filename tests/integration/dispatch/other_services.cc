#include "integration/dispatch/other_services.h"

#include <gtest/gtest.h>

#include "chassis/store/keys.h"
#include "fuju/event/v1/event.pb.h"

namespace fuju::dispatch::testing {

void OtherServices::Approve(const std::string& application_id) {
  applications::v1::ApplicationApproved fact;
  applications::v1::Application& application = *fact.mutable_application();
  application.set_name(absl::StrCat("applications/", application_id));
  application.set_county_code(application_id.substr(0, 6));
  application.mutable_request()->set_item_code("M01");
  application.mutable_request()->set_device_division("122203");
  application.mutable_request()->set_quote_fen(98000);
  application.mutable_subsidy()->set_subsidy_fen(49000);
  Publish("applications", application.county_code(), application.name(), fact);
}

void OtherServices::Publish(const std::string& service, const std::string& route,
                            const std::string& subject, const google::protobuf::Message& fact) {
  const chassis::Keys keys(service, partitions_);
  const int partition = keys.PartitionOf(route);
  event::v1::Event event;
  event.set_aggregate_version(++versions_[subject]);
  event.set_id(absl::StrCat(subject, "@", event.aggregate_version()));
  event.set_type(fact.GetTypeName());
  event.set_source(service);
  event.set_subject(subject);
  event.set_partition(partition);
  event.set_actor("test:1");
  event.set_correlation_id(subject);
  event.mutable_data()->PackFrom(fact);
  const chassis::redis::Reply reply =
      redis_->Call({"XADD", keys.Events(partition), "*", "e", event.SerializeAsString()});
  ASSERT_FALSE(reply.is_error()) << reply.text();
}

}  // namespace fuju::dispatch::testing
