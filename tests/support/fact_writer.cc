#include "support/fact_writer.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "fuju/event/v1/event.pb.h"

namespace fuju::test_support {

void FactWriter::Publish(const std::string& route, const std::string& subject,
                         const std::string& correlation_id, const google::protobuf::Message& fact) {
  const int partition = keys_.PartitionOf(route);
  event::v1::Event event;
  event.set_aggregate_version(++versions_[subject]);
  event.set_id(absl::StrCat(subject, "@", event.aggregate_version()));
  event.set_type(fact.GetTypeName());
  event.set_source(keys_.service());
  event.set_subject(subject);
  event.set_partition(partition);
  event.set_actor("test:1");
  event.set_correlation_id(correlation_id);
  event.mutable_data()->PackFrom(fact);
  last_key_ = keys_.Events(partition);
  last_event_ = event.SerializeAsString();
  Add(last_key_, last_event_);
}

void FactWriter::RepeatLast() { Add(last_key_, last_event_); }

void FactWriter::Add(const std::string& key, const std::string& event) {
  const chassis::redis::Reply reply = redis_->Call({"XADD", key, "*", "e", event});
  ASSERT_FALSE(reply.is_error()) << reply.text();
}

}  // namespace fuju::test_support
