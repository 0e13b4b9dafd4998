#include "applications/needs/needs_import.h"

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "fuju/applications/v1/need_events.pb.h"
#include "vocabulary/invalid_value.h"

namespace fuju::applications {
namespace {

using chassis::ReasonOf;

const absl::Time kNow = absl::FromUnixSeconds(1'767'574'800);
const std::string kHash(64, 'a');

v1::CreateNeedsImportRequest Announcement() {
  v1::CreateNeedsImportRequest request;
  request.set_survey_year(2025);
  request.set_sha256(kHash);
  request.set_size_bytes(1000);
  return request;
}

NeedsImportRecord Begun() {
  return DecideAnnounce(NeedsImportRecord(), Announcement(), "officer:o1", kNow)->next;
}

Stretch Read(int64_t from, int64_t to) {
  Stretch stretch;
  stretch.from = from;
  stretch.to = to;
  stretch.counts.set_read(3);
  stretch.counts.set_recorded(1);
  stretch.counts.set_bad(2);
  stretch.bad_cells = 5;
  stretch.listed = 4;
  return stretch;
}

TEST(NeedsImportTest, IsNamedAfterItsFile) {
  const NeedsImportRecord begun = Begun();
  EXPECT_EQ(begun.needs_import().name(),
            absl::StrCat("needsImports/2025-", kHash.substr(0, 20), "-0"));
  const std::string id = NeedsImportIdFromName(begun.needs_import().name());
  EXPECT_EQ(NeedsImportNameOf(id), begun.needs_import().name());
  EXPECT_EQ(RunOf("2025-00-12"), 12);
  EXPECT_EQ(BadCellsNameOf(BadCellsIdOf(id, 7)), absl::StrCat("needsImports/", id, "/badCells/7"));
  EXPECT_EQ(ImportOfBadCells(BadCellsIdOf(id, 7)), id);
}

TEST(NeedsImportTest, IsAnnouncedOnce) {
  EXPECT_FALSE(DecideAnnounce(Begun(), Announcement(), "officer:o2", kNow)->changed);
  v1::CreateNeedsImportRequest other = Announcement();
  other.set_size_bytes(999);
  EXPECT_EQ(ReasonOf(DecideAnnounce(Begun(), other, "o", kNow).status()), "IMPORT_DIFFERS");
  other = Announcement();
  other.set_county_code("620102");
  EXPECT_EQ(ReasonOf(DecideAnnounce(Begun(), other, "o", kNow).status()), "IMPORT_DIFFERS");
  other = Announcement();
  other.set_sha256(kHash.substr(0, 20) + std::string(44, 'b'));
  EXPECT_EQ(ReasonOf(DecideAnnounce(Begun(), other, "o", kNow).status()), "IMPORT_DIFFERS");
}

TEST(NeedsImportTest, MovesOnByStretches) {
  const NeedsImportRecord one = DecideStretch(Begun(), Read(0, 400), kNow)->next;
  const auto two = DecideStretch(one, Read(400, 700), kNow);
  const v1::NeedsImport& import = two->next.needs_import();
  EXPECT_EQ(import.durable_offset(), 700);
  EXPECT_EQ(import.counts().read(), 6);
  EXPECT_EQ(import.counts().bad(), 4);
  EXPECT_EQ(import.bad_cells(), 10);
  EXPECT_EQ(import.bad_cells_not_listed(), 2);
  ASSERT_EQ(two->next.bad_stretches_size(), 2);
  EXPECT_EQ(two->next.bad_stretches(1).number(), 1);
  EXPECT_EQ(two->next.position().stretches(), 2);
  EXPECT_EQ(two->facts[0]->GetDescriptor(), v1::NeedsImportProgressed::descriptor());
  EXPECT_EQ(RoomForBadCells(two->next, 10), 2);
  EXPECT_EQ(RoomForBadCells(two->next, 5), 0);
  // Not twice, and not before its turn.
  for (const int64_t from : {0, 400, 800}) {
    const absl::Status moved = DecideStretch(two->next, Read(from, from + 1), kNow).status();
    EXPECT_EQ(moved.code(), absl::StatusCode::kAborted);
    EXPECT_EQ(chassis::MetadataOf(moved, "offset"), "700");
  }
}

TEST(NeedsImportTest, EndsByItsHashOrAReason) {
  Stretch last = Read(0, 1000);
  last.sha256 = kHash;
  const auto completed = DecideStretch(Begun(), last, kNow);
  EXPECT_EQ(completed->next.needs_import().state(), v1::NEEDS_IMPORT_STATE_COMPLETED);
  EXPECT_EQ(completed->facts[0]->GetDescriptor(), v1::NeedsImportCompleted::descriptor());
  last.sha256 = std::string(64, 'b');
  const auto changed = DecideStretch(Begun(), last, kNow);
  EXPECT_EQ(changed->next.needs_import().state(), v1::NEEDS_IMPORT_STATE_REFUSED);
  Stretch broken = Read(0, 400);
  broken.refusal = vocabulary::InvalidValue("坏", "broken");
  const auto refused = DecideStretch(Begun(), broken, kNow);
  EXPECT_EQ(refused->next.needs_import().error_zh(), "坏");
  EXPECT_EQ(refused->next.needs_import().error_en(), "broken");
  EXPECT_EQ(refused->facts[0]->GetDescriptor(), v1::NeedsImportRefused::descriptor());
  for (const auto& ended : {completed, changed, refused}) {
    EXPECT_EQ(ReasonOf(DecideStretch(ended->next, Read(1000, 1001), kNow).status()),
              "IMPORT_ENDED");
    EXPECT_EQ(ReasonOf(CheckSending(ended->next, 0)), "IMPORT_ENDED");
  }
}

TEST(NeedsImportTest, BadCellsAreWrittenOnce) {
  std::vector<v1::BadCell> cells(2);
  cells[0].set_row(2);
  const auto written = DecideBadCells("x.1", storage::v1::BadCellsRecord(), cells);
  EXPECT_TRUE(written.changed);
  EXPECT_EQ(written.facts.size(), 1u);
  EXPECT_FALSE(DecideBadCells("x.1", written.next, cells).changed);
}

// The table of the README is that of the code.
TEST(NeedsImportTest, TheReadmeHasTheMoves) {
  std::ostringstream readme;
  readme << std::ifstream("services/applications/needs/README.md").rdbuf();
  std::string row = "| RECEIVING | ";
  for (const LegalNeedsImportMove& move : LegalNeedsImportMoves()) {
    absl::StrAppend(&row, row.back() == ' ' && row.size() < 15 ? "" : "; ",
                    NeedsImportMoveName(move.move), " → ", NeedsImportStateName(move.to));
  }
  EXPECT_THAT(readme.str(), ::testing::HasSubstr(row + " |"));
}

}  // namespace
}  // namespace fuju::applications
