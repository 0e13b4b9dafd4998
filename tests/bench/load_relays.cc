// Starts relays by committing to the stream of "step0", and sees their ends in that of the last
// step.

#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include <nlohmann/json.hpp>

#include "bench/baton.h"
#include "bench/measure.h"
#include "bench/roles.h"
#include "bench/stage.h"
#include "chassis/redis/pipelined_client.h"
#include "chassis/streams/fanout.h"
#include "chassis/telemetry/trace_context.h"

ABSL_FLAG(int32_t, redis_port, 0, "Redis");
ABSL_FLAG(int32_t, relays, 1000, "relays to run");
ABSL_FLAG(int64_t, first_relay, 0, "number of the first; no two loads of a Redis share one");
ABSL_FLAG(int32_t, last_step, 4, "step whose fact ends a relay");
ABSL_FLAG(int32_t, relays_in_flight, 256, "relays that run at the same time");
ABSL_FLAG(double, relays_per_second, 0, "start so many, whatever becomes of them; 0: closed loop");

namespace fuju::bench {
namespace {

using testing::v1::Baton;
using testing::v1::BatonPassed;

chassis::redis::Endpoint RedisAt(int port) {
  chassis::redis::Endpoint endpoint;
  endpoint.port = port;
  return endpoint;
}

// Runs relays. Thread-safe.
class Relays {
 public:
  explicit Relays(int port)
      : client_(chassis::redis::PipelinedClient::Start({.endpoint = RedisAt(port)})),
        raw_(chassis::MakeRedisStore(client_.get(), chassis::Keys(StepName(0), kPartitions),
                                     &clock_, {})),
        store_(raw_.get(), BatonKind()),
        fanout_(chassis::Fanout::Start(
            client_.get(), chassis::redis::Topology::Fixed(RedisAt(port)),
            chassis::Keys(StepName(absl::GetFlag(FLAGS_last_step)), kPartitions))) {
    for (int partition = 0; partition < kPartitions; ++partition) {
      absl::Notification started;
      subscriptions_.push_back(fanout_->Subscribe(
          partition, "", [&started](const std::string&) { started.Notify(); },
          [this](const std::string&, const event::v1::Event& event) { OnEnd(event); },
          [](const absl::Status& status) { Fail(status.ToString()); }));
      started.WaitForNotification();
    }
  }
  ~Relays() {
    subscriptions_.clear();
    fanout_->Stop();
    client_.reset();
  }

  void Start(int64_t number) {
    const std::string id = BatonId(number);
    chassis::Command command;
    command.actor = "bench:driver";
    command.correlation_id = absl::StrCat("relays/", number);
    command.traceparent = chassis::TraceContext::New().ToHeader();
    // As the product's services say it of what they make.
    command.presumes_new = true;
    const int64_t asked_ns = SteadyNs();
    store_.Update(
        id, std::move(command),
        // The commit is sent right after the decision.
        [id, asked_ns, this](const chassis::Versioned<Baton>& /*current*/) {
          return PassOn(NewBaton(id), asked_ns, SteadyNs());
        },
        [](const absl::StatusOr<chassis::Committed<Baton>>& made) {
          if (!made.ok()) Fail(made.status().ToString());
        });
  }

  void AwaitEnds(int64_t count) {
    const absl::MutexLock lock(&mutex_);
    wanted_ = count;
    if (!mutex_.AwaitWithTimeout(absl::Condition(this, &Relays::HasWanted), absl::Minutes(2))) {
      Fail(absl::StrCat(relay_ms_.size(), " of ", count, " relays ended in time"));
    }
  }

  nlohmann::json Result(double seconds) const {
    const absl::MutexLock lock(&mutex_);
    nlohmann::json json;
    json["per_second"] = static_cast<double>(relay_ms_.size()) / seconds;
    json["p50_ms"] = Quantile(relay_ms_, 0.5);
    json["p99_ms"] = Quantile(relay_ms_, 0.99);
    json["handled_p50_ms"] = Quantile(handled_ms_, 0.5);
    return json;
  }

 private:
  bool HasWanted() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return static_cast<int64_t>(relay_ms_.size()) >= wanted_;
  }

  void OnEnd(const event::v1::Event& event) {
    BatonPassed fact;
    if (!event.data().UnpackTo(&fact)) Fail("a fact does not parse");
    const int64_t now = SteadyNs();
    const absl::MutexLock lock(&mutex_);
    relay_ms_.push_back(static_cast<double>(now - fact.started_ns()) / 1e6);
    handled_ms_.push_back(static_cast<double>(fact.handled_ns() - fact.started_ns()) / 1e6);
  }

  const chassis::SystemClock clock_;
  std::unique_ptr<chassis::redis::PipelinedClient> client_;
  std::unique_ptr<chassis::RawStore> raw_;
  BatonStore store_;
  std::unique_ptr<chassis::Fanout> fanout_;
  std::vector<std::unique_ptr<chassis::Fanout::Subscription>> subscriptions_;

  mutable absl::Mutex mutex_;
  int64_t wanted_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<double> relay_ms_ ABSL_GUARDED_BY(mutex_);
  std::vector<double> handled_ms_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

int LoadRelays(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  Relays relays(absl::GetFlag(FLAGS_redis_port));
  const int64_t first = absl::GetFlag(FLAGS_first_relay);
  const int count = absl::GetFlag(FLAGS_relays);
  const int in_flight = absl::GetFlag(FLAGS_relays_in_flight);
  const double per_second = absl::GetFlag(FLAGS_relays_per_second);
  const absl::Time started = absl::Now();
  for (int i = 0; i < count; ++i) {
    if (per_second > 0) {
      const absl::Notification never;
      never.WaitForNotificationWithTimeout(started + absl::Seconds(i / per_second) - absl::Now());
    } else if (i >= in_flight) {
      relays.AwaitEnds(i - in_flight + 1);
    }
    relays.Start(first + i);
  }
  relays.AwaitEnds(count);
  const double seconds = absl::ToDoubleSeconds(absl::Now() - started);
  std::printf("%s\n", relays.Result(seconds).dump().c_str());
  return 0;
}

}  // namespace fuju::bench
