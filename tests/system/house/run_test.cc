// One whole run through the real binaries, and what everyone who looks at it sees afterwards.

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include <google/protobuf/util/json_util.h>
#include <nlohmann/json.hpp>

#include "fuju/audit/v1/audit_service.grpc.pb.h"
#include "house_fixture.h"
#include "scenario/report.h"
#include "support/child_process.h"
#include "support/free_port.h"
#include "support/http_get.h"
#include "support/promtool.h"
#include "support/temporary_folder.h"

namespace fuju {
namespace {

constexpr int kApplications = 60;

// Polls an outside program or an archive that catches up; not a wait for our own code's internals.
template <typename Ready>
bool Eventually(absl::Duration limit, Ready ready) {
  const absl::Time deadline = absl::Now() + limit;
  absl::Notification never;
  while (!ready()) {
    if (absl::Now() > deadline) return false;
    never.WaitForNotificationWithTimeout(absl::Milliseconds(200));
  }
  return true;
}

class RunTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new test_support::TemporaryFolder;
    cluster_ = StartCluster(folder_->path());
    if (cluster_ == nullptr) return;
    scenario::Scenario play(*cluster_, ShortRun(kApplications, 11));
    auto result = play.Play([](const scenario::Progress&) {});
    ASSERT_TRUE(result.ok()) << result.status();
    result_ = new scenario::ScenarioResult(*std::move(result));
    const auto streams = scenario::ReadStreams(*cluster_, 16);
    ASSERT_TRUE(streams.ok()) << streams.status();
    streams_ = new scenario::StreamFigures(*streams);
  }
  static void TearDownTestSuite() {
    if (cluster_ != nullptr) {
      EXPECT_EQ(cluster_->Stop(), absl::OkStatus());
    }
    cluster_.reset();
    delete std::exchange(result_, nullptr);
    delete std::exchange(streams_, nullptr);
    delete std::exchange(folder_, nullptr);
  }
  void SetUp() override { ASSERT_NE(streams_, nullptr) << "the run failed"; }

  static int64_t PublishedEvents() {
    int64_t all = 0;
    for (const auto& [service, events] : streams_->events) all += events;
    return all;
  }
  // The archive's figures once it has everything.
  static audit::v1::Overview ArchivedOverview() {
    const auto stub = audit::v1::AuditService::NewStub(cluster_->channel("audit"));
    audit::v1::Overview overview;
    EXPECT_TRUE(Eventually(absl::Seconds(30), [&] {
      grpc::ClientContext context;
      overview.Clear();
      return stub->GetOverview(&context, audit::v1::GetOverviewRequest(), &overview).ok() &&
             overview.events() >= PublishedEvents();
    }));
    return overview;
  }

  static test_support::TemporaryFolder* folder_;
  static std::unique_ptr<test_support::Cluster> cluster_;
  static scenario::ScenarioResult* result_;
  static scenario::StreamFigures* streams_;
};

test_support::TemporaryFolder* RunTest::folder_ = nullptr;
std::unique_ptr<test_support::Cluster> RunTest::cluster_;
scenario::ScenarioResult* RunTest::result_ = nullptr;
scenario::StreamFigures* RunTest::streams_ = nullptr;

TEST_F(RunTest, EveryApplicationEndsAndTheMoneyBalances) {
  ExpectGood(*result_, kApplications);
  EXPECT_EQ(streams_->dead_letters, 0);
  for (const char* state :
       {"CLOSED", "WITHDRAWN", "INELIGIBLE", "REJECTED", "EXPIRED", "UNSERVED"}) {
    EXPECT_GT(result_->books.states[state], 0) << state;
  }
}

TEST_F(RunTest, OfficersSawTheWholeEvidence) {
  EXPECT_GT(result_->evidence_seen, 0);
  EXPECT_EQ(result_->evidence_missing, 0);
}

TEST_F(RunTest, TheArchiveHasEveryEventOnceAndTheSameMoney) {
  const audit::v1::Overview overview = ArchivedOverview();
  EXPECT_EQ(overview.events(), PublishedEvents());
  EXPECT_EQ(overview.money().allocated_fen(), result_->books.allocated);
  EXPECT_EQ(overview.money().available_fen(), result_->books.available);
  EXPECT_EQ(overview.money().reserved_fen(), result_->books.reserved);
  EXPECT_EQ(overview.money().paid_fen(), result_->books.paid);
  for (const auto& state : overview.states()) {
    EXPECT_EQ(state.applications(), result_->books.states[state.state()]) << state.state();
  }
}

