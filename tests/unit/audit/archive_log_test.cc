#include "audit/archive_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <soci/soci.h>

#include "audit/archive_database.h"
#include "audit/hash_chain.h"
#include "support/temporary_folder.h"
#include "unit/audit/samples.h"

namespace fuju::audit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace applications_v1 = applications::v1;

class ArchiveLogTest : public ::testing::Test {
 protected:
  ArchiveLogTest() : log_(*ArchiveLog::Open(path_)), reading_(*OpenToRead(path_)) {}

  std::string ColumnOf(const std::string& query) {
    std::string value;
    *reading_ << query, soci::into(value);
    return value;
  }

  const test_support::TemporaryFolder folder_;
  const std::string path_ = folder_.File("archive.sqlite");
  std::unique_ptr<ArchiveLog> log_;
  std::unique_ptr<soci::session> reading_;
};

TEST_F(ArchiveLogTest, NumbersEventsWithoutAGap) {
  AppendAll(*log_, {ApplicationEvent(kCaseA, 1, 1000, applications_v1::APPLICATION_STATE_DRAFT),
                    ApplicationEvent(kCaseB, 1, 1001, applications_v1::APPLICATION_STATE_DRAFT)});
  const auto later = AppendAll(
      *log_, {ApplicationEvent(kCaseA, 2, 2000, applications_v1::APPLICATION_STATE_SUBMITTED)});
  ASSERT_EQ(later.size(), 1u);
  EXPECT_EQ(later[0].sequence, 3);
  EXPECT_EQ(Count(*reading_, "events"), 3);
  EXPECT_EQ(ColumnOf("SELECT entry_id FROM events WHERE sequence = 2"), "2-0");
  EXPECT_EQ(ColumnOf("SELECT typeof(data) FROM events WHERE sequence = 2"), "blob");
}

TEST_F(ArchiveLogTest, TakesARepeatAsDone) {
  const auto event = ApplicationEvent(kCaseA, 1, 1000, applications_v1::APPLICATION_STATE_DRAFT);
  AppendAll(*log_, {event});
  // Once more in a later transaction, and twice in the same one.
  const auto submitted =
      ApplicationEvent(kCaseA, 2, 2000, applications_v1::APPLICATION_STATE_SUBMITTED);
  const auto archived = AppendAll(*log_, {event, submitted, submitted});
  ASSERT_EQ(archived.size(), 3u);
  EXPECT_EQ(archived[0].result, Archived::Result::kRepeat);
  EXPECT_EQ(archived[0].sequence, 1);
  EXPECT_EQ(archived[1].result, Archived::Result::kAppended);
  EXPECT_EQ(archived[2].result, Archived::Result::kRepeat);
  EXPECT_EQ(archived[2].sequence, 2);
  EXPECT_EQ(Count(*reading_, "events"), 2);
  EXPECT_EQ(Count(*reading_, "findings"), 0);
  EXPECT_EQ(Count(*reading_, "stage_times"), 2);
}

TEST_F(ArchiveLogTest, ArchivesAfterAGapAndNotesIt) {
  const auto archived = AppendAll(
      *log_, {ApplicationEvent(kCaseA, 1, 1000, applications_v1::APPLICATION_STATE_DRAFT),
              ApplicationEvent(kCaseA, 4, 4000, applications_v1::APPLICATION_STATE_APPROVED)});
  ASSERT_EQ(archived.size(), 2u);
  EXPECT_THAT(archived[0].findings, IsEmpty());
  EXPECT_THAT(archived[1].findings, ElementsAre(FindingKind::kVersionGap));
  EXPECT_EQ(archived[1].sequence, 2);
  EXPECT_EQ(ColumnOf("SELECT kind || ' ' || source || ' ' || subject || ' ' || expected || ' ' || "
                     "got || ' ' || time_ms FROM findings"),
            std::string("version_gap applications ") + kCaseA + " 2 4 9000000");
}

TEST_F(ArchiveLogTest, NotesAGapBeforeTheFirstVersion) {
  const auto archived = AppendAll(
      *log_, {ApplicationEvent(kCaseA, 2, 2000, applications_v1::APPLICATION_STATE_SUBMITTED)});
  ASSERT_EQ(archived.size(), 1u);
  EXPECT_THAT(archived[0].findings, ElementsAre(FindingKind::kVersionGap));
}

TEST_F(ArchiveLogTest, ArchivesALateVersionWithoutChangingProjections) {
  AppendAll(*log_,
            {ApplicationEvent(kCaseA, 1, 1000, applications_v1::APPLICATION_STATE_DRAFT),
             ApplicationEvent(kCaseA, 3, 3000, applications_v1::APPLICATION_STATE_APPROVED)});
  const auto archived = AppendAll(
      *log_, {ApplicationEvent(kCaseA, 2, 2000, applications_v1::APPLICATION_STATE_SUBMITTED)});
  ASSERT_EQ(archived.size(), 1u);
  EXPECT_THAT(archived[0].findings, ElementsAre(FindingKind::kLateVersion));
  EXPECT_EQ(Count(*reading_, "events"), 3);
  EXPECT_EQ(ColumnOf("SELECT state FROM applications"), "APPROVED");
}

