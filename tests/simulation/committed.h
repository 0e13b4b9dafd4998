#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include <google/protobuf/message.h>

#include "chassis/values/decision.h"
#include "fuju/applications/storage/v1/application_record.pb.h"
#include "fuju/catalogue/storage/v1/catalogue_records.pb.h"
#include "fuju/dispatch/storage/v1/dispatch_records.pb.h"
#include "fuju/fitting/storage/v1/fitting_records.pb.h"
#include "simulation/commons.h"
#include "simulation/keyspace.h"

namespace fuju::simulation {

// A kind of aggregate of any service, without its type.
struct Kind {
  std::string service;
  std::string kind;
  std::function<std::unique_ptr<google::protobuf::Message>()> make;
  std::function<std::string(std::string_view id)> name;
  std::function<chassis::Footprint(std::string_view id, const google::protobuf::Message&)>
      footprint;
};

// An aggregate as it was committed last.
struct Aggregate {
  const Kind* kind = nullptr;
  std::string id;
  // Subject of its facts.
  std::string name;
  int partition = 0;
  int64_t version = 0;
  std::string bytes;
  std::unique_ptr<google::protobuf::Message> state;
  chassis::Footprint footprint;
};

// Every aggregate that was ever committed, parsed: what a check or an actor looks at. It follows
// the writes of the simulated Redis. Not thread-safe.
class Committed {
 public:
  explicit Committed(Commons* commons);

  // Reads "fuju:<service>:{pNN}:<kind>:<id>"; null if the key is none.
  Aggregate* Find(const Slot& slot);

  // Every aggregate.
  template <typename See>
  void ForEachAggregate(See see) const {
    for (const auto& [kind, by_id] : by_kind_) {
      for (const auto& [id, aggregate] : by_id) see(*aggregate);
    }
  }
  // One by its kind and id; null if there is none.
  template <typename Record>
  const Record* Get(const std::string& kind, const std::string& id) const {
    const auto of_kind = by_kind_.find(kind);
    if (of_kind == by_kind_.end()) return nullptr;
    const auto found = of_kind->second.find(id);
    if (found == of_kind->second.end()) return nullptr;
    return static_cast<const Record*>(found->second->state.get());
  }
  // How many there are of a kind.
  size_t Count(const std::string& kind) const {
    const auto of_kind = by_kind_.find(kind);
    return of_kind == by_kind_.end() ? 0 : of_kind->second.size();
  }
  // Each of a kind that exists, in the order of their ids: `see` gets the aggregate and its record.
  template <typename Record, typename See>
  void ForEach(const std::string& kind, See see) const {
    const auto of_kind = by_kind_.find(kind);
    if (of_kind == by_kind_.end()) return;
    for (const auto& [id, aggregate] : of_kind->second) {
      if (aggregate->state != nullptr) {
        see(*aggregate, static_cast<const Record&>(*aggregate->state));
      }
    }
  }

 private:
  std::vector<Kind> kinds_;
  absl::flat_hash_map<const Slot*, std::unique_ptr<Aggregate>> aggregates_;
  std::map<std::string, std::map<std::string, Aggregate*>> by_kind_;
};

// A key's parts: "fuju:<service>:{pNN}:<rest>". False for other keys.
bool ParseKey(std::string_view key, std::string& service, int& partition, std::string& rest);

}  // namespace fuju::simulation