TEST_F(RunTest, HealthAndMetricsAnswerEverywhere) {
  for (const std::string& service : test_support::ServiceNames()) {
    SCOPED_TRACE(service);
    const auto stub = grpc::health::v1::Health::NewStub(cluster_->channel(service));
    grpc::ClientContext context;
    grpc::health::v1::HealthCheckResponse health;
    ASSERT_TRUE(stub->Check(&context, grpc::health::v1::HealthCheckRequest(), &health).ok());
    EXPECT_EQ(health.status(), grpc::health::v1::HealthCheckResponse::SERVING);
    const std::string address = cluster_->metrics_address(service);
    const auto metrics =
        test_support::HttpGet(std::stoi(address.substr(address.find(':') + 1)), "/metrics");
    ASSERT_TRUE(metrics.ok()) << metrics.status();
    EXPECT_EQ(test_support::PromtoolComplaints(*metrics), "");
  }
}

TEST_F(RunTest, NoServiceIsRefusedByItsRedisUser) {
  const chassis::redis::Reply denied = cluster_->redis().Call({"ACL", "LOG"});
  ASSERT_TRUE(denied.is_array()) << denied.text();
  EXPECT_EQ(denied.size(), 0u);
}

TEST_F(RunTest, LogsHoldNoPersonalData) {
  for (const std::string& service : test_support::ServiceNames()) {
    std::ifstream in(absl::StrCat(folder_->path(), "/", service, ".log"));
    std::string line;
    while (std::getline(in, line)) {
      // The invented people's phone numbers, addresses and names.
      EXPECT_FALSE(absl::StrContains(line, "虚构村")) << service << ": " << line;
      EXPECT_FALSE(absl::StrContains(line, "\"139")) << service << ": " << line;
      EXPECT_TRUE(nlohmann::json::accept(line)) << service << ": " << line;
    }
  }
}

TEST_F(RunTest, TheDashboardShowsWhatTheApiAnswers) {
  const audit::v1::Overview overview = ArchivedOverview();
  const auto stub = audit::v1::AuditService::NewStub(cluster_->channel("audit"));
  audit::v1::ListSpendingRequest list;
  list.set_page_size(1000);
  int64_t paid = 0;
  do {
    grpc::ClientContext context;
    audit::v1::ListSpendingResponse page;
    ASSERT_TRUE(stub->ListSpending(&context, list, &page).ok());
    for (const auto& line : page.lines()) paid += line.paid_fen();
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty());
  EXPECT_EQ(paid, result_->books.paid);

  const std::string application = result_->books.example_closed;
  grpc::ClientContext context;
  audit::v1::GetApplicationTraceRequest ask;
  ask.set_application(application);
  audit::v1::ApplicationTrace trace;
  ASSERT_TRUE(stub->GetApplicationTrace(&context, ask, &trace).ok());
  EXPECT_GT(trace.events_size(), 15);

  std::string json;
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  ASSERT_TRUE(google::protobuf::util::MessageToJsonString(overview, &json, options).ok());
  const nlohmann::json expected = {
      {"url", absl::StrCat("http://", cluster_->dashboard_address(), "/")},
      {"application", application},
      {"overview", nlohmann::json::parse(json)},
      {"spendingPaidFen", absl::StrCat(paid)},
      {"traceEvents", trace.events_size()},
  };
  const std::string file = absl::StrCat(folder_->path(), "/expected.json");
  std::ofstream(file) << expected.dump();
  std::string output;
  const char* picture = std::getenv("FUJU_SCREENSHOT");
  std::vector<std::string> argv = {"node", "tests/web/dashboard.mjs", file};
  if (picture != nullptr) argv.emplace_back(picture);
  EXPECT_EQ(RunProgram(argv, folder_->path(), &output), 0) << output;
}

TEST_F(RunTest, FujuctlReadsStreamsAndCases) {
  const std::string fujuctl = test_support::Program("fujuctl");
  const auto on_redis = [&](const std::vector<std::string>& words) {
    std::vector<std::string> argv = {fujuctl};
    for (const std::string& flag : cluster_->operator_flags()) argv.push_back(flag);
    argv.insert(argv.end(), words.begin(), words.end());
    return argv;
  };
  std::string output;
  EXPECT_EQ(RunProgram(on_redis({"streams", "status"}), folder_->path(), &output), 0) << output;
  EXPECT_TRUE(absl::StrContains(output, "catalogue")) << output;
  EXPECT_FALSE(absl::StrContains(output, "MISSING")) << output;
  EXPECT_EQ(RunProgram(on_redis({"dead-letters", "list"}), folder_->path(), &output), 0);
  EXPECT_EQ(output, "0 dead letters\n");
  ArchivedOverview();
  EXPECT_EQ(RunProgram({fujuctl, absl::StrCat("--audit=", cluster_->address("audit")),
                        "application", "trace", result_->books.example_closed},
                       folder_->path(), &output),
            0);
  EXPECT_TRUE(absl::StrContains(output, " events\n")) << output;
  EXPECT_EQ(RunProgram({fujuctl, "no", "such"}, folder_->path(), &output), 64);
}

