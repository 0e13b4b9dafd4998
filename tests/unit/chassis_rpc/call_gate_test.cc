#include <future>
#include <thread>

#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include <nlohmann/json.hpp>

#include "chassis/rpc/status.h"
#include "chassis/values/refusal.h"
#include "running_server.h"
#include "support/violations.h"

namespace fuju::chassis {
namespace {

using fuju::testing::v1::GetProbeRequest;
using fuju::testing::v1::Probe;
using fuju::testing::v1::UpdateProbeRequest;
using test_support::ActAs;
using test_support::PathsOf;
using test_support::RunningServer;
using test_support::StartRequest;
using ::testing::HasSubstr;
using ::testing::Not;

absl::Status Start(RunningServer& running, const std::string& actor,
                   const fuju::testing::v1::StartProbeRequest& request = StartRequest()) {
  grpc::ClientContext context;
  if (!actor.empty()) ActAs(context, actor);
  Probe probe;
  return FromGrpcStatus(running.stub->StartProbe(&context, request, &probe));
}

absl::Status Get(RunningServer& running, const std::string& name = "probes/1") {
  grpc::ClientContext context;
  GetProbeRequest request;
  request.set_name(name);
  Probe probe;
  return FromGrpcStatus(running.stub->GetProbe(&context, request, &probe));
}

int ErrorInfos(const grpc::Status& status) {
  google::rpc::Status details;
  details.ParseFromString(status.error_details());
  int count = 0;
  for (const auto& detail : details.details()) count += detail.Is<google::rpc::ErrorInfo>();
  return count;
}

TEST(CallGateTest, GivesTheHandlerWhatItHasToKnow) {
  RunningServer running;
  CallInfo seen;
  running.service->on_start = [&](const CallInfo& call, const auto& request, const auto& done) {
    seen = call;
    Probe probe;
    probe.set_name(request.name());
    done(std::move(probe));
  };
  grpc::ClientContext context;
  ActAs(context, "vendor_clerk:A-1/b.c_d");
  context.AddMetadata("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  Probe probe;
  ASSERT_TRUE(running.stub->StartProbe(&context, StartRequest(), &probe).ok());
  EXPECT_EQ(probe.name(), "probes/1");
  EXPECT_EQ(seen.method, "fuju.testing.v1.ProbeService/StartProbe");
  EXPECT_EQ(seen.actor, "vendor_clerk:A-1/b.c_d");
  EXPECT_EQ(seen.trace.trace_id(), "0af7651916cd43dd8448eb211c80319c");
  EXPECT_NE(seen.trace.span_id(), "b7ad6b7169203331");
}

TEST(CallGateTest, WhatIsBeyondTheLimitIsRefusedAtOnceWithADelay) {
  RunningServer running({.longest = absl::Seconds(30), .most_running = 2});
  absl::Mutex mutex;
  std::vector<std::function<void(absl::StatusOr<Probe>)>> held;
  running.service->on_get = [&](const CallInfo&, const auto&, const auto& done) {
    const absl::MutexLock lock(&mutex);
    held.push_back(done);
  };
  std::vector<std::future<absl::Status>> calls;
  for (int i = 0; i < 2; ++i) {
    calls.push_back(std::async(std::launch::async, [&] { return Get(running); }));
  }
  {
    const absl::MutexLock lock(&mutex);
    mutex.Await(absl::Condition(
        +[](decltype(held)* waiting) { return waiting->size() == 2; }, &held));
  }
  EXPECT_THAT(running.Metrics(), HasSubstr("fuju_rpc_server_running_calls 2"));
  grpc::ClientContext context;
  GetProbeRequest request;
  request.set_name("probes/1");
  Probe probe;
  const grpc::Status refused = running.stub->GetProbe(&context, request, &probe);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonOf(FromGrpcStatus(refused)), "OVERLOADED");
  google::rpc::Status details;
  details.ParseFromString(refused.error_details());
  google::rpc::RetryInfo retry;
  for (const auto& detail : details.details()) detail.UnpackTo(&retry);
  EXPECT_GE(retry.retry_delay().seconds(), 1);

  {
    const absl::MutexLock lock(&mutex);
    for (const auto& done : held) done(Probe());
  }
  for (auto& call : calls) EXPECT_TRUE(call.get().ok());
  running.service->on_get = [](const CallInfo&, const auto&, const auto& done) { done(Probe()); };
  EXPECT_TRUE(Get(running).ok());
  // One that is refused for another reason leaves its place.
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(Start(running, "").ok());
  EXPECT_TRUE(Get(running).ok());
}

TEST(CallGateTest, TheDeadlineIsTheCallersButBounded) {
  RunningServer running({.longest = absl::Seconds(20)});
  CallInfo seen;
  running.service->on_get = [&](const CallInfo& call, const auto&, const auto& done) {
    seen = call;
    done(Probe());
  };
  const absl::Time before = absl::Now();
  ASSERT_TRUE(Get(running).ok());
  EXPECT_GE(seen.deadline, before + absl::Seconds(20));
  EXPECT_LE(seen.deadline, absl::Now() + absl::Seconds(20));

  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(5)));
  GetProbeRequest request;
  request.set_name("probes/1");
  Probe probe;
  ASSERT_TRUE(running.stub->GetProbe(&context, request, &probe).ok());
  EXPECT_LE(seen.deadline, absl::Now() + absl::Seconds(6));
}

