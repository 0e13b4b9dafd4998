#include "bench/stored_applications.h"

#include <string>

#include "absl/strings/str_format.h"

#include "applications/wiring.h"
#include "bench/one_commit.h"
#include "bench/pipeline.h"
#include "bench/stage.h"
#include "chassis/store/commit_script.h"
#include "chassis/store/packed_state.h"

namespace fuju::bench {
namespace {

using applications::Record;

// The command that stores the record as the application of this number.
std::string StoreCommand(Record& record, int number) {
  static const auto* const kKind =
      new chassis::AggregateKind<Record>(applications::ApplicationKind());
  static const auto* const kKeys = new chassis::Keys("applications", 16);
  applications::v1::Application& application = *record.mutable_application();
  application.set_person_key(absl::StrFormat("%03x%061x", number % 4096, number));
  const std::string id = absl::StrFormat("%s-%024d%s", application.county_code(), number,
                                         applications::PersonRoute(application.person_key()));
  application.set_name(applications::NameOf(id));
  chassis::Commit commit;
  commit.location = {
      .kind = kKind->kind, .id = id, .name = kKind->name(id), .route = kKind->route(id)};
  commit.partition = kKeys->PartitionOf(commit.location.route);
  commit.next_version = 1;
  commit.correlation_id = commit.location.name;
  commit.state = chassis::PackState(
      {.state = record.SerializeAsString(), .version = 0, .correlation_id = commit.correlation_id},
      id);
  commit.footprint = chassis::Difference({}, kKind->footprint(id, record));
  return EncodedCommit(commit, {}, *kKeys);
}

}  // namespace

void StoreApplications(const test_support::RedisServer& redis, int count,
                       const std::function<Record&(int number)>& record) {
  ForbidRewrites(redis);
  redis.Call({"CONFIG", "SET", "appendfsync", "no"});
  redis.Call({"SCRIPT", "LOAD", std::string(chassis::CommitScript().text())});
  int next = 0;
  constexpr int kConnections = 4;
  constexpr int kInFlight = 1024;
  Pipeline(redis.port(), kConnections, kInFlight).Run([&] {
    if (next == count) return std::string();
    const int number = next++;
    return StoreCommand(record(number), number);
  });
  // Every lookup moves a bucket of the old table, if Redis is amid doubling its table of keys: so
  // many that none is left.
  int64_t lookups = redis.Call({"DBSIZE"}).integer();
  Pipeline(redis.port(), kConnections, kInFlight).Run([&] {
    return lookups-- > 0 ? Encoded({"EXISTS", "none"}) : std::string();
  });
  redis.Call({"CONFIG", "SET", "appendfsync", "always"});
}

}  // namespace fuju::bench
