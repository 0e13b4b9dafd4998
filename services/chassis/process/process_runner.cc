#include "chassis/process/process_runner.h"

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include <prometheus/gauge.h>

#include "chassis/admin/dead_letters_service.h"
#include "chassis/process/port_file.h"
#include "chassis/process/redis_watch.h"
#include "chassis/telemetry/log.h"

namespace fuju::chassis {
namespace {

// How long the server waits for clients to take the end of their calls and close their connections.
// An idle client may not even notice that it is asked to: a synchronous one reads only during
// calls.
constexpr absl::Duration kGoodbye = absl::Milliseconds(500);

absl::Duration Left(absl::Time end) { return std::max(end - absl::Now(), absl::ZeroDuration()); }

}  // namespace

ProcessRunner::ProcessRunner(std::string service, CommonSettings settings, StopSignals* signals)
    : settings_(std::move(settings)), signals_(signals) {
  process_.service_ = std::move(service);
  process_.call_limits_ = settings_.calls;
  process_.keys_ = std::make_unique<Keys>(process_.service_, settings_.partitions);
}

ProcessRunner::~ProcessRunner() { Stop(); }

absl::Status ProcessRunner::Start(const std::function<absl::Status(Process&)>& wire) {
  // One of a process before this one would send its readers to the wrong ports.
  if (!settings_.port_file.empty()) std::remove(settings_.port_file.c_str());
  ExposeProcessMetrics();
  auto metrics = MetricsEndpoint::Start(settings_.metrics_listen, process_.registry_);
  if (!metrics.ok()) return metrics.status();
  metrics_ = *std::move(metrics);

  const bool many_nodes = settings_.redis.kind != redis::Deployment::Kind::kSingle;
  process_.topology_ = redis::Topology::Follow(
      settings_.redis, many_nodes ? WatchTopology(process_.registry_) : redis::TopologyEvents());
  process_.redis_ = redis::PipelinedClient::Start({.topology = process_.topology_});
  process_.store_ = MakeRedisStore(process_.redis_.get(), *process_.keys_, &process_.clock_,
                                   {.request_retention = settings_.request_retention,
                                    .wait_replicas = settings_.wait_replicas,
                                    .sharded = process_.topology_->sharded(),
                                    .recent_states_bytes = settings_.recent_states_bytes});
  if (absl::Status status = WaitForRedis(); !status.ok()) return status;
  process_.clock_.KeepInSync(process_.redis_.get());
  if (absl::Status status = wire(process_); !status.ok()) return status;
  ServeDeadLetters();
  if (absl::Status status = StartConsumer(); !status.ok()) return status;
  if (absl::Status status = StartServer(); !status.ok()) return status;
  return BeServing();
}

void ProcessRunner::ExposeProcessMetrics() {
  prometheus::BuildGauge()
      .Name("fuju_build_info")
      .Help("Always 1; the labels tell what runs")
      .Register(*process_.registry_)
      .Add({{"service", process_.service_}, {"version", FUJU_VERSION}})
      .Set(1);
  prometheus::BuildGauge()
      .Name("process_start_time_seconds")
      .Help("Start of the process, in seconds since 1970")
      .Register(*process_.registry_)
      .Add({})
      .Set(absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()));
}

absl::Status ProcessRunner::WaitForRedis() {
  constexpr absl::Duration kAttempt = absl::Milliseconds(500);
  constexpr absl::Duration kPause = absl::Milliseconds(100);
  const absl::Time end = absl::Now() + settings_.start_timeout;
  const std::string address = absl::StrJoin(
      settings_.redis.seeds, ",",
      [](std::string* out, const redis::Address& seed) { out->append(redis::ToString(seed)); });
  const bool many_nodes = process_.topology_->follows();
  std::string told;
  while (true) {
    absl::Status status = process_.redis_->Call({"PING"}, kAttempt).status();
    if (status.ok()) {
      status = CheckRedis(*process_.redis_, settings_.partitions,
                          settings_.accept_weak_durability || many_nodes);
    }
    if (status.ok() && !settings_.accept_weak_durability && many_nodes) status = CheckNodes();
    if (status.ok()) status = process_.clock_.Sync(*process_.redis_);
    if (status.ok() || status.code() == absl::StatusCode::kFailedPrecondition) return status;
    if (absl::Now() >= end) {
      return absl::UnavailableError(absl::StrCat("Redis at ", address, " did not come up within ",
                                                 absl::FormatDuration(settings_.start_timeout),
                                                 ": ", status.ToString()));
    }
    if (told != status.message()) {
      told = std::string(status.message());
      LogWarning("waiting for Redis", {{"redis", address}, {"error", told}});
    }
    if (signals_->Wait(kPause) != 0) return absl::CancelledError("stopped before it was serving");
  }
}

