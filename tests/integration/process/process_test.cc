#include "chassis/process/process.h"

#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "gtest/gtest.h"
#include <nlohmann/json.hpp>

#include "chassis/rpc/status.h"
#include "chassis/store/keys.h"
#include "chassis/values/refusal.h"
#include "fuju/admin/v1/dead_letters_service.grpc.pb.h"
#include "fuju/testing/v1/probe_service.grpc.pb.h"
#include "probe_process.h"
#include "support/child_process.h"
#include "support/http_get.h"
#include "support/promtool.h"
#include "support/redis_cluster.h"
#include "support/redis_server.h"
#include "support/temporary_folder.h"

namespace fuju::chassis {
namespace {

using fuju::testing::v1::GetProbeRequest;
using fuju::testing::v1::Probe;
using fuju::testing::v1::ProbeService;
using fuju::testing::v1::WatchProbeRequest;
using fuju::testing::v1::WatchProbeResponse;
using test_support::ChildProcess;
using test_support::RedisServer;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kChildVariable[] = "FUJU_PROBE_PROCESS";

std::string Read(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// A folder for one test, and the processes it starts.
class ProcessTest : public ::testing::Test {
 protected:
  ~ProcessTest() override {
    if (HasFailure()) ADD_FAILURE() << "log:\n" << Log();
  }

  std::string Path(const std::string& name) const { return folder_.File(name); }
  std::string Log() const { return Read(Path("log")); }

  ChildProcess Start(int redis_port, const std::vector<std::string>& flags = {}) {
    std::vector<std::string> words = {"/proc/self/exe",
                                      absl::StrCat("--redis=127.0.0.1:", redis_port),
                                      "--port_file=" + Path("ports"), "--drain_ms=5000"};
    words.insert(words.end(), flags.begin(), flags.end());
    setenv(kChildVariable, "1", 1);
    auto child = ChildProcess::Start(words, Path("log"));
    unsetenv(kChildVariable);
    EXPECT_TRUE(child.ok()) << child.status();
    return *std::move(child);
  }

  // Waits until `ready`, or until the process has ended or a minute has passed.
  static bool Await(ChildProcess& child, const std::function<bool()>& ready) {
    const absl::Time end = absl::Now() + absl::Minutes(1);
    while (!ready()) {
      const auto ended = child.Wait(absl::Milliseconds(10));
      if (ended.ok() || absl::Now() > end) return ready();
    }
    return true;
  }

  nlohmann::json Ports(ChildProcess& child) {
    EXPECT_TRUE(Await(child, [&] { return std::filesystem::exists(Path("ports")); }));
    return nlohmann::json::parse(Read(Path("ports")), nullptr, false);
  }

  std::shared_ptr<grpc::Channel> Connect(const nlohmann::json& ports) {
    return grpc::CreateChannel(absl::StrCat("127.0.0.1:", ports["grpc"].get<int>()),
                               grpc::InsecureChannelCredentials());
  }

  static int EndOf(ChildProcess& child) {
    const auto code = child.Wait(absl::Minutes(1));
    EXPECT_TRUE(code.ok()) << code.status();
    return code.value_or(-1);
  }

  test_support::TemporaryFolder folder_;
};

absl::Status Get(ProbeService::Stub& stub, const std::string& name) {
  grpc::ClientContext context;
  GetProbeRequest request;
  request.set_name(name);
  Probe probe;
  return FromGrpcStatus(stub.GetProbe(&context, request, &probe));
}

TEST_F(ProcessTest, ServesAndStopsOnSigterm) {
  RedisServer redis;
  ChildProcess child = Start(redis.port());
  const nlohmann::json ports = Ports(child);
  const auto channel = Connect(ports);
  const auto stub = ProbeService::NewStub(channel);
  EXPECT_TRUE(Get(*stub, "probes/1").ok());

  // The port file comes when it is SERVING.
  grpc::ClientContext context;
  grpc::health::v1::HealthCheckResponse health;
  const auto health_stub = grpc::health::v1::Health::NewStub(channel);
  ASSERT_TRUE(health_stub->Check(&context, {}, &health).ok());
  EXPECT_EQ(health.status(), grpc::health::v1::HealthCheckResponse::SERVING);

  const auto metrics = test_support::HttpGet(ports["metrics"].get<int>(), "/metrics");
  ASSERT_TRUE(metrics.ok()) << metrics.status();
  EXPECT_THAT(*metrics, HasSubstr("fuju_build_info{service=\"probe\",version=\""));
  EXPECT_THAT(*metrics, HasSubstr("process_start_time_seconds"));
  EXPECT_THAT(*metrics, HasSubstr("fuju_rpc_server_handled_total{"));
  EXPECT_EQ(test_support::PromtoolComplaints(*metrics), "");

  child.Signal(SIGTERM);
  EXPECT_EQ(EndOf(child), 0);
  const std::string log = Log();
  EXPECT_LT(log.find("\"on stop\""), log.find("\"second\"")) << log;
  EXPECT_LT(log.find("\"second\""), log.find("\"first\"")) << log;
  EXPECT_LT(log.find("\"first\""), log.find("\"stopped\"")) << log;
}

TEST_F(ProcessTest, ARunningCallFinishesAndWatchesGoElsewhere) {
  RedisServer redis;
  ChildProcess child = Start(redis.port());
  const auto channel = Connect(Ports(child));
  const auto stub = ProbeService::NewStub(channel);
  grpc::ClientContext context;
  WatchProbeRequest request;
  request.set_name("probes/1");
  WatchProbeResponse response;
  const auto watch = stub->WatchProbe(&context, request);
  ASSERT_TRUE(watch->Read(&response));
  std::future<absl::Status> slow =
      std::async(std::launch::async, [&] { return Get(*stub, "probes/slow"); });
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.number(), 2);

  child.Signal(SIGINT);
  EXPECT_FALSE(watch->Read(&response));
  const absl::Status ended = FromGrpcStatus(watch->Finish());
  EXPECT_EQ(ended.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(ended), "SHUTTING_DOWN");
  EXPECT_TRUE(slow.get().ok());
  EXPECT_EQ(EndOf(child), 0);
  EXPECT_THAT(Log(), HasSubstr("\"subscription\""));
}

TEST_F(ProcessTest, EveryServiceServesItsDeadLetters) {
  RedisServer redis;
  redis.Call({"XADD", Keys("probe", 16).DeadLetters(3), "5-0", "source", "former", "entry", "1-0",
              "subject", "x", "reason", "failed", "e", ""});
  ChildProcess child = Start(redis.port());
  const auto channel = Connect(Ports(child));
  grpc::ClientContext context;
  grpc::health::v1::HealthCheckRequest check;
  check.set_service("fuju.admin.v1.DeadLettersService");
  grpc::health::v1::HealthCheckResponse health;
  ASSERT_TRUE(grpc::health::v1::Health::NewStub(channel)->Check(&context, check, &health).ok());
  EXPECT_EQ(health.status(), grpc::health::v1::HealthCheckResponse::SERVING);
  grpc::ClientContext listing;
  admin::v1::ListDeadLettersResponse letters;
  const auto stub = admin::v1::DeadLettersService::NewStub(channel);
  ASSERT_TRUE(stub->ListDeadLetters(&listing, {}, &letters).ok());
  ASSERT_EQ(letters.dead_letters_size(), 1);
  EXPECT_EQ(letters.dead_letters(0).name(), "deadLetters/probe-p03-5-0");
  child.Signal(SIGTERM);
  EXPECT_EQ(EndOf(child), 0);
}

TEST_F(ProcessTest, EndsWhenRedisNeverComes) {
  std::ofstream(Path("ports")) << "stale";
  RedisServer redis;
  redis.Stop();
  ChildProcess child = Start(redis.port(), {"--start_timeout_s=1"});
  EXPECT_EQ(EndOf(child), 69);
  EXPECT_THAT(Log(), HasSubstr("waiting for Redis"));
  EXPECT_FALSE(std::filesystem::exists(Path("ports")));
}

TEST_F(ProcessTest, WaitsForRedisToComeUp) {
  RedisServer redis;
  redis.Stop();
  ChildProcess child = Start(redis.port());
  EXPECT_TRUE(Await(child, [&] { return Log().find("waiting for Redis") != std::string::npos; }));
  EXPECT_FALSE(std::filesystem::exists(Path("ports")));
  redis.Restart();
  Ports(child);
  child.Signal(SIGTERM);
  EXPECT_EQ(EndOf(child), 0);
}

TEST_F(ProcessTest, StopsWhileItWaitsForRedis) {
  RedisServer redis;
  redis.Stop();
  ChildProcess child = Start(redis.port());
  EXPECT_TRUE(Await(child, [&] { return Log().find("waiting for Redis") != std::string::npos; }));
  child.Signal(SIGTERM);
  EXPECT_EQ(EndOf(child), 0);
}

TEST_F(ProcessTest, TellsAllBadSettingsAtOnce) {
  ChildProcess child =
      Start(1, {"--partitions=0", "--no_such_flag=1", "--drain_ms=soon", "--listen=here",
                "--log_level=loud", "--colour=green", "--redis_password_file=/nowhere", "stray",
                "--redis_mode=ring", "--redis_primary_name=p", "--flagfile=/nowhere/flags"});
  EXPECT_EQ(EndOf(child), 64);
  const std::string log = Log();
  for (const char* complaint :
       {"--partitions is 0, must be 1 to 1024", "unknown flag --no_such_flag", "--drain_ms=soon",
        "--listen is \"here\"", "--redis_mode is \"ring\"", "--redis_primary_name belongs to",
        "--log_level is \"loud\"", "--colour must be red or blue",
        "--redis_password_file: cannot read '/nowhere'", "unexpected argument \"stray\"",
        "--flagfile=/nowhere/flags: can not be read"}) {
    EXPECT_THAT(log, HasSubstr(complaint));
  }
}

TEST_F(ProcessTest, TellsWhatIsWrongWithSeveralNodes) {
  ChildProcess child = Start(1, {"--redis=one:1,two:2,three", "--redis_mode=single"});
  EXPECT_EQ(EndOf(child), 64);
  EXPECT_THAT(Log(), HasSubstr("--redis is \"three\", must be host:port"));
  EXPECT_THAT(Log(), HasSubstr("with --redis_mode=single it must be one"));
  ChildProcess nameless = Start(1, {"--redis_mode=sentinel"});
  EXPECT_EQ(EndOf(nameless), 64);
  EXPECT_THAT(Log(), HasSubstr("--redis_primary_name belongs to --redis_mode=sentinel"));
}

TEST_F(ProcessTest, ReadsAFlagFile) {
  RedisServer redis;
  std::ofstream(Path("flags")) << "# settings of the probe\n\n--instance=probe-7\n  --colour=blue\n"
                               << "--noaccept_weak_durability\n--flagfile=" << Path("more") << "\n";
  std::ofstream(Path("more")) << "--log_level=info\n";
  ChildProcess child = Start(redis.port(), {"--log_level", "error", "--flagfile=" + Path("flags")});
  Ports(child);
  EXPECT_THAT(Log(), HasSubstr("\"instance\":\"probe-7\""));
  child.Signal(SIGTERM);
  EXPECT_EQ(EndOf(child), 0);
}

TEST_F(ProcessTest, ShowsItsFlags) {
  ChildProcess child = Start(1, {"--help"});
  EndOf(child);
  EXPECT_THAT(Log(), HasSubstr("--drain_ms"));
  EXPECT_THAT(Log(), HasSubstr("ms"));
}

TEST_F(ProcessTest, RefusesARedisThatMayLoseWrites) {
  RedisServer redis({"--appendfsync", "everysec"});
  ChildProcess child = Start(redis.port());
  EXPECT_EQ(EndOf(child), 69);
  EXPECT_THAT(Log(), HasSubstr("appendfsync"));
  ChildProcess accepting = Start(redis.port(), {"--accept_weak_durability"});
  Ports(accepting);
  accepting.Signal(SIGTERM);
  EXPECT_EQ(EndOf(accepting), 0);
}

// A replica may be a primary tomorrow.
TEST_F(ProcessTest, RefusesAClusterOfWhichANodeMayLoseWrites) {
  test_support::RedisCluster redis;
  const std::vector<std::string> flags = {"--redis=" + redis.addresses(), "--redis_mode=cluster"};
  redis.node(5).Call({"CONFIG", "SET", "appendfsync", "everysec"});
  ChildProcess child = Start(1, flags);
  EXPECT_EQ(EndOf(child), 69);
  EXPECT_THAT(Log(),
              HasSubstr(redis::ToString(redis.address(5)) + ": Redis runs with appendfsync"));
  redis.node(5).Call({"CONFIG", "SET", "appendfsync", "always"});
  ChildProcess sound = Start(1, flags);
  const auto page = test_support::HttpGet(Ports(sound)["metrics"], "/metrics");
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_THAT(*page, HasSubstr("fuju_redis_nodes 6"));
  EXPECT_THAT(*page, HasSubstr("fuju_redis_redirects_total{reason=\"moved\"} 0"));
  EXPECT_THAT(Log(), HasSubstr("the layout of Redis has changed"));
  sound.Signal(SIGTERM);
  EXPECT_EQ(EndOf(sound), 0);
}

TEST_F(ProcessTest, RefusesAnotherNumberOfPartitions) {
  RedisServer redis;
  ChildProcess first = Start(redis.port(), {"--partitions=4"});
  Ports(first);
  first.Signal(SIGTERM);
  EXPECT_EQ(EndOf(first), 0);
  ChildProcess second = Start(redis.port(), {"--partitions=8"});
  EXPECT_EQ(EndOf(second), 69);
  EXPECT_THAT(Log(), HasSubstr("4 partitions, not 8"));
}

TEST_F(ProcessTest, EndsWithTheKindOfFailure) {
  RedisServer redis;
  const auto code = [](absl::StatusCode value) { return absl::StrCat(static_cast<int>(value)); };
  for (const auto& [error, exit_code] :
       std::vector<std::pair<absl::StatusCode, int>>{{absl::StatusCode::kInvalidArgument, 64},
                                                     {absl::StatusCode::kUnavailable, 69},
                                                     {absl::StatusCode::kFailedPrecondition, 69},
                                                     {absl::StatusCode::kInternal, 70}}) {
    ChildProcess wiring = Start(redis.port(), {"--wire_error=" + code(error)});
    EXPECT_EQ(EndOf(wiring), exit_code);
    ChildProcess step = Start(redis.port(), {"--step_error=" + code(error)});
    EXPECT_EQ(EndOf(step), exit_code);
    EXPECT_FALSE(std::filesystem::exists(Path("ports")));
  }
  EXPECT_THAT(Log(), Not(HasSubstr("\"serving\"")));
}

TEST_F(ProcessTest, SaysWhichPortIsTaken) {
  RedisServer redis;
  ChildProcess first = Start(redis.port());
  const nlohmann::json ports = Ports(first);
  for (const std::string name : {"grpc", "metrics"}) {
    const std::string flag = name == "grpc" ? "--listen" : "--metrics_listen";
    const std::string address = absl::StrCat("127.0.0.1:", ports[name].get<int>());
    ChildProcess second = Start(redis.port(), {flag + "=" + address, "--port_file="});
    EXPECT_EQ(EndOf(second), 69);
    EXPECT_THAT(Log(), HasSubstr("can not"));
    EXPECT_THAT(Log(), HasSubstr(address));
  }
}

}  // namespace
}  // namespace fuju::chassis

int main(int argc, char** argv) {
  if (std::getenv(fuju::chassis::kChildVariable) != nullptr) {
    return fuju::test_support::RunProbeProcess(argc, argv);
  }
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
