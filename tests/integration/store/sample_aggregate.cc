#include "integration/store/sample_aggregate.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/wrappers.pb.h>

namespace fuju::chassis {
namespace {

Fact NamedFact(const std::string& name) {
  google::protobuf::StringValue value;
  value.set_value(name);
  return MakeFact(value);
}

const google::protobuf::Struct& StructIn(const SampleState& state, const std::string& field) {
  const auto found = state.fields().find(field);
  return found == state.fields().end() ? google::protobuf::Struct::default_instance()
                                       : found->second.struct_value();
}

Footprint FootprintOf(std::string_view id, const SampleState& state) {
  Footprint footprint;
  const auto claims = state.fields().find("claims");
  if (claims != state.fields().end()) {
    for (const auto& claim : claims->second.list_value().values()) {
      footprint.claims.push_back({claim.string_value()});
    }
  }
  for (const auto& [counter, amount] : StructIn(state, "holdings").fields()) {
    footprint.holdings.push_back({counter, static_cast<int64_t>(amount.number_value())});
  }
  for (const auto& [index, score] : StructIn(state, "index").fields()) {
    footprint.index.push_back({index, std::string(id), static_cast<int64_t>(score.number_value())});
  }
  for (const auto& [timer, due] : StructIn(state, "timers").fields()) {
    footprint.timers.push_back(
        {timer, absl::FromUnixSeconds(static_cast<int64_t>(due.number_value()))});
  }
  return footprint;
}

}  // namespace

AggregateKind<SampleState> SampleKind() {
  return {.kind = "sample",
          .name = [](std::string_view id) { return std::string("samples/").append(id); },
          .route = [](std::string_view id) { return std::string(id.substr(0, id.find('-'))); },
          .footprint = FootprintOf};
}

SampleState SampleOf(std::string_view json) {
  SampleState state;
  const auto status = google::protobuf::util::JsonStringToMessage(std::string(json), &state);
  EXPECT_TRUE(status.ok()) << json;
  return state;
}

int ValueOf(const SampleState& state) {
  const auto found = state.fields().find("value");
  return found == state.fields().end() ? 0 : static_cast<int>(found->second.number_value());
}

SampleStore::Decide SetTo(std::string_view json, std::vector<std::string> facts) {
  return [state = SampleOf(json), facts](const Versioned<SampleState>&) {
    Decision<SampleState> decision;
    decision.next = state;
    for (const std::string& fact : facts) decision.facts.push_back(NamedFact(fact));
    return decision;
  };
}

SampleStore::Decide Add(int amount) {
  return [amount](const Versioned<SampleState>& current) {
    Decision<SampleState> decision;
    decision.next = current.state;
    (*decision.next.mutable_fields())["value"].set_number_value(ValueOf(current.state) + amount);
    decision.facts.push_back(NamedFact(absl::StrCat("add ", amount)));
    return decision;
  };
}

SampleStore::Decide LeaveUnchanged() {
  return [](const Versioned<SampleState>&) { return Decision<SampleState>::Unchanged(); };
}

SampleStore::Decide AddWhileUnclaimed(std::vector<std::string> names) {
  return [names = std::move(names), add = Add(1)](const Versioned<SampleState>& current) {
    absl::StatusOr<Decision<SampleState>> decision = add(current);
    if (decision.ok()) decision->unclaimed = names;
    return decision;
  };
}

}  // namespace fuju::chassis
