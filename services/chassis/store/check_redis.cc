#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "chassis/store/raw_store.h"

namespace fuju::chassis {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(2);

struct Setting {
  const char* name;
  const char* value;
};

// What durability needs: a write is on disk before it is answered, and nothing is ever evicted.
constexpr Setting kDurable[] = {
    {"appendonly", "yes"}, {"appendfsync", "always"}, {"maxmemory-policy", "noeviction"}};

void CheckSetting(const Setting& setting, const redis::Reply& reply,
                  std::vector<std::string>& complaints) {
  if (reply.is_array() && reply.size() == 2) {
    const std::string& value = reply[1].text();
    if (value == setting.value) return;
    complaints.push_back(absl::StrCat("Redis runs with ", setting.name, " ", value, "; set \"",
                                      setting.name, " ", setting.value,
                                      "\" in redis.conf or pass --accept_weak_durability"));
    return;
  }
  complaints.push_back(
      absl::StrCat("Redis does not tell its ", setting.name, " (",
                   reply.is_error() ? reply.text() : "no such setting",
                   "); grant +config|get to the user or pass --accept_weak_durability"));
}

// What the scripts write with; Redis keeps it as transactions in the append-only file.
const std::vector<redis::Command>& Replayed() {
  static const auto* const kCommands =
      new std::vector<redis::Command>{{"SET", "k", "v"},
                                      {"DEL", "k"},
                                      {"HSET", "k", "f", "v"},
                                      {"HDEL", "k", "f"},
                                      {"HINCRBY", "k", "f", "1"},
                                      {"PEXPIRE", "k", "1"},
                                      {"ZADD", "k", "1", "m"},
                                      {"ZREM", "k", "m"},
                                      {"XADD", "k", "*", "f", "v"},
                                      {"XGROUP", "SETID", "k", "g", "0-1"},
                                      {"XTRIM", "k", "MINID", "0-1"}};
  return *kCommands;
}

// Redis replays the append-only file as the default user, and what it has no right to do in a
// transaction is left out without a word: a default user that is off needs its rights all the same.
// Measured with Redis 7.0.15: every commit is lost at the next restart.
absl::Status CheckReplay(redis::Client& client, std::vector<std::string>& complaints) {
  for (const redis::Command& command : Replayed()) {
    redis::Command rehearsal = {"ACL", "DRYRUN", "default"};
    rehearsal.insert(rehearsal.end(), command.begin(), command.end());
    const absl::StatusOr<redis::Reply> reply = client.Call(std::move(rehearsal), kTimeout);
    if (!reply.ok()) return reply.status();
    if (!reply->is_error() && reply->text() == "OK") continue;
    complaints.push_back(
        reply->is_error()
            ? absl::StrCat("Redis does not tell the rights of its default user (", reply->text(),
                           "); grant +acl|dryrun to the user or pass --accept_weak_durability")
            : absl::StrCat("Redis would lose data when it restarts: it replays its append-only "
                           "file as the default user, which may not ",
                           command.front(), " (", reply->text(),
                           "); set \"user default off resetpass ~* &* +@all\", which still lets "
                           "nobody in"));
    return absl::OkStatus();
  }
  return absl::OkStatus();
}

absl::Status CheckSettings(redis::Client& client, std::vector<std::string>& complaints) {
  for (const Setting& setting : kDurable) {
    const absl::StatusOr<redis::Reply> reply =
        client.Call({"CONFIG", "GET", setting.name}, kTimeout);
    if (!reply.ok()) return reply.status();
    CheckSetting(setting, *reply, complaints);
  }
  return CheckReplay(client, complaints);
}

absl::Status ToStatus(const std::vector<std::string>& complaints) {
  if (complaints.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrJoin(complaints, "\n"));
}

}  // namespace

absl::Status CheckDurability(redis::Client& client) {
  std::vector<std::string> complaints;
  if (absl::Status status = CheckSettings(client, complaints); !status.ok()) return status;
  return ToStatus(complaints);
}

absl::Status CheckRedis(redis::Client& client, int partitions, bool accept_weak_durability) {
  std::vector<std::string> complaints;

  // The first service that ever starts fixes the number.
  const absl::StatusOr<redis::Reply> fixed =
      client.Call({"HSETNX", Keys::Meta(), "partitions", absl::StrCat(partitions)}, kTimeout);
  if (!fixed.ok()) return fixed.status();
  const absl::StatusOr<redis::Reply> stored =
      client.Call({"HGET", Keys::Meta(), "partitions"}, kTimeout);
  if (!stored.ok()) return stored.status();
  if (fixed->is_error() || stored->is_error()) {
    complaints.push_back(absl::StrCat(
        "the number of partitions in ", Keys::Meta(),
        " can not be read or set: ", fixed->is_error() ? fixed->text() : stored->text()));
  } else if (stored->integer() != partitions) {
    complaints.push_back(absl::StrCat("this Redis was first used with ", stored->text(),
                                      " partitions, not ", partitions,
                                      "; start with --partitions=", stored->text()));
  }

  if (!accept_weak_durability) {
    if (absl::Status status = CheckSettings(client, complaints); !status.ok()) return status;
  }
  return ToStatus(complaints);
}

}  // namespace fuju::chassis
