#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "chassis/redis/client.h"
#include "chassis/store/commit_queue.h"
#include "chassis/store/commit_script.h"
#include "chassis/store/raw_store.h"
#include "chassis/store/recent_states.h"
#include "chassis/store/turns.h"

namespace fuju::chassis {

// What the calls of one store share. Immutable, but for the parts behind pointers, which are
// thread-safe.
struct StoreContext {
  redis::Client* client;
  Keys keys;
  const Clock* clock;
  RedisStoreOptions options;
  std::unique_ptr<Turns> turns;
  std::unique_ptr<RecentStates> recent;
  std::shared_ptr<CommitQueue> commits;
};

// One RawStore::Update on its way: load, decide, commit, and again after a conflict. Keeps itself
// alive by the callbacks it waits for; its steps run one after the other.
//
// The first decision is made on the state that this process committed last, if it has it, else on
// nothing if the command presumes that. Only a commit proves that this was the newest: whatever
// else comes of it is forgotten, and the call begins anew with a read.
class UpdateCall : public std::enable_shared_from_this<UpdateCall> {
 public:
  using Done = std::function<void(absl::StatusOr<RawStore::Outcome>)>;

  UpdateCall(std::shared_ptr<const StoreContext> context, RawStore::Location location,
             Command command, RawStore::Decide decide, Done done);

  void Start();

 private:
  struct Retry;

  // On the recent state, or after a read.
  void Begin();
  void Load();
  // `loaded` as load_for_request.lua answers; without a request its first three values.
  void OnLoaded(const redis::Reply& loaded);
  void Decide();
  void OnDecided(absl::StatusOr<RawStore::Change> change);
  // A commit of the loaded version.
  Commit NewCommit() const;
  void Send(Commit commit);
  void OnAnswer(const Commit& commit, std::shared_ptr<const RawStore::Blob> next,
                absl::StatusOr<redis::Reply> reply);
  void OnConflict();
  // Reads what the first call was about, and answers with it.
  void AnswerRepeat(std::string id);
  // Answers with the loaded state.
  void FinishUnchanged(bool repeated);
  void Finish(absl::StatusOr<RawStore::Outcome> outcome);
  // Time for the next Redis command; nothing left: finishes the call.
  bool TimeLeft(absl::Duration* timeout);

  const std::shared_ptr<const StoreContext> context_;
  const RawStore::Location location_;
  const int partition_;
  const std::string key_;  // of the aggregate
  const Command command_;
  // Where its request is remembered, if it has one.
  const std::optional<Keys::RequestRecord> request_;
  const RawStore::Decide decide_;
  Done done_;
  bool has_turn_ = false;
  // What is decided on; a guess if it was not read.
  std::shared_ptr<const RawStore::Blob> current_;
  bool guessed_ = false;
  int attempt_ = 0;
};

}  // namespace fuju::chassis
