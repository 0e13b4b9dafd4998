#include "probe_process.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/synchronization/mutex.h"

#include "chassis/process/process.h"
#include "chassis/telemetry/log.h"
#include "support/probe_service.h"

ABSL_FLAG(int32_t, wire_error, 0, "Code with which the wiring fails");
ABSL_FLAG(int32_t, step_error, 0, "Code with which the step before serving fails");
ABSL_FLAG(std::string, colour, "red", "Must be red or blue");

namespace fuju::test_support {
namespace {

using chassis::LogInfo;
using testing::v1::Probe;
using testing::v1::WatchProbeResponse;

// Tells the log when it is destroyed.
struct Kept {
  std::string name;
  explicit Kept(std::string kept_name) : name(std::move(kept_name)) {}
  ~Kept() { LogInfo("destroyed", {{"object", name}}); }
};

// The feed of the last watch.
class LastFeed {
 public:
  void Set(std::shared_ptr<ProbeService::Feed> feed) {
    absl::MutexLock lock(&mutex_);
    feed_ = std::move(feed);
  }
  void Tell(int64_t number) {
    absl::MutexLock lock(&mutex_);
    WatchProbeResponse response;
    response.set_number(number);
    if (feed_ != nullptr) feed_->Push(std::move(response));
  }

 private:
  absl::Mutex mutex_;
  std::shared_ptr<ProbeService::Feed> feed_;
};

absl::Status Failing(const absl::Flag<int32_t>& flag) {
  return absl::Status(static_cast<absl::StatusCode>(absl::GetFlag(flag)), "as the flag says");
}

absl::Status Wire(chassis::Process& process) {
  process.Keep(std::make_unique<Kept>("first"));
  process.Keep(std::make_unique<Kept>("second"));
  process.OnStop([] { LogInfo("on stop"); });
  auto* feed = process.Keep(std::make_unique<LastFeed>());
  auto service = std::make_unique<ProbeService>(&process.MakeGate(chassis::FormatRegistry()));
  service->on_get = [&process, feed](const auto&, const auto& request, const auto& done) {
    if (request.name() != "probes/slow") return done(Probe());
    process.redis().Schedule(absl::Milliseconds(500), [done] { done(Probe()); });
    feed->Tell(2);
  };
  service->on_watch = [feed](const auto&, const auto&, auto watch) {
    feed->Set(watch);
    feed->Tell(1);
    return std::make_shared<Kept>("subscription");
  };
  process.Serve(std::move(service));
  process.React({}, {}, {});
  process.fanout();
  process.BeforeServing([] { return Failing(FLAGS_step_error); });
  return Failing(FLAGS_wire_error);
}

}  // namespace

int RunProbeProcess(int argc, char** argv) {
  return chassis::RunService("probe", argc, argv, Wire, [](chassis::SettingsCheck& check) {
    const std::string colour = absl::GetFlag(FLAGS_colour);
    check.Require(colour == "red" || colour == "blue", "--colour must be red or blue");
  });
}

}  // namespace fuju::test_support
