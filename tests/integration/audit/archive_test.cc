#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "audit/archive_database.h"
#include "audit/hash_chain.h"
#include "chassis/store/keys.h"
#include "chassis/values/refusal.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "integration/audit/audit_process.h"
#include "support/child_process.h"
#include "support/http_get.h"
#include "support/promtool.h"
#include "support/redis_server.h"
#include "support/temporary_folder.h"
#include "support/violations.h"
#include "unit/audit/samples.h"

namespace fuju::audit {
namespace {

using ::testing::HasSubstr;

namespace applications_v1 = applications::v1;

// Cases that all services have something to say about, spread over the partitions.
class ArchiveTest : public ::testing::Test {
 protected:
  static constexpr int kCases = 12;
  // Events of one case.
  static constexpr int kEach = 6;

  static std::string CaseOf(int number) {
    return absl::StrCat("applications/620102-01JD00000000000000000000", 10 + number);
  }

  void PublishOne(std::shared_ptr<event::v1::Event> event, int partition) {
    event->set_partition(partition);
    Publish(redis_, *event);
    ++published_;
  }

  // The first half of each case, then its second half.
  void PublishHalf(int half) {
    for (int i = 0; i < kCases; ++i) {
      const int partition = i % 16;
      const std::string name = CaseOf(i);
      if (half == 1) {
        PublishOne(ApplicationEvent(name, 1, 1000, applications_v1::APPLICATION_STATE_DRAFT),
                   partition);
        PublishOne(ApplicationEvent(name, 2, 2000, applications_v1::APPLICATION_STATE_SUBMITTED),
                   partition);
        PublishOne(GrantEvent(name, 1, 2500, catalogue::v1::GRANT_STATE_RESERVED, 100), partition);
      } else {
        PublishOne(ApplicationEvent(name, 3, 3000, applications_v1::APPLICATION_STATE_UNDER_REVIEW),
                   partition);
        PublishOne(ApplicationEvent(name, 4, 4000, applications_v1::APPLICATION_STATE_ACCEPTED),
                   partition);
        PublishOne(GrantEvent(name, 2, 4500, catalogue::v1::GRANT_STATE_SETTLED, 100), partition);
      }
    }
  }

  AuditProcess StartAudit(const std::string& instance) {
    return AuditProcess(redis_, folder_.File(""), instance);
  }

  // Whole chain, each version of each aggregate once, no findings.
  void ExpectSoundArchive(int64_t events) {
    const auto reading = OpenToRead(folder_.File("/archive.sqlite"));
    ASSERT_TRUE(reading.ok()) << reading.status();
    const ChainReport report = VerifyChain(**reading);
    EXPECT_EQ(report.broken_at, 0) << report.reason;
    EXPECT_EQ(report.events, events);
    EXPECT_EQ(Count(**reading, "findings"), 0);
    EXPECT_EQ(Count(**reading,
                    "(SELECT subject FROM events GROUP BY source, subject"
                    " HAVING COUNT(*) <> MAX(version) OR MIN(version) <> 1)"),
              0);
  }