// Each for itself: a command goes to one of them, and a replica may be a primary tomorrow.
absl::Status ProcessRunner::CheckNodes() {
  std::vector<std::string> complaints;
  for (const redis::Address& node : process_.topology_->nodes()) {
    const auto client = redis::PipelinedClient::Start({.endpoint = process_.topology_->At(node)});
    const absl::Status status = CheckDurability(*client);
    if (status.ok()) continue;
    if (status.code() == absl::StatusCode::kFailedPrecondition) {
      complaints.push_back(absl::StrCat(redis::ToString(node), ": ", status.message()));
    } else {
      LogWarning("a Redis node could not be asked for its settings",
                 {{"node", redis::ToString(node)}, {"error", std::string(status.message())}});
    }
  }
  if (complaints.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrJoin(complaints, "\n"));
}

// Every service answers for its own dead letters, beside its own API.
void ProcessRunner::ServeDeadLetters() {
  if (process_.gate_ == nullptr) process_.MakeGate(FormatRegistry());
  std::vector<std::string> sources;
  if (process_.reacting_ != nullptr) sources = process_.reacting_->reactions.Sources();
  auto* desk = process_.Keep(std::make_unique<DeadLetterDesk>(
      process_.redis_.get(), *process_.keys_, &process_.clock_,
      DeadLetterDeskOptions{.request_retention = settings_.request_retention,
                            .wait_replicas = settings_.wait_replicas}));
  auto* answers = process_.Keep(std::make_unique<DeadLetterAnswers>(desk, std::move(sources)));
  auto* thread = process_.Keep(std::make_unique<OperatorThread>());
  process_.OnStop([thread] { thread->Stop(); });
  process_.Serve(std::make_unique<DeadLettersService>(process_.gate_.get(), answers, thread));
}

absl::Status ProcessRunner::StartConsumer() {
  if (process_.reacting_ == nullptr) return absl::OkStatus();
  Process::Reacting& reacting = *process_.reacting_;
  ConsumerOptions options;
  options.instance = settings_.instance;
  options.lease_ttl = settings_.lease_ttl;
  options.max_attempts = settings_.max_attempts;
  options.stream_retention = settings_.stream_retention;
  options.own_stream_groups = reacting.own_stream_groups;
  consumer_ =
      Consumer::Start(process_.redis_.get(), process_.topology_, *process_.keys_, &process_.clock_,
                      reacting.reactions, reacting.timers, options, process_.registry_.get());
  return absl::OkStatus();
}

absl::Status ProcessRunner::StartServer() {
  std::vector<grpc::Service*> services;
  for (const auto& service : process_.services_) services.push_back(service.get());
  ServerOptions options;
  options.listen = settings_.listen;
  auto server = Server::Start(options, services);
  if (!server.ok()) return server.status();
  server_ = *std::move(server);
  return absl::OkStatus();
}

absl::Status ProcessRunner::BeServing() {
  for (const auto& step : process_.before_serving_) {
    if (signals_->Wait(absl::ZeroDuration()) != 0) {
      return absl::CancelledError("stopped before it was serving");
    }
    if (absl::Status status = step(); !status.ok()) return status;
  }
  server_->SetServing(true);
  LogInfo("serving", {{"grpc_port", server_->port()}, {"metrics_port", metrics_->port()}});
  if (settings_.port_file.empty()) return absl::OkStatus();
  return WritePortFile(settings_.port_file, server_->port(), metrics_->port(), process_.ports_);
}

void ProcessRunner::Stop() {
  if (std::exchange(stopped_, true)) return;
  const absl::Time end = absl::Now() + settings_.drain;
  if (server_ != nullptr) server_->SetServing(false);
  if (process_.gate_ != nullptr) process_.gate_->Drain();
  if (consumer_ != nullptr) consumer_->Stop(Left(end));
  if (process_.gate_ != nullptr) process_.gate_->AwaitIdle(Left(end));
  if (server_ != nullptr) server_->Drain(std::min(Left(end), kGoodbye));
  for (auto step = process_.on_stop_.rbegin(); step != process_.on_stop_.rend(); ++step) (*step)();
  Destroy();
}

void ProcessRunner::Destroy() {
  server_.reset();
  process_.services_.clear();
  // Waits for the end of what watches left behind; they may use the fanout.
  process_.gate_.reset();
  if (process_.fanout_ != nullptr) process_.fanout_->Stop();
  // A reaction that outlasted the drain may still wait for Redis: its callback runs now, with all
  // that it may use still there.
  process_.redis_.reset();
  consumer_.reset();
  while (!process_.kept_.empty()) process_.kept_.pop_back();
  process_.fanout_.reset();
  process_.store_.reset();
  metrics_.reset();
}

}  // namespace fuju::chassis
