#pragma once

#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"

#include "chassis/store/raw_store.h"

namespace fuju::test_support {

// A store that answers every load and commit at once, on the caller's thread, from memory: what is
// left of a call is all but the store. Decisions are run, and their states and events serialized,
// as in the real one; claims, indexes, timers, counters, request ids and lists are not kept.
// Thread-safe.
class InstantStore final : public chassis::RawStore {
 public:
  // `clock` outlives this.
  InstantStore(chassis::Keys keys, const chassis::Clock* clock)
      : keys_(std::move(keys)), clock_(clock) {}

  void Update(Location location, chassis::Command command, Decide decide,
              std::function<void(absl::StatusOr<Outcome>)> done) override;
  void GetMany(std::vector<Location> locations, absl::Time deadline,
               std::function<void(absl::StatusOr<std::vector<Blob>>)> done) override;
  // UNIMPLEMENTED.
  void ListIndexes(std::vector<std::string> indexes, std::string route, std::string cursor,
                   int limit, absl::Time deadline,
                   std::function<void(absl::StatusOr<IndexPage>)> done) override;
  void RangeIndex(
      std::string index, std::string route, int64_t min_score, int64_t max_score, int limit,
      absl::Time deadline,
      std::function<void(absl::StatusOr<std::vector<chassis::IndexEntry>>)> done) override;
  void CountIndexes(std::vector<IndexRange> ranges, absl::Time deadline,
                    std::function<void(absl::StatusOr<std::vector<int64_t>>)> done) override;
  void GetCounters(std::string route, std::vector<std::string> names, absl::Time deadline,
                   std::function<void(absl::StatusOr<std::vector<int64_t>>)> done) override;
  const chassis::Keys& keys() const override { return keys_; }
  const chassis::Clock& clock() const override { return *clock_; }

 private:
  Blob Load(const std::string& name) const;

  const chassis::Keys keys_;
  const chassis::Clock* const clock_;
  mutable absl::Mutex mutex_;
  // By resource name.
  absl::flat_hash_map<std::string, Blob> aggregates_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fuju::test_support
