#include "applications/needs/survey_columns.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/service_calls.h"
#include "support/survey_file.h"

namespace fuju::applications {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> Cells(absl::string_view header) { return absl::StrSplit(header, ','); }

TEST(SurveyColumnsTest, AreNamedInBothLanguagesAndInAnyOrder) {
  std::set<absl::string_view> names;
  std::vector<std::string> english;
  for (const SurveyColumnInfo& info : AllSurveyColumns()) {
    EXPECT_EQ(&InfoOf(info.column), &info);
    EXPECT_TRUE(names.insert(info.zh).second && names.insert(info.en).second);
    english.insert(english.begin(), absl::StrCat(" ", info.en, " "));
  }
  const auto zh = SurveyHeader::Parse(Cells(test_support::kSurveyHeader));
  ASSERT_TRUE(zh.ok()) << zh.status();
  EXPECT_EQ(zh->IndexOf(SurveyColumn::kCounty), 0u);
  EXPECT_EQ(zh->IndexOf(SurveyColumn::kConsent), kSurveyColumns - 1);
  const auto en = SurveyHeader::Parse(english);
  ASSERT_TRUE(en.ok()) << en.status();
  EXPECT_EQ(en->IndexOf(SurveyColumn::kConsent), 0u);
}

TEST(SurveyColumnsTest, WhatIsNotRequiredMayBeMissing) {
  const auto header = SurveyHeader::Parse(
      Cells("county_code,name,resident_id,economic_status,need_area,survey_date,surveyor,consent"));
  ASSERT_TRUE(header.ok()) << header.status();
  EXPECT_EQ(header->IndexOf(SurveyColumn::kPhone), header->width());
}

TEST(SurveyColumnsTest, EverythingWrongIsToldAtOnce) {
  const auto header = SurveyHeader::Parse(Cells(
      "county_code,县区代码,年龄,resident_id,economic_status,need_area,survey_date,surveyor"));
  const std::string message(header.status().message());
  EXPECT_EQ(header.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(message, AllOf(HasSubstr("第3列的列名“年龄”不认识"),
                             HasSubstr("columns 1 and 2 are both 县区代码(county_code)"),
                             HasSubstr("缺少列姓名(name)"),
                             HasSubstr("the column 同意登记(consent) is missing")));
}

// A file whose first row is a person.
TEST(SurveyColumnsTest, ARowInItsPlaceIsNotRepeated) {
  const auto header = SurveyHeader::Parse(Cells(test_support::SurveyRow(1)));
  EXPECT_THAT(std::string(header.status().message()),
              Not(HasSubstr(test_support::InventedResidentId(1))));
  EXPECT_FALSE(SurveyHeader::Parse({}).ok());
}

}  // namespace
}  // namespace fuju::applications
