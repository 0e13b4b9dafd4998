// Imports of needs surveys into one service on a real Redis.

#include "applications/needs/needs_import.h"

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "integration/applications/needs/needs_instance.h"
#include "support/fact_log.h"
#include "support/violations.h"

namespace fuju::applications {
namespace {

using chassis::MetadataOf;
using chassis::ReasonOf;
using test_support::kSurveyHeader;
using test_support::SurveyCsv;
using test_support::SurveyRow;
using ::testing::HasSubstr;

class NeedsImportTest : public ::testing::Test {
 protected:
  const NeedsCalls& calls() { return instance_.calls(); }

  // Rows below the header.
  static std::string Csv(const std::vector<std::string>& rows) {
    std::string csv = absl::StrCat(kSurveyHeader, "\n");
    for (const std::string& row : rows) absl::StrAppend(&csv, row, "\n");
    return csv;
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  NeedsInstance instance_{redis_, &clock_};
};

TEST_F(NeedsImportTest, AFileComesInWholeWhateverTheChunksAre) {
  const int people = kRowsOfStretch + 130;
  const auto whole = calls().Import(SurveyCsv(0, people));
  ASSERT_TRUE(whole.ok()) << whole.status();
  EXPECT_EQ(whole->state(), v1::NEEDS_IMPORT_STATE_COMPLETED);
  EXPECT_EQ(Told(whole->counts()), "read 630: 630 recorded, 0 changed, 0 unchanged, 0 bad");
  EXPECT_EQ(whole->durable_offset(), whole->size_bytes());
  // Other people, in pieces that end inside of everything.
  for (const size_t chunk : {7, 1000}) {
    const int first = 10000 * static_cast<int>(chunk);
    const auto cut = calls().Import(SurveyCsv(first, people), 0, chunk);
    ASSERT_TRUE(cut.ok()) << cut.status();
    EXPECT_EQ(Told(cut->counts()), Told(whole->counts()));
  }
  EXPECT_EQ(calls().Demand("620000").total(), 3 * people);
}

TEST_F(NeedsImportTest, ARowIsOneNeedHoweverOftenItComes) {
  const std::string csv = SurveyCsv(0, 40);
  const auto first = calls().Import(csv);
  ASSERT_TRUE(first.ok()) << first.status();
  // The same file: the same import, which has ended.
  const auto again = calls().Announce(csv);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->name(), first->name());
  EXPECT_EQ(ReasonOf(calls().Upload(first->name(), csv, 0)), "IMPORT_ENDED");
  // Once more, as another run.
  const auto second = calls().Import(csv, 1);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(Told(second->counts()), "read 40: 0 recorded, 0 changed, 40 unchanged, 0 bad");
  // In another file, some of them with other data.
  const auto third = calls().Import(absl::StrReplaceAll(SurveyCsv(20, 40), {{"陈晓", "刘洋"}}));
  ASSERT_TRUE(third.ok()) << third.status();
  EXPECT_EQ(Told(third->counts()), "read 40: 20 recorded, 20 changed, 0 unchanged, 0 bad");
  EXPECT_EQ(calls().Demand("620000").total(), 60);
}

TEST_F(NeedsImportTest, AFileTellsOfANeedOnce) {
  const std::string row = SurveyRow(1);
  const std::string other = absl::StrReplaceAll(row, {{"陈晓", "刘洋"}});
  const auto import = calls().Import(Csv({row, row, other, SurveyRow(2), other}));
  ASSERT_TRUE(import.ok()) << import.status();
  EXPECT_EQ(Told(import->counts()), "read 5: 2 recorded, 0 changed, 1 unchanged, 2 bad");
  const auto cells = calls().BadCells(import->name());
  ASSERT_EQ(cells.size(), 2u);
  EXPECT_EQ(cells[0].row(), 4);
  EXPECT_EQ(cells[1].row(), 6);
  EXPECT_EQ(cells[0].column(), 0);
  EXPECT_THAT(cells[0].text_en(), HasSubstr("the same need of the same person as row 2"));
}

TEST_F(NeedsImportTest, BadRowsAreToldCellByCellAndChangeNothing) {
  const std::string twice_bad = absl::StrReplaceAll(SurveyRow(7), {{",是", ",否"},
                                                                   {"出行", "飞行"},
                                                                   {"无障碍改造", "飞行"},
                                                                   {"康复训练", "飞行"},
                                                                   {"日常照料", "飞行"},
                                                                   {"辅具适配", "飞行"}});
  const auto import = calls().Import(Csv({SurveyRow(1), twice_bad, "a,b", SurveyRow(3)}));
  ASSERT_TRUE(import.ok()) << import.status();
  EXPECT_EQ(Told(import->counts()), "read 4: 2 recorded, 0 changed, 0 unchanged, 2 bad");
  EXPECT_EQ(import->bad_cells(), 3);
  for (const int page_size : {1, 2, 200}) {
    std::string told;
    for (const v1::BadCell& cell : calls().BadCells(import->name(), page_size)) {
      absl::StrAppend(&told, cell.row(), ":", cell.column(), " ", cell.header(), " ", cell.value(),
                      "\n");
    }
    EXPECT_EQ(told, "3:10 需求领域 飞*\n3:16 同意登记 *\n4:0  \n") << page_size;
  }
}

// The report is bounded, and says so.
TEST_F(NeedsImportTest, AFullReportCountsWhatItDoesNotList) {
  NeedsInstance small(redis_, &clock_, 5);
  const std::vector<std::string> rows(kRowsOfStretch + 20, "a,b");
  const auto import = small.calls().Import(Csv(rows));
  ASSERT_TRUE(import.ok()) << import.status();
  EXPECT_EQ(import->bad_cells(), kRowsOfStretch + 20);
  EXPECT_EQ(import->bad_cells_not_listed(), kRowsOfStretch + 15);
  EXPECT_EQ(small.calls().BadCells(import->name()).size(), 5u);
}

TEST_F(NeedsImportTest, WhatIsNoSurveyIsRefusedWithTheReason) {
  const struct {
    std::string csv;
    const char* en;
    int64_t recorded;
  } kCases[] = {
      {"姓名,年龄\n张三,40\n", "the column 县区代码(county_code) is missing", 0},
      {"\n\n", "the header is wrong", 0},
      {absl::StrCat(kSurveyHeader, "\n", SurveyRow(1), "\n\"", SurveyRow(2)),
       "row 3, column 1: only a comma or a line end", 1},
      {absl::StrCat(kSurveyHeader, "\n", SurveyRow(1), "\n\"x", std::string(5000, 'y'), "\"\n"),
       "row 3, column 1: the field has more than 4096 bytes", 1},
      {absl::StrCat(kSurveyHeader, "\n\xB3\xC7,\n"), "row 2, column 1: is not UTF-8", 0},
  };
  for (const auto& c : kCases) {
    const auto import = calls().Import(c.csv);
    ASSERT_TRUE(import.ok()) << import.status();
    EXPECT_EQ(import->state(), v1::NEEDS_IMPORT_STATE_REFUSED);
    EXPECT_THAT(import->error_en(), HasSubstr(c.en));
    EXPECT_NE(import->error_zh(), import->error_en());
    const v1::NeedsImportCounts& counts = import->counts();
    EXPECT_EQ(counts.recorded() + counts.unchanged(), c.recorded) << c.en;
  }
}

TEST_F(NeedsImportTest, AnUploadGoesOnWhereRowsAreDurable) {
  const std::string csv = SurveyCsv(0, 3 * kRowsOfStretch);
  const auto import = calls().Announce(csv);
  ASSERT_TRUE(import.ok()) << import.status();
  // The first half, which ends inside of a row.
  ASSERT_TRUE(calls().Upload(import->name(), csv.substr(0, csv.size() / 2), 0, 10000).ok());
  const auto half = calls().Get(import->name());
  EXPECT_EQ(half->counts().read(), kRowsOfStretch);
  EXPECT_GT(half->durable_offset(), 0);
  EXPECT_LT(half->durable_offset(), static_cast<int64_t>(csv.size() / 2));
  // Not from anywhere else.
  const absl::Status moved = calls().Upload(import->name(), csv, 0);
  EXPECT_EQ(moved.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(MetadataOf(moved, "offset"), absl::StrCat(half->durable_offset()));
  ASSERT_TRUE(calls().Upload(import->name(), csv, half->durable_offset(), 999).ok());
  const auto whole = calls().Get(import->name());
  EXPECT_EQ(whole->state(), v1::NEEDS_IMPORT_STATE_COMPLETED);
  // Rows that were written behind the durable place are counted as what they were.
  EXPECT_EQ(Told(whole->counts()), "read 1500: 1500 recorded, 0 changed, 0 unchanged, 0 bad");
}

TEST_F(NeedsImportTest, AFileThatChangedMeanwhileIsNoResumption) {
  const std::string csv = SurveyCsv(0, 2 * kRowsOfStretch);
  const std::string changed = absl::StrReplaceAll(csv, {{"陈晓", "刘洋"}});
  ASSERT_EQ(csv.size(), changed.size());
  const auto import = calls().Announce(csv);
  ASSERT_TRUE(calls().Upload(import->name(), csv.substr(0, csv.size() * 3 / 4), 0).ok());
  // Announced as what it is, it is another import.
  EXPECT_NE(calls().Announce(changed)->name(), import->name());
  // Sent as if it were the first, it is found out by the hash of the whole.
  const auto half = calls().Get(import->name());
  ASSERT_GT(half->durable_offset(), 0);
  ASSERT_TRUE(calls().Upload(import->name(), changed, half->durable_offset()).ok());
  const auto whole = calls().Get(import->name());
  EXPECT_EQ(whole->state(), v1::NEEDS_IMPORT_STATE_REFUSED);
  EXPECT_THAT(whole->error_en(), HasSubstr("does not have the hash that was announced"));
}

TEST_F(NeedsImportTest, AnAnnouncementIsOfOneFile) {
  const std::string csv = SurveyCsv(0, 1);
  ASSERT_TRUE(calls().Announce(csv).ok());
  EXPECT_EQ(ReasonOf(calls().Announce(csv, 0, "620102").status()), "IMPORT_DIFFERS");
  EXPECT_TRUE(calls().Announce(csv, 1, "620102").ok());
}

TEST_F(NeedsImportTest, AFileOfACountyHasItsRowsOnly) {
  const std::string csv = SurveyCsv(0, 20);
  const auto import = calls().Announce(csv, 0, "620102");
  ASSERT_TRUE(calls().Upload(import->name(), csv, 0).ok());
  EXPECT_EQ(Told(calls().Get(import->name())->counts()),
            "read 20: 2 recorded, 0 changed, 0 unchanged, 18 bad");
}

TEST_F(NeedsImportTest, WrongChunksEndTheUpload) {
  const std::string csv = SurveyCsv(0, 1);
  const auto import = calls().Announce(csv);
  EXPECT_EQ(calls().Upload("needsImports/2025-0-0", csv, 0).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(test_support::PathsOf(calls().Upload("", csv, 0)), "name");
  EXPECT_EQ(test_support::PathsOf(calls().Upload(import->name(), csv + "x", 0)), "data");
  grpc::ClientContext context;
  context.AddMetadata("fuju-actor", "county_reviewer:r1");
  const auto stream = calls().stub().UploadNeedsSurvey(&context);
  v1::UploadNeedsSurveyRequest request;
  request.set_name(import->name());
  request.set_data("x");
  ASSERT_TRUE(stream->Write(request));
  request.set_offset(2);
  stream->Write(request);
  v1::UploadNeedsSurveyResponse response;
  while (stream->Read(&response)) {
  }
  EXPECT_EQ(test_support::PathsOf(chassis::FromGrpcStatus(stream->Finish())), "offset");
}

TEST_F(NeedsImportTest, TooManyUploadsAtOnceAreSentAway) {
  NeedsInstance narrow(redis_, &clock_, 100, 1);
  const std::string csv = SurveyCsv(0, 2 * kRowsOfStretch);
  const auto import = narrow.calls().Announce(csv);
  grpc::ClientContext context;
  context.AddMetadata("fuju-actor", "county_reviewer:r1");
  const auto open = narrow.calls().stub().UploadNeedsSurvey(&context);
  v1::UploadNeedsSurveyRequest request;
  request.set_name(import->name());
  request.set_data(csv.substr(0, csv.size() * 3 / 4));
  ASSERT_TRUE(open->Write(request));
  v1::UploadNeedsSurveyResponse response;
  ASSERT_TRUE(open->Read(&response));
  // An import that does not exist tells whether there was room to look for it.
  const auto second = [&] {
    return ReasonOf(narrow.calls().Upload("needsImports/2025-0-0", csv, 0));
  };
  EXPECT_EQ(second(), "OVERLOADED");
  context.TryCancel();
  while (open->Read(&response)) {
  }
  open->Finish();
  test_support::Eventually("there is room again", [&] { return second() == "RESOURCE_NOT_FOUND"; });
}

TEST_F(NeedsImportTest, ProgressIsToldAndNeverRunsAhead) {
  const std::string csv = SurveyCsv(0, 4 * kRowsOfStretch + 1);
  const auto import = calls().Announce(csv);
  int answers = 0;
  int64_t offset = 0;
  ASSERT_TRUE(calls()
                  .Upload(import->name(), csv, 0, 5000,
                          [&](const v1::NeedsImport& told) {
                            ++answers;
                            EXPECT_GT(told.durable_offset(), offset);
                            offset = told.durable_offset();
                            // What is told is in the register already.
                            EXPECT_GE(calls().Demand("620000").total(), told.counts().recorded());
                            EXPECT_LE(calls().Get(import->name())->counts().read(),
                                      4 * kRowsOfStretch + 1);
                          })
                  .ok());
  EXPECT_EQ(answers, 5);
  EXPECT_EQ(offset, static_cast<int64_t>(csv.size()));
}

// When Redis falls, the upload ends with UNAVAILABLE, and the same import goes on afterwards.
TEST_F(NeedsImportTest, ARedisThatFellIsGoneOnWith) {
  const std::string csv = SurveyCsv(0, 8 * kRowsOfStretch);
  const auto import = calls().Announce(csv);
  bool killed = false;
  const absl::Status broken =
      calls().Upload(import->name(), csv, 0, 20000, [&](const v1::NeedsImport&) {
        if (!killed) redis_.Kill();
        killed = true;
      });
  EXPECT_EQ(broken.code(), absl::StatusCode::kUnavailable) << broken;
  redis_.Restart();
  test_support::Eventually("it goes on", [&] {
    const auto now = calls().Get(import->name());
    if (!now.ok()) return false;
    if (now->state() == v1::NEEDS_IMPORT_STATE_COMPLETED) return true;
    calls().Upload(import->name(), csv, now->durable_offset(), 20000).IgnoreError();
    return false;
  });
  EXPECT_EQ(Told(calls().Get(import->name())->counts()),
            "read 4000: 4000 recorded, 0 changed, 0 unchanged, 0 bad");
  EXPECT_EQ(calls().Demand("620000").total(), 4000);
}

}  // namespace
}  // namespace fuju::applications
