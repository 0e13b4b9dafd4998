#pragma once

#include <string>
#include <utility>
#include <vector>

#include <google/protobuf/generated_enum_reflection.h>

namespace fuju::chassis {

// Where resources have an index for each state, and none for all of them together (an entry costs
// memory and a write, a page of all states some reads more): the indexes that a list of `asked`
// reads, all of them for UNSPECIFIED (0). `index_of(state)` names one.
template <typename State, typename IndexOf>
std::vector<std::string> StateIndexes(State asked, IndexOf index_of) {
  if (asked != State{}) return {index_of(asked)};
  std::vector<std::string> indexes;
  const google::protobuf::EnumDescriptor* states = google::protobuf::GetEnumDescriptor<State>();
  for (int i = 0; i < states->value_count(); ++i) {
    const auto state = static_cast<State>(states->value(i)->number());
    if (state != State{}) indexes.push_back(index_of(state));
  }
  return indexes;
}

}  // namespace fuju::chassis
