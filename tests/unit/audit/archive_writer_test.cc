#include "audit/archive_writer.h"

#include <signal.h>
#include <sys/resource.h>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/text_serializer.h>
#include <soci/soci.h>

#include "audit/archive_database.h"
#include "audit/hash_chain.h"
#include "support/awaited.h"
#include "support/fake_clock.h"
#include "support/temporary_folder.h"
#include "unit/audit/samples.h"

namespace fuju::audit {
namespace {

using test_support::Awaited;
using ::testing::HasSubstr;

namespace applications_v1 = applications::v1;

class ArchiveWriterTest : public ::testing::Test {
 protected:
  std::unique_ptr<ArchiveWriter> Start() {
    auto writer = ArchiveWriter::Start({.path = path_}, &clock_, &metrics_);
    EXPECT_TRUE(writer.ok()) << writer.status();
    return *std::move(writer);
  }

  static absl::Status Append(ArchiveWriter& writer, std::shared_ptr<event::v1::Event> event) {
    Awaited<absl::Status> answer;
    writer.Append({std::move(event), "1-0"}, answer.Callback());
    return answer.Wait();
  }

  std::string Metrics() { return prometheus::TextSerializer().Serialize(registry_.Collect()); }

  const test_support::TemporaryFolder folder_;
  const std::string path_ = folder_.File("archive.sqlite");
  test_support::FakeClock clock_;
  prometheus::Registry registry_;
  AuditMetrics metrics_{registry_};
};

TEST_F(ArchiveWriterTest, CommitsManyThatComeAtOnceInFewTransactions) {
  constexpr int kThreads = 8, kEach = 100;
  auto writer = Start();
  absl::BlockingCounter done(kThreads * kEach);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 1; i <= kEach; ++i) {
        writer->Append({ApplicationEvent(absl::StrCat("applications/620102-", thread), i, i,
                                         applications_v1::APPLICATION_STATE_DRAFT),
                        "1-0"},
                       [&done](const absl::Status& status) {
                         EXPECT_TRUE(status.ok()) << status;
                         done.DecrementCount();
                       });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  done.Wait();
  const auto reading = *OpenToRead(path_);
  EXPECT_EQ(Count(*reading, "events"), kThreads * kEach);
  EXPECT_EQ(Count(*reading, "findings"), 0);
  EXPECT_EQ(VerifyChain(*reading).broken_at, 0);
  EXPECT_THAT(Metrics(),
              HasSubstr("fuju_audit_events_archived_total{source=\"applications\"} 800\n"));
}

TEST_F(ArchiveWriterTest, AnswersWhenTheEventIsReadableByOthers) {
  auto writer = Start();
  const auto reading = *OpenToRead(path_);
  for (int version = 1; version <= 20; ++version) {
    ASSERT_TRUE(Append(*writer, BudgetEvent("620102", 2026, version, 1, version)).ok());
    EXPECT_EQ(Count(*reading, "events"), version);
  }
}

TEST_F(ArchiveWriterTest, HasOneWriter) {
  auto writer = Start();
  const auto second = ArchiveWriter::Start({.path = path_}, &clock_, &metrics_);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.status().message()),
              HasSubstr(absl::StrCat("is being written by process ", getpid())));
  writer.reset();
  EXPECT_TRUE(ArchiveWriter::Start({.path = path_}, &clock_, &metrics_).ok());
}

TEST_F(ArchiveWriterTest, RefusesWhatIsNoEvent) {
  auto writer = Start();
  EXPECT_EQ(Append(*writer, std::make_shared<event::v1::Event>()).code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(ArchiveWriterTest, CountsAGap) {
  auto writer = Start();
  EXPECT_TRUE(Append(*writer, BudgetEvent("620102", 2026, 3, 1, 1)).ok());
  EXPECT_THAT(Metrics(), HasSubstr("fuju_audit_version_gaps_total 1\n"));
}

TEST_F(ArchiveWriterTest, NoticesABrokenChainAtTheStartAndGoesOn) {
  {
    auto writer = Start();
    ASSERT_TRUE(Append(*writer, BudgetEvent("620102", 2026, 1, 1, 1)).ok());
    ASSERT_TRUE(Append(*writer, BudgetEvent("620102", 2026, 2, 1, 2)).ok());
  }
  {
    const auto forger = *OpenToWrite(path_);
    *forger << "DROP TRIGGER events_are_not_changed";
    *forger << "UPDATE events SET actor = 'somebody' WHERE sequence = 2";
  }
  auto writer = Start();
  EXPECT_THAT(Metrics(), HasSubstr("fuju_audit_chain_broken_at 2\n"));
  EXPECT_TRUE(Append(*writer, BudgetEvent("620102", 2026, 3, 1, 3)).ok());
  const auto reading = *OpenToRead(path_);
  EXPECT_EQ(Count(*reading, "findings WHERE kind = 'broken_chain' AND got = 2"), 1);
}

// A full disk, played by the limit of a process on the size of its files.
TEST_F(ArchiveWriterTest, LosesNothingWhenTheDiskIsFull) {
  auto writer = Start();
  ASSERT_TRUE(Append(*writer, BudgetEvent("620102", 2026, 1, 1, 1)).ok());
  signal(SIGXFSZ, SIG_IGN);
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit full = before;
  full.rlim_cur = 1;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &full), 0);
  absl::Status refused = Append(*writer, BudgetEvent("620102", 2026, 2, 1, 2));
  absl::Status again = Append(*writer, BudgetEvent("620102", 2026, 2, 1, 2));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable) << refused;
  EXPECT_EQ(again.code(), absl::StatusCode::kUnavailable) << again;

  EXPECT_TRUE(Append(*writer, BudgetEvent("620102", 2026, 2, 1, 2)).ok());
  const auto reading = *OpenToRead(path_);
  EXPECT_EQ(Count(*reading, "events"), 2);
  EXPECT_EQ(VerifyChain(*reading).broken_at, 0);
  EXPECT_EQ(Count(*reading, "findings"), 0);
}

TEST_F(ArchiveWriterTest, CommitsWhatWaitsWhenItStops) {
  auto writer = Start();
  Awaited<absl::Status> last;
  for (int version = 1; version <= 50; ++version) {
    writer->Append(
        {BudgetEvent("620102", 2026, version, 1, version), "1-0"},
        version == 50 ? last.Callback() : [](const absl::Status&) {});
  }
  writer->Stop();
  EXPECT_TRUE(last.Wait().ok());
  EXPECT_EQ(Append(*writer, BudgetEvent("620102", 2026, 51, 1, 51)).code(),
            absl::StatusCode::kUnavailable);
  const auto reading = *OpenToRead(path_);
  EXPECT_EQ(Count(*reading, "events"), 50);
}

}  // namespace
}  // namespace fuju::audit
