#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "chassis/store/raw_store.h"
#include "fuju/event/v1/event.pb.h"

namespace fuju::dispatch::testing {

// A store for simulations: one process, no threads. Every call becomes a task; the simulation runs
// the waiting tasks in whatever order it likes, so reads grow stale and commits overtake each other
// as they do between machines. A commit is all or nothing, with the version, cause and counter
// rules of the real one.
class SimulatedStore final : public chassis::RawStore {
 public:
  SimulatedStore(std::string service, const chassis::Clock* clock)
      : keys_(std::move(service), 16), clock_(clock) {}

  void Update(Location location, chassis::Command command, Decide decide,
              std::function<void(absl::StatusOr<Outcome>)> done) override;
  void GetMany(std::vector<Location> locations, absl::Time deadline,
               std::function<void(absl::StatusOr<std::vector<Blob>>)> done) override;
  void ListIndex(std::string index, std::string route, std::string cursor, int limit,
                 absl::Time deadline, std::function<void(absl::StatusOr<IndexPage>)> done) override;
  void RangeIndex(
      std::string index, std::string route, int64_t min_score, int64_t max_score, int limit,
      absl::Time deadline,
      std::function<void(absl::StatusOr<std::vector<chassis::IndexEntry>>)> done) override;
  void GetCounters(std::string route, std::vector<std::string> names, absl::Time deadline,
                   std::function<void(absl::StatusOr<std::vector<int64_t>>)> done) override;
  const chassis::Keys& keys() const override { return keys_; }
  const chassis::Clock& clock() const override { return *clock_; }

  // Calls that have not run yet.
  std::vector<std::function<void()>>& tasks() { return tasks_; }
  // Facts since the last call, oldest first.
  std::vector<fuju::event::v1::Event> TakeEvents();

  struct DueTimer {
    std::string kind, id, name;
    absl::Time due;
  };
  std::vector<DueTimer> timers() const;
  int64_t counter(const std::string& name) const;
  // Ids and serialized states of a kind.
  std::map<std::string, std::string> StatesOf(const std::string& kind) const;

 private:
  struct Aggregate {
    Blob blob;
    std::map<std::string, int64_t> causes;
  };
  absl::StatusOr<Outcome> Commit(const Location& location, const chassis::Command& command,
                                 const Decide& decide);
  void Publish(const Location& location, const chassis::Command& command, const Change& change,
               Blob& blob);

  chassis::Keys keys_;
  const chassis::Clock* clock_;
  std::vector<std::function<void()>> tasks_;
  std::vector<fuju::event::v1::Event> events_;
  std::map<std::pair<std::string, std::string>, Aggregate> aggregates_;
  std::map<std::string, int64_t> counters_;
  std::map<std::tuple<std::string, std::string, std::string>, absl::Time> timers_;
};

}  // namespace fuju::dispatch::testing
