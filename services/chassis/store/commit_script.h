#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "chassis/redis/client.h"
#include "chassis/redis/reply.h"
#include "chassis/store/command.h"
#include "chassis/store/footprint_change.h"
#include "chassis/store/keys.h"
#include "chassis/store/raw_store.h"

namespace fuju::chassis {

// The C++ side of commit.lua: its keys and arguments, and what its answers mean.

// One decision to be committed. A value.
struct Commit {
  RawStore::Location location;
  int partition = 0;
  int64_t loaded_version = 0;
  // Equal to the loaded one when nothing changes; then there is no state.
  int64_t next_version = 0;
  // As PackState makes it.
  std::string state;
  std::string correlation_id;
  // Where the request is remembered; absent if the command has none.
  std::optional<Keys::RequestRecord> request;
  FootprintChange footprint;
  // Serialized fuju.event.v1.Event, in order.
  std::vector<std::string> events;
};

// INTERNAL if the script can not tell how much it is: more than 65,535 of something.
absl::Status ExamineSize(const Commit& commit);

const redis::Script& CommitScript();

// The words of a call of the script: first what it has once, then each partition's own, and behind
// those the partition's commits. In a Redis Cluster it is about one partition.
struct CommitCall {
  std::vector<std::string> keys;
  std::vector<std::string> args;
};
// `partition`: any of those that it is about.
CommitCall NewCommitCall(const Keys& keys, int partition, absl::Duration request_retention);
void BeginPartition(const Keys& keys, int partition, CommitCall& call);
// The words of one commit.
// `aggregate`: its key.
std::vector<std::string> CommitKeys(const Commit& commit, const std::string& aggregate,
                                    const Keys& keys);
// Takes the long texts out of `commit`: state and events.
std::vector<std::string> CommitArgs(Commit& commit, const Command& command, const Keys& keys);

// What became of one commit. The only place that knows the codes of commit.lua.
struct CommitResult {
  enum class Kind { kDone, kRepeated, kVersionConflict };
  Kind kind = Kind::kDone;
  // kRepeated: the aggregate that the request or event was about the first time.
  std::string id;
};
absl::StatusOr<CommitResult> ParseCommitReply(const redis::Reply& reply, const Commit& commit);

// The refusal of a request id that served another request.
absl::Status RequestIdReused();

}  // namespace fuju::chassis
