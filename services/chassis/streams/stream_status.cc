#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "chassis/streams/backlog.h"
#include "chassis/streams/consumer.h"

namespace fuju::chassis {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(5);
constexpr int kPage = 1000;
// So many entries are counted one by one at most.
constexpr int64_t kMostCounted = 20'000;

using Fields = absl::btree_map<std::string, redis::Reply>;

Fields FieldsOf(const redis::Reply& flat) {
  Fields fields;
  for (size_t i = 0; i + 1 < flat.size(); i += 2) fields[flat[i].text()] = flat[i + 1];
  return fields;
}

// An error reply becomes a status, but that the stream does not exist is an empty answer.
absl::StatusOr<redis::Reply> Ask(redis::Client& client, redis::Command command) {
  absl::StatusOr<redis::Reply> reply = client.Call(std::move(command), kTimeout);
  if (!reply.ok() || !reply->is_error()) return reply;
  if (reply->text().find("no such key") != std::string::npos) return redis::Reply::Array({});
  return absl::InternalError(absl::StrCat("stream status: ", reply->text()));
}

// Entries after `position`, counted; -1 if there are more than can be counted.
absl::StatusOr<int64_t> CountAfter(redis::Client& client, const std::string& stream,
                                   const std::string& position) {
  int64_t counted = 0;
  std::string start = absl::StrCat("(", position);
  while (counted < kMostCounted) {
    const absl::StatusOr<redis::Reply> page =
        Ask(client, {"XRANGE", stream, start, "+", "COUNT", absl::StrCat(kPage)});
    if (!page.ok()) return page.status();
    counted += static_cast<int64_t>(page->size());
    if (page->size() < kPage) return counted;
    start = absl::StrCat("(", page->items().back()[0].text());
  }
  return -1;
}

absl::StatusOr<double> Backlog(redis::Client& client, const Keys& keys, int partition,
                               const GroupStatus& group) {
  const absl::StatusOr<int64_t> counted =
      CountAfter(client, keys.Events(partition), group.position);
  if (!counted.ok()) return counted.status();
  if (*counted >= 0) return static_cast<double>(*counted);
  const absl::StatusOr<redis::Reply> computed =
      client.CallScript(BacklogScript(), {keys.Events(partition), keys.Positions(partition)},
                        {group.group}, kTimeout);
  if (!computed.ok()) return computed.status();
  if (computed->size() == 0 || (*computed)[0].integer() < 0) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return static_cast<double>((*computed)[0].integer());
}

}  // namespace

absl::StatusOr<StreamStatus> ReadStreamStatus(redis::Client& client, const Keys& keys,
                                              int partition) {
  const std::string stream = keys.Events(partition);
  StreamStatus status;
  status.service = keys.service();
  status.partition = partition;
  const absl::StatusOr<redis::Reply> info_reply = Ask(client, {"XINFO", "STREAM", stream});
  if (!info_reply.ok()) return info_reply.status();
  const absl::StatusOr<redis::Reply> groups = Ask(client, {"XINFO", "GROUPS", stream});
  if (!groups.ok()) return groups.status();
  const absl::StatusOr<redis::Reply> positions = Ask(client, {"HKEYS", keys.Positions(partition)});
  if (!positions.ok()) return positions.status();

  Fields info = FieldsOf(*info_reply);
  status.length = info["length"].integer();
  status.entries_added = info["entries-added"].integer();
  for (const redis::Reply& flat : groups->items()) {
    Fields fields = FieldsOf(flat);
    GroupStatus group;
    group.group = fields["name"].text();
    group.exists = true;
    group.position = fields["last-delivered-id"].text();
    const absl::StatusOr<double> backlog = Backlog(client, keys, partition, group);
    if (!backlog.ok()) return backlog.status();
    group.backlog = *backlog;
    status.groups.push_back(std::move(group));
  }
  for (const redis::Reply& name : positions->items()) {
    // ":trimmed" is not a group.
    if (absl::StartsWith(name.text(), ":")) continue;
    const bool found = std::any_of(status.groups.begin(), status.groups.end(),
                                   [&](const GroupStatus& g) { return g.group == name.text(); });
    if (found) continue;
    GroupStatus missing;
    missing.group = name.text();
    missing.backlog = std::numeric_limits<double>::quiet_NaN();
    status.groups.push_back(std::move(missing));
  }
  return status;
}

}  // namespace fuju::chassis
