#include "audit/hash_chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <soci/soci.h>

#include "audit/archive_database.h"
#include "audit/archive_log.h"
#include "support/temporary_folder.h"
#include "unit/audit/samples.h"

namespace fuju::audit {
namespace {

using ::testing::HasSubstr;

namespace applications_v1 = applications::v1;

// An archive of five events that a forger has opened.
class HashChainTest : public ::testing::Test {
 protected:
  HashChainTest() {
    AppendAll(**ArchiveLog::Open(path_),
              {ApplicationEvent(kCaseA, 1, 1000, applications_v1::APPLICATION_STATE_DRAFT),
               ApplicationEvent(kCaseA, 2, 2000, applications_v1::APPLICATION_STATE_SUBMITTED),
               BudgetEvent("620102", 2026, 1, 5000, 5000),
               ApplicationEvent(kCaseB, 1, 3000, applications_v1::APPLICATION_STATE_DRAFT),
               ApplicationEvent(kCaseA, 3, 4000, applications_v1::APPLICATION_STATE_APPROVED)});
    session_ = *OpenToWrite(path_);
    *session_ << "DROP TRIGGER events_are_not_changed";
    *session_ << "DROP TRIGGER events_are_not_deleted";
    *session_ << "PRAGMA foreign_keys = OFF";
  }

  const test_support::TemporaryFolder folder_;
  const std::string path_ = folder_.File("archive.sqlite");
  std::unique_ptr<soci::session> session_;
};

TEST_F(HashChainTest, IsWholeWhenNothingWasChanged) {
  const ChainReport report = VerifyChain(*session_);
  EXPECT_EQ(report.events, 5);
  EXPECT_EQ(report.broken_at, 0);
  EXPECT_EQ(report.reason, "");
}

TEST_F(HashChainTest, IsSha256OverThePreviousHashAndTheBytes) {
  // python3: hashlib.sha256(bytes(32) + b"abc")
  EXPECT_EQ(ChainHash(FirstPreviousHash(), "abc"),
            "365aa7d8f7f9402c4b9434502b4cc89ddb09fe50d7cd95b493b834c62d5a5370");
}

TEST_F(HashChainTest, FindsAChangedByte) {
  // The last byte of the third event, and nothing else.
  *session_ << "UPDATE events SET data = CAST(substr(data, 1, length(data) - 1) || x'01' AS BLOB)"
               " WHERE sequence = 3";
  const ChainReport report = VerifyChain(*session_);
  EXPECT_EQ(report.broken_at, 3);
  EXPECT_THAT(report.reason, HasSubstr("do not fit its hash"));
}

TEST_F(HashChainTest, FindsAChangedColumn) {
  for (const char* change :
       {"actor = 'someone'", "time_ms = 1", "correlation_id = 'applications/x'",
        "type = 'fuju.catalogue.v1.SubsidySettled'", "\"partition\" = 9", "version = 9"}) {
    SCOPED_TRACE(change);
    *session_ << "SAVEPOINT forgery";
    *session_ << "UPDATE events SET " << change << " WHERE sequence = 2";
    const ChainReport report = VerifyChain(*session_);
    EXPECT_EQ(report.broken_at, 2);
    EXPECT_THAT(report.reason, HasSubstr("differs from the event"));
    *session_ << "ROLLBACK TO forgery";
  }
}

TEST_F(HashChainTest, FindsAnEventThatWasTakenOut) {
  *session_ << "DELETE FROM events WHERE sequence = 2";
  EXPECT_EQ(VerifyChain(*session_).broken_at, 3);
}

TEST_F(HashChainTest, FindsAnEventThatWasTakenOutAndTheRestRenumbered) {
  *session_ << "DELETE FROM events WHERE sequence = 2";
  for (int sequence : {3, 4, 5}) {
    *session_ << "UPDATE events SET sequence = sequence - 1 WHERE sequence = " << sequence;
  }
  const ChainReport report = VerifyChain(*session_);
  EXPECT_EQ(report.broken_at, 2);
  EXPECT_THAT(report.reason, HasSubstr("previous_hash"));
}

TEST_F(HashChainTest, FindsAForgedHashAtTheNextEvent) {
  *session_ << "UPDATE events SET hash = '" << FirstPreviousHash() << "' WHERE sequence = 5";
  EXPECT_EQ(VerifyChain(*session_).broken_at, 5);
}

}  // namespace
}  // namespace fuju::audit