  const test_support::TemporaryFolder folder_;
  const test_support::RedisServer redis_;
  int64_t published_ = 0;
};

TEST_F(ArchiveTest, ArchivesEveryStreamAndAcknowledgesIt) {
  AuditProcess audit = StartAudit("a");
  PublishOne(BudgetEvent("620102", 2026, 1, 5000, 5000), 0);
  PublishHalf(1);
  PublishHalf(2);
  ASSERT_EQ(published_, kCases * kEach + 1);
  audit.AwaitEvents(published_);

  const auto overview = audit.Overview();
  ASSERT_TRUE(overview.ok()) << overview.status();
  EXPECT_EQ(overview->money().allocated_fen(), 5000);
  EXPECT_EQ(overview->money().paid_fen(), kCases * 100);
  EXPECT_EQ(overview->money().available_fen(), 5000 - kCases * 100);
  EXPECT_EQ(overview->cycle().count(), kCases);
  EXPECT_EQ(overview->cycle().p50_ms(), 2000);
  const auto trace = audit.Trace(CaseOf(3));
  ASSERT_TRUE(trace.ok()) << trace.status();
  EXPECT_EQ(trace->events_size(), kEach);

  // Acknowledged to the end of every stream.
  EXPECT_TRUE(audit.Await([&] {
    for (const char* stream : {"applications", "catalogue"}) {
      for (int partition = 0; partition < kCases; ++partition) {
        const chassis::Keys keys(stream, 16);
        const auto last =
            redis_.Call({"XREVRANGE", keys.Events(partition), "+", "-", "COUNT", "1"});
        const auto position = redis_.Call({"HGET", keys.Positions(partition), "audit"});
        if (last.size() != 1 || position.text() != last[0][0].text()) return false;
      }
    }
    return true;
  }));
  EXPECT_EQ(audit.Stop(), 0);
  ExpectSoundArchive(published_);
}

TEST_F(ArchiveTest, KeepsNoGapAndNoRepeatWhenItIsKilled) {
  AuditProcess first = StartAudit("first");
  PublishHalf(1);
  // Killed while the second half is on its way.
  first.AwaitEvents(kCases);
  PublishHalf(2);
  first.Kill();

  AuditProcess second = StartAudit("second");
  second.AwaitEvents(published_);
  EXPECT_EQ(second.Overview()->events(), published_);
  EXPECT_EQ(second.Stop(), 0);
  ExpectSoundArchive(published_);

  // Everything once more, as after a group that was set back: no effect.
  const int64_t archived = published_;
  AuditProcess third = StartAudit("third");
  PublishHalf(1);
  PublishHalf(2);
  PublishOne(BudgetEvent("620102", 2026, 1, 5000, 5000), 0);
  third.AwaitEvents(archived + 1);
  // And what the killed one had archived, but not acknowledged, if the second never came to it.
  EXPECT_TRUE(third.Await([&] {
    const auto metrics = test_support::HttpGet(third.metrics_port(), "/metrics");
    if (!metrics.ok()) return false;
    const std::string name = "\nfuju_audit_repeats_total ";
    const size_t at = metrics->find(name);
    return at != std::string::npos && std::atoll(metrics->c_str() + at + name.size()) >= archived;
  }));
  EXPECT_EQ(third.Overview()->money().paid_fen(), kCases * 100);
  EXPECT_EQ(third.Stop(), 0);
  ExpectSoundArchive(archived + 1);
}

TEST_F(ArchiveTest, ShowsALostEvent) {
  AuditProcess audit = StartAudit("a");
  PublishOne(BudgetEvent("620102", 2026, 1, 100, 100), 0);
  PublishOne(BudgetEvent("620102", 2026, 3, 100, 300), 0);
  audit.AwaitEvents(2);
  const auto metrics = test_support::HttpGet(audit.metrics_port(), "/metrics");
  ASSERT_TRUE(metrics.ok()) << metrics.status();
  EXPECT_THAT(*metrics, HasSubstr("fuju_audit_version_gaps_total 1\n"));
  EXPECT_EQ(test_support::PromtoolComplaints(*metrics), "");
  EXPECT_EQ(audit.Overview()->money().allocated_fen(), 300);
}

TEST_F(ArchiveTest, RefusesASecondWriterOfTheSameFile) {
  AuditProcess audit = StartAudit("a");
  const std::string log = folder_.File("b.log");
  auto second = test_support::ChildProcess::Start(
      AuditProcess::CommandOf(redis_, folder_.File(""), "b"), log);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->Wait(absl::Minutes(1)).value_or(-1), 69);
  std::ostringstream text;
  text << std::ifstream(log).rdbuf();
  EXPECT_THAT(text.str(), HasSubstr("an archive has one writer"));
  EXPECT_TRUE(audit.Overview().ok());
}

TEST_F(ArchiveTest, NamesAllBadFlagsAtOnce) {
  const std::string log = folder_.File("log");
  std::vector<std::string> command = AuditProcess::CommandOf(redis_, folder_.File(""), "a");
  for (const char* flag : {"--archive_file=/nowhere/archive", "--read_threads=0",
                           "--web_root=", "--data_dir=", "--dashboard_listen=8080"}) {
    command.push_back(flag);
  }
  auto process = test_support::ChildProcess::Start(command, log);
  ASSERT_TRUE(process.ok()) << process.status();
  EXPECT_EQ(process->Wait(absl::Minutes(1)).value_or(-1), 64);
  std::ostringstream text;
  text << std::ifstream(log).rdbuf();
  for (const char* flag :
       {"--archive_file", "--read_threads", "--web_root", "--data_dir", "--dashboard_listen"}) {
    EXPECT_THAT(text.str(), HasSubstr(flag));
  }
}

TEST_F(ArchiveTest, AnswersTheSameOverHttp) {
  AuditProcess audit = StartAudit("a");
  PublishOne(BudgetEvent("620102", 2026, 1, 5000, 5000), 0);
  PublishHalf(1);
  audit.AwaitEvents(published_);

  v1::Overview overview;
  const auto overview_json = test_support::HttpGet(audit.dashboard_port(), "/api/overview");
  ASSERT_TRUE(overview_json.ok()) << overview_json.status();
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(*overview_json, &overview).ok());
  EXPECT_EQ(overview.SerializeAsString(), audit.Overview()->SerializeAsString());

  v1::ListSpendingRequest request;
  request.set_county_code("620102");
  v1::ListSpendingResponse spending;
  const auto spending_json =
      test_support::HttpGet(audit.dashboard_port(), "/api/spending?county_code=620102");
  ASSERT_TRUE(spending_json.ok()) << spending_json.status();
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(*spending_json, &spending).ok());
  EXPECT_EQ(spending.lines(0).reserved_fen(), kCases * 100);
  EXPECT_EQ(spending.SerializeAsString(), audit.Spending(request)->SerializeAsString());

  v1::ApplicationTrace trace;
  const auto trace_json = test_support::HttpGet(audit.dashboard_port(),
                                                absl::StrCat("/api/trace?application=", CaseOf(1)));
  ASSERT_TRUE(trace_json.ok()) << trace_json.status();
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(*trace_json, &trace).ok());
  EXPECT_EQ(trace.SerializeAsString(), audit.Trace(CaseOf(1))->SerializeAsString());
}

TEST_F(ArchiveTest, RefusesBadInput) {
  AuditProcess audit = StartAudit("a");
  EXPECT_EQ(audit.Trace("applications/620102-none").status().code(), absl::StatusCode::kNotFound);
  for (const char* name : {"", "applications/", "grants/1", "applications/a/b"}) {
    const auto trace = audit.Trace(name);
    EXPECT_EQ(trace.status().code(), absl::StatusCode::kInvalidArgument) << name;
    EXPECT_EQ(chassis::ReasonOf(trace.status()), "FIELD_INVALID") << name;
  }
  v1::ListSpendingRequest request;
  request.set_county_code("000000");
  request.set_item_code("wheelchair");
  request.set_page_size(1001);
  request.set_page_token(std::string(513, 'a'));
  const auto spending = audit.Spending(request);
  EXPECT_EQ(spending.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(test_support::PathsOf(spending.status()), "county_code item_code page_size page_token");
}

}  // namespace
}  // namespace fuju::audit