TEST(CallGateTest, RefusesAMutationOfNobody) {
  RunningServer running;
  const absl::Status status = Start(running, "");
  EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(ReasonOf(status), "ACTOR_MISSING");
}

TEST(CallGateTest, AReadNeedsNoActor) {
  RunningServer running;
  EXPECT_TRUE(Get(running).ok());
}

TEST(CallGateTest, NamesAMalformedActorBesideTheBadFields) {
  RunningServer running;
  auto request = StartRequest();
  request.set_name("probe-1");
  for (const std::string& actor :
       {std::string("nobody"), std::string(":a"), std::string("clerk:"), std::string("Clerk:a"),
        std::string("clerk:a b"), "clerk:" + std::string(81, 'a'), std::string(33, 'r') + ":a"}) {
    const absl::Status status = Start(running, actor, request);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << actor;
    EXPECT_EQ(ReasonOf(status), "FIELD_INVALID") << actor;
    EXPECT_EQ(PathsOf(status), "metadata.fuju-actor name") << actor;
  }
}

TEST(CallGateTest, NamesAllBadFieldsAtOnceBeforeTheHandlerRuns) {
  RunningServer running;
  bool ran = false;
  running.service->on_start = [&](const auto&, const auto&, const auto& done) {
    ran = true;
    done(Probe());
  };
  const absl::Status status = Start(running, "clerk:a", {});
  EXPECT_EQ(PathsOf(status), "name request_id");
  EXPECT_FALSE(ran);
}

TEST(CallGateTest, VeryManyViolationsReachTheClient) {
  RunningServer running;
  UpdateProbeRequest request;
  request.set_request_id("r1");
  request.mutable_update_mask()->add_paths("spare_parts");
  for (int i = 0; i < 200; ++i) request.mutable_probe()->add_spare_parts()->set_weight_g(-1);
  grpc::ClientContext context;
  ActAs(context, "clerk:a");
  Probe probe;
  const grpc::Status wire = running.stub->UpdateProbe(&context, request, &probe);
  const absl::Status status = FromGrpcStatus(wire);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  EXPECT_EQ(MetadataOf(status, "violations"), "400");
  EXPECT_GT(test_support::ViolationsOf(status).size(), 50u);
}

TEST(CallGateTest, SendsTheHandlersErrorWithItsDetails) {
  RunningServer running;
  running.service->on_get = [](const auto&, const auto& request, const auto& done) {
    done(NotFound(request.name()));
  };
  grpc::ClientContext context;
  GetProbeRequest request;
  request.set_name("probes/1");
  Probe probe;
  const grpc::Status wire = running.stub->GetProbe(&context, request, &probe);
  EXPECT_EQ(wire.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(ErrorInfos(wire), 1);
  EXPECT_EQ(ReasonOf(FromGrpcStatus(wire)), "RESOURCE_NOT_FOUND");
}

TEST(CallGateTest, AnErrorOfOursIsLoggedAndHiddenUnderItsTraceId) {
  RunningServer running;
  running.service->on_get = [](const auto&, const auto&, const auto& done) {
    done(absl::InternalError("the secret of the house"));
  };
  ::testing::internal::CaptureStderr();
  const absl::Status status = Get(running);
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("secret")));
  const std::string trace_id = MetadataOf(status, "trace_id");
  EXPECT_EQ(trace_id.size(), 32u);
  const nlohmann::json line = nlohmann::json::parse(log);
  EXPECT_EQ(line["error"], "the secret of the house");
  EXPECT_EQ(line["trace_id"], trace_id);
  EXPECT_EQ(line["method"], "fuju.testing.v1.ProbeService/GetProbe");
  EXPECT_EQ(line["code"], "INTERNAL");
}