// Next year's standard, from its files to its publication. It begins to decide long after this
// test.
TEST_F(RunTest, FujuctlTakesACatalogueThroughItsLife) {
  std::string output;
  const auto run = [&](const std::string& actor, const std::vector<std::string>& words) {
    std::vector<std::string> argv = {test_support::Program("fujuctl"),
                                     absl::StrCat("--catalogue=", cluster_->address("catalogue")),
                                     absl::StrCat("--actor=", actor)};
    argv.insert(argv.end(), words.begin(), words.end());
    return RunProgram(argv, folder_->path(), &output);
  };
  const std::string policy = "--policy=deploy/data/gansu/policy.json";
  const std::string items = "deploy/data/gansu/catalogue.csv";
  EXPECT_EQ(run("province:a", {"catalogue", "import", "deploy/data/gansu/divisions.csv", policy,
                               "--version=bad"}),
            1);
  EXPECT_TRUE(absl::StrContains(output, "rows[1].item_code")) << output;
  EXPECT_EQ(run("province:a", {"catalogue", "import", items, policy, "--version=next"}), 0)
      << output;
  EXPECT_EQ(run("province:a", {"catalogue", "publish", "next", "--effective=2099-01-01"}), 1);
  EXPECT_TRUE(absl::StrContains(output, "another one has to check and publish it")) << output;
  EXPECT_EQ(run("province:b", {"catalogue", "diff", "gansu-example-2026", "next"}), 0) << output;
  EXPECT_TRUE(absl::StrContains(output, "没有差别")) << output;
  EXPECT_EQ(run("province:b", {"catalogue", "publish", "next", "--effective=2099-01-01"}), 0)
      << output;
  EXPECT_EQ(run("province:b", {"catalogue", "versions"}), 0) << output;
  EXPECT_TRUE(absl::StrContains(output, "next\t620000\tPUBLISHED\t2099-01-01")) << output;
  const std::string out = absl::StrCat(folder_->path(), "/next");
  EXPECT_EQ(
      run("province:b", {"catalogue", "export", "next", absl::StrCat("--out=", out), "--json"}), 0)
      << output;
  EXPECT_EQ(run("province:b", {"catalogue", "import", out + ".json", "--version=again", "--check"}),
            0)
      << output;
  EXPECT_EQ(run("county:c", {"catalogue", "import", "--area=620102", "--version=chengguan",
                             "--top_ups=deploy/data/gansu/top_ups_example.csv"}),
            0)
      << output;
  EXPECT_EQ(run("county:c", {"catalogue", "discard", "chengguan"}), 0) << output;
}

TEST_F(RunTest, PrometheusScrapesAllServices) {
  // The shipped configuration with the targets of this cluster.
  const std::string dir = absl::StrCat(folder_->path(), "/prometheus");
  std::filesystem::copy("deploy/prometheus", dir);
  nlohmann::json targets = nlohmann::json::array();
  for (const std::string& service : test_support::ServiceNames()) {
    targets.push_back(
        {{"targets", {cluster_->metrics_address(service)}}, {"labels", {{"service", service}}}});
  }
  std::ofstream(absl::StrCat(dir, "/targets.json")) << targets.dump();
  std::string output;
  ASSERT_EQ(RunProgram({"promtool", "check", "config", absl::StrCat(dir, "/prometheus.yml")},
                       folder_->path(), &output),
            0)
      << output;
  const int port = test_support::FreePort();
  auto prometheus = test_support::ChildProcess::Start(
      {"prometheus", absl::StrCat("--config.file=", dir, "/prometheus.yml"),
       absl::StrCat("--storage.tsdb.path=", dir, "/data"),
       absl::StrCat("--web.listen-address=127.0.0.1:", port)},
      absl::StrCat(folder_->path(), "/prometheus.log"));
  ASSERT_TRUE(prometheus.ok()) << prometheus.status();
  std::string up;
  EXPECT_TRUE(Eventually(absl::Seconds(60), [&] {
    const auto answer =
        test_support::HttpGet(port, "/api/v1/query?query=count(up%7Bjob%3D%22fuju%22%7D%3D%3D1)");
    if (!answer.ok()) return false;
    up = *answer;
    return absl::StrContains(up, "\"5\"]");
  })) << up;
  // What the alert FujuCalendarEnds looks at: the end of 2026 in Gansu.
  const auto end =
      test_support::HttpGet(port, "/api/v1/query?query=fuju_applications_calendar_end_seconds");
  ASSERT_TRUE(end.ok()) << end.status();
  EXPECT_TRUE(absl::StrContains(*end, "\"1798732800\"]")) << *end;
}

}  // namespace
}  // namespace fuju
