#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

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

// One call of the script. A value.
struct Commit {
  RawStore::Location location;
  int partition = 0;
  int64_t loaded_version = 0;
  // Equal to the loaded one when nothing changes.
  int64_t next_version = 0;
  std::string state;
  std::string correlation_id;
  FootprintChange footprint;
  // Serialized fuju.event.v1.Event, in order.
  std::vector<std::string> events;
};

const redis::Script& CommitScript();

std::vector<std::string> CommitKeys(const Commit& commit, const Command& command, const Keys& keys);
std::vector<std::string> CommitArgs(const Commit& commit, const Command& command, const Keys& keys,
                                    absl::Duration request_retention);

// The outcome of the script; nullopt for a version conflict: load and decide again. The only place
// that knows the codes of commit.lua.
absl::StatusOr<std::optional<RawStore::Outcome>> ParseCommitReply(const redis::Reply& reply,
                                                                  const Commit& commit);

// The refusal of a request id that served another request.
absl::Status RequestIdReused();

}  // namespace fuju::chassis
