#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/service_type.h>
#include <prometheus/registry.h>

#include "chassis/process/redis_clock.h"
#include "chassis/redis/pipelined_client.h"
#include "chassis/rpc/call.h"
#include "chassis/rpc/server.h"
#include "chassis/store/raw_store.h"
#include "chassis/streams/consumer.h"
#include "chassis/streams/fanout.h"
#include "chassis/telemetry/metrics_endpoint.h"
#include "chassis/values/clock.h"

namespace fuju::chassis {

class ProcessRunner;

// Start and stop of a service process, the same for all. The common flags are declared here, in
// common_flags.cc:
// those of redis_flags.h, --listen, --metrics_listen, --port_file,
// --partitions, --instance, --lease_ttl_ms, --drain_ms, --log_level, --accept_weak_durability,
// --request_retention_h, --wait_replicas, --stream_retention_h, --max_attempts, --longest_call_ms,
// --max_running_calls, --recent_states_mib, --start_timeout_s.
//
//   int main(int argc, char** argv) {
//     return chassis::RunService("applications", argc, argv, [](chassis::Process& process) { ...
//     });
//   }
class Process {
 public:
  Process();
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  const std::string& service() const { return service_; }
  redis::Client& redis() { return *redis_; }
  const Keys& keys() const { return *keys_; }
  RawStore& store() { return *store_; }
  // The time that decisions are given, the same for all services (redis_clock.h).
  const Clock& clock() const { return clock_; }
  std::shared_ptr<prometheus::Registry> registry() { return registry_; }
  // Made on first use.
  Fanout& fanout();
  // Gate of the gRPC services; call once, with the service's formats.
  CallGate& MakeGate(FormatRegistry formats);

  // Wiring, called inside `wire`. What is passed is kept until the process stops.
  void Serve(std::unique_ptr<grpc::Service> service);
  // `own_stream_groups`: who reads this service's stream (trimming waits for them).
  void React(Reactions reactions, TimerHandlers timers, std::vector<std::string> own_stream_groups);
  // Keeps an object until the server, the consumer and the Redis client have stopped; the last one
  // kept goes first. Its destructor must not use Redis: what has threads of its own ends them
  // in OnStop.
  template <typename T>
  T* Keep(std::unique_ptr<T> object) {
    T* raw = object.get();
    kept_.push_back(std::shared_ptr<void>(std::move(object)));
    return raw;
  }
  // A further entry of the port file, such as "dashboard": a listener that the service starts
  // itself.
  void ReportPort(std::string name, int port);
  // Runs after start, before SERVING, in order; an error ends the process. May wait for Redis.
  void BeforeServing(std::function<absl::Status()> step);
  // Runs when stopping, after the consumer and the server, while Redis is still there; the last one
  // added runs first.
  void OnStop(std::function<void()> step);

 private:
  friend class ProcessRunner;
  struct Reacting {
    Reactions reactions;
    TimerHandlers timers;
    std::vector<std::string> own_stream_groups;
  };

  std::string service_;
  RedisClock clock_;
  CallLimits call_limits_;
  std::shared_ptr<prometheus::Registry> registry_;
  std::unique_ptr<Keys> keys_;
  std::shared_ptr<redis::Topology> topology_;
  std::unique_ptr<redis::PipelinedClient> redis_;
  std::unique_ptr<RawStore> store_;
  std::unique_ptr<Fanout> fanout_;
  std::unique_ptr<CallGate> gate_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::vector<std::shared_ptr<void>> kept_;
  std::map<std::string, int> ports_;
  std::vector<std::function<absl::Status()>> before_serving_;
  std::vector<std::function<void()>> on_stop_;
  std::unique_ptr<Reacting> reacting_;
};

// A settings check: collects complaints, so that all are told at once.
class SettingsCheck {
 public:
  void Require(bool holds, std::string_view complaint);
  // `value` is that of --`flag`; both ends are allowed.
  void RequireBetween(const char* flag, int64_t value, int64_t least, int64_t most);
  const std::vector<std::string>& complaints() const { return complaints_; }
  // OK, or INVALID_ARGUMENT with all complaints, a line each.
  absl::Status Result() const;

 private:
  std::vector<std::string> complaints_;
};

// Parses flags (--flagfile too), validates them together with `check_settings`, which looks at the
// service's own flags (all complaints at once, exit 64), starts logging, metrics,
// Redis, the store (CheckRedis, waiting for Redis to come up to --start_timeout_s), calls `wire`,
// serves the dead letters beside the service's own API (chassis/admin), starts the consumer and the
// server, takes the steps of BeforeServing, is SERVING, writes
// --port_file atomically {"grpc":N,"metrics":N} and the reported ports, waits for SIGTERM or SIGINT
// (blocked in all threads, taken by sigwait; call before any thread is started), then stops within
// --drain_ms in this order: not serving, watches end, the consumer stops reading and hands
// partitions over, running calls finish, server, OnStop, fanout, Redis, what was kept, store,
// metrics. Returns the exit code: 0 after a clean stop, 64 usage (also when `wire` says
// INVALID_ARGUMENT), 69 a dependency is not usable, 70 a defect.
int RunService(std::string service, int argc, char** argv,
               std::function<absl::Status(Process&)> wire,
               std::function<void(SettingsCheck&)> check_settings = nullptr);

}  // namespace fuju::chassis
