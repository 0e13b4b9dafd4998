#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/random/random.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "chassis/redis/client.h"
#include "chassis/store/commit_script.h"
#include "chassis/store/raw_store.h"
#include "chassis/store/turns.h"

namespace fuju::chassis {

// What the calls of one store share. Immutable, but for the turns, which are thread-safe.
struct StoreContext {
  redis::Client* client;
  Keys keys;
  const Clock* clock;
  RedisStoreOptions options;
  std::unique_ptr<Turns> turns;
};

// One RawStore::Update on its way: load, decide, commit, and again after a conflict. Keeps itself
// alive by the callbacks it waits for; its steps run one after the other.
class UpdateCall : public std::enable_shared_from_this<UpdateCall> {
 public:
  using Done = std::function<void(absl::StatusOr<RawStore::Outcome>)>;

  UpdateCall(std::shared_ptr<const StoreContext> context, RawStore::Location location,
             Command command, RawStore::Decide decide, Done done);

  void Start();

 private:
  struct Retry;

  void Load();
  void OnLoaded(const redis::Reply& aggregate, const redis::Reply& request);
  void Decide(RawStore::Blob current);
  // The commit that leaves the aggregate as it was loaded.
  Commit Unchanged(RawStore::Blob current) const;
  void Send(Commit commit);
  void OnAnswer(const Commit& commit, absl::StatusOr<redis::Reply> reply);
  void OnConflict();
  void Finish(absl::StatusOr<RawStore::Outcome> outcome);
  // Time for the next Redis command; nothing left: finishes the call.
  bool TimeLeft(absl::Duration* timeout);

  const std::shared_ptr<const StoreContext> context_;
  const RawStore::Location location_;
  const int partition_;
  const std::string key_;  // of the aggregate
  const Command command_;
  const RawStore::Decide decide_;
  Done done_;
  bool has_turn_ = false;
  int attempt_ = 0;
  absl::BitGen bits_;
};

// A time-out of one command that is not yet the caller's deadline means that the store is not
// available.
absl::Status ForCaller(const absl::Status& status, absl::Time deadline);

// The lesser of `limit` and the time to the deadline; zero or less: it has passed.
absl::Duration TimeTo(absl::Time deadline, absl::Duration limit);

// DEADLINE_EXCEEDED before anything was written.
absl::Status DeadlinePassed();

}  // namespace fuju::chassis
