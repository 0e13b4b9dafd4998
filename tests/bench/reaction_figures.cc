// How near a consumer comes to what Redis alone does with the same commits.

#include <algorithm>
#include <csignal>
#include <map>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/notification.h"

#include "bench/baton.h"
#include "bench/groups.h"
#include "bench/measure.h"
#include "bench/one_commit.h"
#include "bench/pipeline.h"
#include "chassis/store/commit_script.h"
#include "chassis/store/event_envelope.h"

namespace fuju::bench {
namespace {

using chassis::Keys;

// One step's commit of one baton, as its update call would make it.
struct Step {
  chassis::Commit commit;
  chassis::Command command;
};

Step StepOf(int64_t number, int step) {
  const std::string id = BatonId(number);
  const auto kind = BatonKind();
  Step made;
  made.commit.location = {
      .kind = kind.kind, .id = id, .name = kind.name(id), .route = kind.route(id)};
  const Keys keys(StepName(step), kPartitions);
  made.commit.partition = keys.PartitionOf(made.commit.location.route);
  made.commit.next_version = 1;
  made.commit.correlation_id = absl::StrCat("relays/", number);
  made.command.actor = absl::StrCat("system:", StepName(step));
  made.command.traceparent = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01";
  testing::v1::Baton before = NewBaton(id);
  before.set_steps(step);
  const auto decision = PassOn(before, 1, 2);
  made.commit.state = decision->next.SerializeAsString();
  if (step > 0) {
    made.command.cause = chassis::Cause{.source = StepName(step - 1),
                                        .subject = made.commit.location.name,
                                        .version = 1,
                                        .event_id = absl::StrCat(made.commit.location.name, "@1")};
  }
  made.commit.events = chassis::SerializeEvents(decision->facts, made.commit, made.command,
                                                StepName(step), absl::Now());
  return made;
}

constexpr int kInFlight = 256;

// Facts of "step0" in its streams.
void PrepareFacts(const test_support::RedisServer& redis, int count) {
  const Keys keys(StepName(0), kPartitions);
  std::vector<std::string> commands;
  for (int i = 0; i < count; ++i) {
    const Step step = StepOf(i, 0);
    commands.push_back(
        Encoded({"XADD", keys.Events(step.commit.partition), "*", "e", step.commit.events[0]}));
  }
  Pipeline(redis.port(), 4, kInFlight).Run(commands);
}

// The commits of the reactions to these facts, each under a lease and by itself: the same
// script with the same keys and sizes as the consumer's, but nothing loaded, read or decided.
double RawCommitsPerSecond(Stage& stage, int count, int connections) {
  const auto redis = stage.StartRedis();
  PrepareFacts(*redis, count);
  const Keys keys(StepName(1), kPartitions);
  constexpr char kLease[] = "raw|1";
  for (int partition = 0; partition < kPartitions; ++partition) {
    redis->Call({"SET", keys.Lease(partition), kLease});
  }
  redis->Call({"SCRIPT", "LOAD", std::string(chassis::CommitScript().text())});
  std::vector<std::string> commands;
  for (int i = 0; i < count; ++i) {
    Step step = StepOf(i, 1);
    const int partition = step.commit.partition;
    step.command.fence = chassis::Fence{.partition = partition, .lease = kLease};
    commands.push_back(EncodedCommit(step.commit, step.command, keys));
  }
  return count / Pipeline(redis->port(), connections, kInFlight).Run(commands);
}

// Milliseconds since 1970 in an entry id.
int64_t MillisOf(const std::string& entry_id) {
  int64_t millis = 0;
  (void)absl::SimpleAtoi(entry_id.substr(0, entry_id.find('-')), &millis);
  return millis;
}

// From the first to the last fact of a step, by Redis' clock in the entry ids.
double DrainSeconds(const test_support::RedisServer& redis, const Keys& keys, int count) {
  const absl::Notification never;
  int64_t length = 0;
  const int64_t give_up = SteadyNs() + int64_t{120'000'000'000};
  while (length < count) {
    if (SteadyNs() > give_up) Fail(absl::StrCat(length, " of ", count, " reactions in time"));
    never.WaitForNotificationWithTimeout(absl::Milliseconds(100));
    length = 0;
    for (int i = 0; i < kPartitions; ++i) {
      length += redis.Call({"XLEN", keys.Events(i)}).integer();
    }
  }
  int64_t first = INT64_MAX;
  int64_t last = 0;
  for (int i = 0; i < kPartitions; ++i) {
    const auto head = redis.Call({"XRANGE", keys.Events(i), "-", "+", "COUNT", "1"});
    const auto tail = redis.Call({"XREVRANGE", keys.Events(i), "+", "-", "COUNT", "1"});
    if (head.size() == 0 || tail.size() == 0) continue;
    first = std::min(first, MillisOf(head[0][0].text()));
    last = std::max(last, MillisOf(tail[0][0].text()));
  }
  return static_cast<double>(last - first) / 1e3;
}

double ReactionsPerSecond(Stage& stage, Figures& figures, int count) {
  const auto redis = stage.StartRedis();
  PrepareFacts(*redis, count);
  const absl::Duration redis_before = CpuTimeOf(redis->pid());
  std::vector<std::string> program = stage.Role("serve-step");
  program.push_back("1");
  const Served step = stage.Serve(program, *redis);
  const double seconds = DrainSeconds(*redis, Keys(StepName(1), kPartitions), count);
  figures.Add("server_cpu_us_per_reaction",
              absl::ToDoubleMicroseconds(CpuTimeOf(step.process.pid())) / count);
  figures.Add("redis_cpu_us_per_reaction",
              absl::ToDoubleMicroseconds(CpuTimeOf(redis->pid()) - redis_before) / count);
  return count / seconds;
}

}  // namespace

void MeasureReactions(Stage& stage, Figures& figures) {
  const int count = stage.Scale(40000, 500);
  for (int run = 0; run < stage.options().runs; ++run) {
    figures.Add("raw_commit_qps", RawCommitsPerSecond(stage, count, 4));
    figures.Add("raw_commit_qps_one_connection", RawCommitsPerSecond(stage, count, 1));
    figures.Add("reaction_eps", ReactionsPerSecond(stage, figures, count));
  }
  figures.AddRatio("reaction_vs_raw", "reaction_eps", "raw_commit_qps");
}

}  // namespace fuju::bench
