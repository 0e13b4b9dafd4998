#include "unit/dispatch/simulated_store.h"

#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"

#include "chassis/values/refusal.h"

namespace fuju::dispatch::testing {
namespace {

absl::Status NotSimulated() { return absl::UnimplementedError("not simulated"); }

}  // namespace

void SimulatedStore::Update(Location location, chassis::Command command, Decide decide,
                            std::function<void(absl::StatusOr<Outcome>)> done) {
  tasks_.push_back([this, location = std::move(location), command = std::move(command),
                    decide = std::move(decide),
                    done = std::move(done)] { done(Commit(location, command, decide)); });
}

absl::StatusOr<chassis::RawStore::Outcome> SimulatedStore::Commit(const Location& location,
                                                                  const chassis::Command& command,
                                                                  const Decide& decide) {
  Aggregate& aggregate = aggregates_[{location.kind, location.id}];
  Blob& blob = aggregate.blob;
  const std::string cause = command.cause.has_value()
                                ? absl::StrCat(command.cause->source, "|", command.cause->subject)
                                : "";
  if (command.cause.has_value()) {
    const auto handled = aggregate.causes.find(cause);
    if (handled != aggregate.causes.end() && handled->second >= command.cause->version) {
      return Outcome{location.id, blob.version, /*repeated=*/true, /*decided=*/false, blob.state};
    }
  }
  absl::StatusOr<Change> change = absl::InternalError("a decision of this service answers at once");
  decide(blob, [&change](absl::StatusOr<Change> decided) { change = std::move(decided); });
  if (!change.ok()) return change.status();
  if (change->changed) {
    std::map<std::string, int64_t> moves;
    for (const auto& holding : change->after.holdings) moves[holding.counter] += holding.amount;
    for (const auto& holding : change->before.holdings) moves[holding.counter] -= holding.amount;
    for (const auto& [counter, move] : moves) {
      if (move < 0 && counters_[counter] + move < 0) {
        return chassis::Refusal(absl::StatusCode::kFailedPrecondition, "COUNTER_BELOW_FLOOR",
                                "余量不足", "the counter would fall below 0")
            .Build();
      }
    }
    for (const auto& [counter, move] : moves) counters_[counter] += move;
    for (const auto& timer : change->before.timers) {
      timers_.erase({location.kind, location.id, timer.name});
    }
    for (const auto& timer : change->after.timers) {
      timers_[{location.kind, location.id, timer.name}] = timer.due;
    }
    Publish(location, command, *change, blob);
  }
  if (command.cause.has_value()) aggregate.causes[cause] = command.cause->version;
  return Outcome{location.id, blob.version, /*repeated=*/false, change->changed, blob.state};
}

void SimulatedStore::Publish(const Location& location, const chassis::Command& command,
                             const Change& change, Blob& blob) {
  if (blob.version == 0) blob.correlation_id = command.correlation_id;
  blob.state = change.state;
  for (const chassis::Fact& fact : change.facts) {
    fuju::event::v1::Event event;
    event.set_aggregate_version(++blob.version);
    event.set_id(absl::StrCat(location.name, "@", blob.version));
    event.set_type(fact->GetTypeName());
    event.set_source(keys_.service());
    event.set_subject(location.name);
    event.set_partition(keys_.PartitionOf(location.route));
    event.set_correlation_id(blob.correlation_id);
    event.mutable_data()->PackFrom(*fact);
    events_.push_back(std::move(event));
  }
}

void SimulatedStore::GetMany(std::vector<Location> locations, absl::Time,
                             std::function<void(absl::StatusOr<std::vector<Blob>>)> done) {
  tasks_.push_back([this, locations = std::move(locations), done = std::move(done)] {
    std::vector<Blob> blobs;
    for (const Location& location : locations) {
      const auto found = aggregates_.find({location.kind, location.id});
      blobs.push_back(found == aggregates_.end() ? Blob{} : found->second.blob);
    }
    done(std::move(blobs));
  });
}

void SimulatedStore::GetCounters(std::string, std::vector<std::string> names, absl::Time,
                                 std::function<void(absl::StatusOr<std::vector<int64_t>>)> done) {
  tasks_.push_back([this, names = std::move(names), done = std::move(done)] {
    std::vector<int64_t> amounts;
    for (const std::string& name : names) amounts.push_back(counter(name));
    done(std::move(amounts));
  });
}

void SimulatedStore::ListIndex(std::string, std::string, std::string, int, absl::Time,
                               std::function<void(absl::StatusOr<IndexPage>)> done) {
  done(NotSimulated());
}

void SimulatedStore::RangeIndex(
    std::string, std::string, int64_t, int64_t, int, absl::Time,
    std::function<void(absl::StatusOr<std::vector<chassis::IndexEntry>>)> done) {
  done(NotSimulated());
}

std::vector<fuju::event::v1::Event> SimulatedStore::TakeEvents() {
  return std::exchange(events_, {});
}

std::vector<SimulatedStore::DueTimer> SimulatedStore::timers() const {
  std::vector<DueTimer> timers;
  for (const auto& [key, due] : timers_) {
    timers.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), due});
  }
  return timers;
}

int64_t SimulatedStore::counter(const std::string& name) const {
  const auto found = counters_.find(name);
  return found == counters_.end() ? 0 : found->second;
}

std::map<std::string, std::string> SimulatedStore::StatesOf(const std::string& kind) const {
  std::map<std::string, std::string> states;
  for (const auto& [key, aggregate] : aggregates_) {
    if (key.first == kind && aggregate.blob.version > 0) states[key.second] = aggregate.blob.state;
  }
  return states;
}

}  // namespace fuju::dispatch::testing
