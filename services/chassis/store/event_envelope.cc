#include "chassis/store/event_envelope.h"

#include "absl/strings/str_cat.h"

#include "fuju/event/v1/event.pb.h"

namespace fuju::chassis {
namespace {

void SetTime(google::protobuf::Timestamp& timestamp, absl::Time time) {
  const absl::Duration since_1970 = time - absl::UnixEpoch();
  absl::Duration rest;
  timestamp.set_seconds(absl::IDivDuration(since_1970, absl::Seconds(1), &rest));
  timestamp.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(rest)));
}

}  // namespace

std::vector<std::string> SerializeEvents(const std::vector<Fact>& facts, const Commit& commit,
                                         const Command& command, const std::string& service,
                                         absl::Time now) {
  std::vector<std::string> events;
  events.reserve(facts.size());
  int64_t version = commit.loaded_version;
  for (const Fact& fact : facts) {
    ++version;
    fuju::event::v1::Event event;
    event.set_id(absl::StrCat(commit.location.name, "@", version));
    event.set_type(fact->GetTypeName());
    event.set_source(service);
    event.set_subject(commit.location.name);
    SetTime(*event.mutable_time(), now);
    event.set_partition(commit.partition);
    event.set_aggregate_version(version);
    event.set_actor(command.actor);
    event.set_correlation_id(commit.correlation_id);
    event.set_traceparent(command.traceparent);
    if (command.cause.has_value()) event.set_causation_id(command.cause->event_id);
    event.mutable_data()->PackFrom(*fact);
    events.push_back(event.SerializeAsString());
  }
  return events;
}

}  // namespace fuju::chassis