TEST(CallGateTest, ARefusalIsNotLogged) {
  RunningServer running;
  ::testing::internal::CaptureStderr();
  EXPECT_FALSE(Get(running, "probe").ok());
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST(CallGateTest, AnUnavailableStoreDoesNotFloodTheLog) {
  RunningServer running;
  running.service->on_get = [](const auto&, const auto&, const auto& done) {
    done(absl::UnavailableError("no Redis"));
  };
  ::testing::internal::CaptureStderr();
  const absl::Time started = absl::Now();
  for (int i = 0; i < 200; ++i) EXPECT_FALSE(Get(running).ok());
  const auto seconds = absl::ToInt64Seconds(absl::Now() - started) + 2;
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_LE(std::count(log.begin(), log.end(), '\n'), 20 * seconds);
  EXPECT_THAT(log, HasSubstr("no Redis"));
}

TEST(CallGateTest, TheHandlerMayAnswerOnAnotherThread) {
  RunningServer running;
  std::vector<std::thread> threads;
  running.service->on_get = [&](const auto&, const auto& request, auto done) {
    threads.emplace_back([name = request.name(), done = std::move(done)] {
      Probe probe;
      probe.set_name(name);
      done(std::move(probe));
    });
  };
  EXPECT_TRUE(Get(running).ok());
  for (auto& thread : threads) thread.join();
}

TEST(CallGateTest, TheFirstAnswerCounts) {
  RunningServer running;
  running.service->on_get = [](const auto&, const auto&, const auto& done) {
    done(absl::NotFoundError("first"));
    done(Probe());
  };
  EXPECT_EQ(Get(running).code(), absl::StatusCode::kNotFound);
}

TEST(CallGateTest, AHandlerThatDropsItsCallAnswersInternal) {
  RunningServer running;
  running.service->on_get = [](const auto&, const auto&, const auto&) {};
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(Get(running).code(), absl::StatusCode::kInternal);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("dropped"));
}

TEST(CallGateTest, AnAnswerAfterTheDeadlineOrACancelIsHarmless) {
  RunningServer running;
  for (const bool cancel : {true, false}) {
    absl::Notification arrived;
    std::function<void(absl::StatusOr<Probe>)> late;
    running.service->on_get = [&](const auto&, const auto&, auto done) {
      late = std::move(done);
      arrived.Notify();
    };
    grpc::ClientContext context;
    if (!cancel) context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(1)));
    std::thread canceller([&] {
      arrived.WaitForNotification();
      if (cancel) context.TryCancel();
    });
    GetProbeRequest request;
    request.set_name("probes/1");
    Probe probe;
    const grpc::Status status = running.stub->GetProbe(&context, request, &probe);
    canceller.join();
    EXPECT_EQ(status.error_code(),
              cancel ? grpc::StatusCode::CANCELLED : grpc::StatusCode::DEADLINE_EXCEEDED);
    late(Probe());
  }
}

TEST(CallGateTest, DuringADrainRunningCallsFinishAndNewOnesAreRefused) {
  RunningServer running;
  absl::Notification arrived;
  std::function<void(absl::StatusOr<Probe>)> finish;
  running.service->on_get = [&](const auto&, const auto&, auto done) {
    finish = std::move(done);
    arrived.Notify();
  };
  std::future<absl::Status> call =
      std::async(std::launch::async, [&running] { return Get(running); });
  arrived.WaitForNotification();
  running.gate->Drain();
  const absl::Status refused = Start(running, "clerk:a");
  EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(refused), "SHUTTING_DOWN");
  EXPECT_FALSE(running.gate->AwaitIdle(absl::ZeroDuration()));
  finish(Probe());
  EXPECT_TRUE(running.gate->AwaitIdle(absl::Minutes(1)));
  EXPECT_TRUE(call.get().ok());
}

TEST(CallGateTest, CountsByMethodAndCode) {
  RunningServer running;
  EXPECT_TRUE(Get(running).ok());
  EXPECT_TRUE(Get(running).ok());
  EXPECT_FALSE(Get(running, "bad name").ok());
  const std::string metrics = running.Metrics();
  EXPECT_THAT(metrics, HasSubstr("fuju_rpc_server_handled_total{code=\"OK\","
                                 "method=\"fuju.testing.v1.ProbeService/GetProbe\"} 2"));
  EXPECT_THAT(metrics, HasSubstr("fuju_rpc_server_handled_total{code=\"INVALID_ARGUMENT\","
                                 "method=\"fuju.testing.v1.ProbeService/GetProbe\"} 1"));
  EXPECT_THAT(metrics, HasSubstr("fuju_rpc_server_handling_seconds_count{"
                                 "method=\"fuju.testing.v1.ProbeService/GetProbe\"} 3"));
  EXPECT_THAT(metrics, Not(HasSubstr("StartProbe")));
}

}  // namespace
}  // namespace fuju::chassis
