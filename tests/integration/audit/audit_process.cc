#include "integration/audit/audit_process.h"

#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "chassis/rpc/status.h"
#include "chassis/store/keys.h"
#include "support/child_process.h"

namespace fuju::audit {
namespace {

constexpr absl::Duration kLimit = absl::Minutes(1);

template <typename Request, typename Response>
absl::StatusOr<Response> Call(v1::AuditService::Stub& stub,
                              grpc::Status (v1::AuditService::Stub::*method)(grpc::ClientContext*,
                                                                             const Request&,
                                                                             Response*),
                              const Request& request) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(30)));
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) return chassis::FromGrpcStatus(status);
  return response;
}

}  // namespace

std::vector<std::string> AuditProcess::CommandOf(const test_support::RedisServer& redis,
                                                 const std::string& folder,
                                                 const std::string& instance) {
  return {test_support::Program("fuju-audit"),
          absl::StrCat("--redis=127.0.0.1:", redis.port()),
          absl::StrCat("--port_file=", folder, "/", instance, ".port"),
          absl::StrCat("--instance=", instance),
          "--lease_ttl_ms=1000",
          "--data_dir=deploy/data/gansu",
          absl::StrCat("--archive_file=", folder, "/archive.sqlite"),
          "--dashboard_listen=127.0.0.1:0",
          absl::StrCat("--web_root=", folder, "/web")};
}

AuditProcess::AuditProcess(const test_support::RedisServer& redis, const std::string& folder,
                           const std::string& instance)
    : folder_(folder) {
  auto process = test_support::ChildProcess::Start(CommandOf(redis, folder, instance),
                                                   absl::StrCat(folder, "/", instance, ".log"));
  EXPECT_TRUE(process.ok()) << process.status();
  if (process.ok()) process_ = *std::move(process);
  const std::string port_file = absl::StrCat(folder, "/", instance, ".port");
  EXPECT_TRUE(Await([&] { return std::filesystem::exists(port_file); }))
      << std::ifstream(absl::StrCat(folder, "/", instance, ".log")).rdbuf();
  std::ifstream file(port_file);
  const auto ports = nlohmann::json::parse(file, nullptr, false);
  if (ports.is_object()) {
    grpc_port_ = ports.value("grpc", 0);
    metrics_port_ = ports.value("metrics", 0);
    dashboard_port_ = ports.value("dashboard", 0);
  }
  channel_ = grpc::CreateChannel(absl::StrCat("127.0.0.1:", grpc_port_),
                                 grpc::InsecureChannelCredentials());
  stub_ = v1::AuditService::NewStub(channel_);
}

absl::StatusOr<v1::Overview> AuditProcess::Overview() {
  return Call(*stub_, &v1::AuditService::Stub::GetOverview, v1::GetOverviewRequest());
}

absl::StatusOr<v1::ApplicationTrace> AuditProcess::Trace(const std::string& application) {
  v1::GetApplicationTraceRequest request;
  request.set_application(application);
  return Call(*stub_, &v1::AuditService::Stub::GetApplicationTrace, request);
}

absl::StatusOr<v1::ListSpendingResponse> AuditProcess::Spending(
    const v1::ListSpendingRequest& request) {
  return Call(*stub_, &v1::AuditService::Stub::ListSpending, request);
}

void AuditProcess::AwaitEvents(int64_t events) {
  int64_t seen = 0;
  EXPECT_TRUE(Await([&] {
    const auto overview = Overview();
    if (overview.ok()) seen = overview->events();
    return seen >= events;
  })) << "archived "
      << seen << " of " << events;
}

bool AuditProcess::Await(const std::function<bool()>& holds) {
  const absl::Time end = absl::Now() + kLimit;
  while (!holds()) {
    if (process_.Wait(absl::Milliseconds(10)).ok() || absl::Now() > end) return holds();
  }
  return true;
}

void AuditProcess::Kill() {
  process_.Signal(SIGKILL);
  EXPECT_EQ(process_.Wait(kLimit).value_or(-1), 128 + SIGKILL);
}

int AuditProcess::Stop() {
  process_.Signal(SIGTERM);
  return process_.Wait(kLimit).value_or(-1);
}

void Publish(const test_support::RedisServer& redis, const event::v1::Event& event) {
  const chassis::Keys keys(event.source(), 16);
  const auto reply =
      redis.Call({"XADD", keys.Events(event.partition()), "*", "e", event.SerializeAsString()});
  ASSERT_FALSE(reply.is_error()) << reply.text();
}

}  // namespace fuju::audit
