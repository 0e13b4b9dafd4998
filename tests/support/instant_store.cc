#include "support/instant_store.h"

#include "chassis/store/commit_script.h"
#include "chassis/store/event_envelope.h"

namespace fuju::test_support {

using chassis::Commit;

chassis::RawStore::Blob InstantStore::Load(const std::string& name) const {
  absl::MutexLock lock(&mutex_);
  const auto found = aggregates_.find(name);
  return found == aggregates_.end() ? Blob() : found->second;
}

void InstantStore::Update(Location location, chassis::Command command, Decide decide,
                          std::function<void(absl::StatusOr<Outcome>)> done) {
  auto current = std::make_shared<const Blob>(Load(location.name));
  decide(*current, [this, current, location = std::move(location), command = std::move(command),
                    done = std::move(done)](absl::StatusOr<Change> change) {
    if (!change.ok()) return done(change.status());
    Outcome outcome;
    outcome.id = location.id;
    outcome.version = current->version;
    if (!change->changed) {
      outcome.state = current->state;
      return done(std::move(outcome));
    }
    Commit commit;
    commit.location = location;
    commit.partition = keys_.PartitionOf(location.route);
    commit.loaded_version = current->version;
    commit.correlation_id = location.name;
    const std::vector<std::string> events =
        SerializeEvents(change->facts, commit, command, keys_.service(), clock_->Now());
    outcome.version += static_cast<int64_t>(events.size());
    outcome.decided = true;
    {
      absl::MutexLock lock(&mutex_);
      aggregates_[location.name] = Blob{std::move(change->state), outcome.version, location.name};
    }
    done(std::move(outcome));
  });
}

void InstantStore::GetMany(std::vector<Location> locations, absl::Time /*deadline*/,
                           std::function<void(absl::StatusOr<std::vector<Blob>>)> done) {
  std::vector<Blob> blobs;
  for (const Location& location : locations) blobs.push_back(Load(location.name));
  done(std::move(blobs));
}

void InstantStore::ListIndexes(std::vector<std::string> /*indexes*/, std::string /*route*/,
                               std::string /*cursor*/, int /*limit*/, absl::Time /*deadline*/,
                               std::function<void(absl::StatusOr<IndexPage>)> done) {
  done(absl::UnimplementedError("an instant store keeps no index"));
}

void InstantStore::RangeIndex(
    std::string /*index*/, std::string /*route*/, int64_t /*min_score*/, int64_t /*max_score*/,
    int /*limit*/, absl::Time /*deadline*/,
    std::function<void(absl::StatusOr<std::vector<chassis::IndexEntry>>)> done) {
  done(absl::UnimplementedError("an instant store keeps no index"));
}

void InstantStore::CountIndexes(std::vector<IndexRange> /*ranges*/, absl::Time /*deadline*/,
                                std::function<void(absl::StatusOr<std::vector<int64_t>>)> done) {
  done(absl::UnimplementedError("an instant store keeps no index"));
}

void InstantStore::GetCounters(std::string /*route*/, std::vector<std::string> /*names*/,
                               absl::Time /*deadline*/,
                               std::function<void(absl::StatusOr<std::vector<int64_t>>)> done) {
  done(absl::UnimplementedError("an instant store keeps no counters"));
}

}  // namespace fuju::test_support
