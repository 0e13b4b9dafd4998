#include <string>
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

}  // namespace

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
    for (const Setting& setting : kDurable) {
      const absl::StatusOr<redis::Reply> reply =
          client.Call({"CONFIG", "GET", setting.name}, kTimeout);
      if (!reply.ok()) return reply.status();
      CheckSetting(setting, *reply, complaints);
    }
  }

  if (complaints.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrJoin(complaints, "\n"));
}

}  // namespace fuju::chassis
