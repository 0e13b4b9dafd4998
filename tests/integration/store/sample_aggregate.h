#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <google/protobuf/struct.pb.h>

#include "chassis/store/aggregate_store.h"
#include "chassis/values/decision.h"

namespace fuju::chassis {

// An aggregate without any meaning, for tests of the store: its state says what its footprint is.
//   {"value": 3, "claims": ["a"], "holdings": {"money": 5}, "index": {"all": 17}, "timers": {"due":
//   99}}
// Index members are the id, timers in seconds since 1970. Its id is "<route>-<rest>".
using SampleState = google::protobuf::Struct;

AggregateKind<SampleState> SampleKind();

// The state of a JSON text.
SampleState SampleOf(std::string_view json);
// The number in "value"; 0 if absent.
int ValueOf(const SampleState& state);

// Decisions. Each publishes the facts named, as google.protobuf.StringValue.
using SampleStore = AggregateStore<SampleState>;
SampleStore::Decide SetTo(std::string_view json, std::vector<std::string> facts = {"set"});
// Adds to "value".
SampleStore::Decide Add(int amount);
SampleStore::Decide LeaveUnchanged();
// Adds 1 to "value", unless another aggregate holds one of the names.
SampleStore::Decide AddWhileUnclaimed(std::vector<std::string> names);

}  // namespace fuju::chassis