TEST_F(ArchiveLogTest, NotesARepeatThatDiffers) {
  AppendAll(*log_, {ApplicationEvent(kCaseA, 1, 1000, applications_v1::APPLICATION_STATE_DRAFT)});
  const auto other = ApplicationEvent(kCaseA, 1, 1234, applications_v1::APPLICATION_STATE_DRAFT);
  for (int time = 0; time < 2; ++time) {
    const auto archived = AppendAll(*log_, {other});
    ASSERT_EQ(archived.size(), 1u);
    EXPECT_EQ(archived[0].result, Archived::Result::kRepeat);
    EXPECT_THAT(archived[0].findings, ElementsAre(FindingKind::kDifferingRepeat));
  }
  EXPECT_EQ(ColumnOf("SELECT kind FROM findings"), "differing_repeat");
  EXPECT_EQ(Count(*reading_, "findings"), 1);
  EXPECT_EQ(Count(*reading_, "events WHERE time_ms = 1000"), 1);
}

TEST_F(ArchiveLogTest, RefusesWhatIsNoEventAndTakesTheRest) {
  const auto good = ApplicationEvent(kCaseA, 1, 1000, applications_v1::APPLICATION_STATE_DRAFT);
  auto no_version = std::make_shared<event::v1::Event>(*good);
  no_version->set_aggregate_version(0);
  auto no_subject = std::make_shared<event::v1::Event>(*good);
  no_subject->clear_subject();
  auto wrong_id = std::make_shared<event::v1::Event>(*good);
  wrong_id->set_id("applications/other@1");
  auto other_source = std::make_shared<event::v1::Event>(*good);
  other_source->set_source("dispatch");

  const auto archived = AppendAll(*log_, {no_version, no_subject, wrong_id, good, other_source});
  ASSERT_EQ(archived.size(), 5u);
  for (int i : {0, 1, 2, 4}) {
    EXPECT_EQ(archived[i].result, Archived::Result::kRefused) << i;
    EXPECT_EQ(archived[i].status.code(), absl::StatusCode::kInvalidArgument) << i;
  }
  EXPECT_EQ(archived[3].sequence, 1);
  EXPECT_THAT(archived[4].findings, ElementsAre(FindingKind::kReusedId));
  EXPECT_EQ(Count(*reading_, "events"), 1);
}

TEST_F(ArchiveLogTest, ArchivesATypeThatItDoesNotKnow) {
  auto event = ApplicationEvent(kCaseA, 1, 1000, applications_v1::APPLICATION_STATE_DRAFT);
  event->set_type("fuju.demand.v1.NeedRegistered");
  event->mutable_data()->set_type_url("type.googleapis.com/fuju.demand.v1.NeedRegistered");
  const auto archived = AppendAll(*log_, {event});
  ASSERT_EQ(archived.size(), 1u);
  EXPECT_EQ(archived[0].result, Archived::Result::kAppended);
  EXPECT_EQ(Count(*reading_, "applications"), 0);
  EXPECT_EQ(VerifyChain(*reading_).broken_at, 0);
}

TEST_F(ArchiveLogTest, GoesOnWhereItEndedAfterAReopen) {
  AppendAll(*log_, {ApplicationEvent(kCaseA, 1, 1000, applications_v1::APPLICATION_STATE_DRAFT)});
  log_.reset();
  log_ = *ArchiveLog::Open(path_);
  const auto archived = AppendAll(
      *log_, {ApplicationEvent(kCaseA, 1, 1000, applications_v1::APPLICATION_STATE_DRAFT),
              ApplicationEvent(kCaseA, 2, 2000, applications_v1::APPLICATION_STATE_SUBMITTED)});
  ASSERT_EQ(archived.size(), 2u);
  EXPECT_EQ(archived[0].result, Archived::Result::kRepeat);
  EXPECT_EQ(archived[1].sequence, 2);
  const ChainReport report = VerifyChain(*reading_);
  EXPECT_EQ(report.events, 2);
  EXPECT_EQ(report.broken_at, 0) << report.reason;
}

TEST_F(ArchiveLogTest, IsAppendOnlyAlsoForOthers) {
  AppendAll(*log_, {ApplicationEvent(kCaseA, 1, 1000, applications_v1::APPLICATION_STATE_DRAFT)});
  const auto writing = *OpenToWrite(path_);
  EXPECT_THROW(*writing << "UPDATE events SET actor = 'someone'", soci::soci_error);
  EXPECT_THROW(*writing << "DELETE FROM events", soci::soci_error);
  EXPECT_THROW(*reading_ << "DELETE FROM findings", soci::soci_error);
}

TEST(ArchiveDatabaseTest, RefusesWhatIsNoArchive) {
  const test_support::TemporaryFolder folder;
  EXPECT_EQ(OpenToRead(folder.File("absent")).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(OpenToWrite(folder.File("no-folder/archive")).status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(OpenToWrite("").status().code(), absl::StatusCode::kInvalidArgument);
  {
    soci::session other("sqlite3", folder.File("other"));
    other << "CREATE TABLE something (a INTEGER)";
  }
  const auto other = OpenToWrite(folder.File("other"));
  EXPECT_EQ(other.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(other.status().message()), HasSubstr("not an archive"));
  *(*OpenToWrite(folder.File("newer"))) << "PRAGMA user_version = 99";
  const auto newer = OpenToWrite(folder.File("newer"));
  EXPECT_EQ(newer.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(newer.status().message()), HasSubstr("99"));
}

TEST(ArchiveDatabaseTest, WritesDurably) {
  const test_support::TemporaryFolder folder;
  const auto session = *OpenToWrite(folder.File("archive"));
  std::string mode;
  int synchronous = 0, foreign_keys = 0;
  *session << "PRAGMA journal_mode", soci::into(mode);
  *session << "PRAGMA synchronous", soci::into(synchronous);
  *session << "PRAGMA foreign_keys", soci::into(foreign_keys);
  EXPECT_EQ(mode, "wal");
  EXPECT_EQ(synchronous, 2);  // FULL
  EXPECT_EQ(foreign_keys, 1);
}

}  // namespace
}  // namespace fuju::audit
