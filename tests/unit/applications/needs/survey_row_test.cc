#include "applications/needs/survey_row.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "applications/needs/needs_settings.h"
#include "support/service_calls.h"
#include "support/survey_file.h"
#include "vocabulary/csv_stream.h"

namespace fuju::applications {
namespace {

using test_support::GansuFile;
using test_support::InventedResidentId;
using ::testing::HasSubstr;
using ::testing::Not;

// A child of 2015.
constexpr char kChild[] = "62010220150101001X";

class SurveyRowTest : public ::testing::Test {
 protected:
  SurveyRowTest() {
    cells_ = Fields(test_support::SurveyRow(0));
    header_ = *SurveyHeader::Parse(Fields(test_support::kSurveyHeader));
    rules_ = {.regions = &regions_,
              .items = &items_,
              .survey_year = test_support::kSurveyYear,
              .county_code = "",
              .today = absl::CivilDay(2025, 12, 1)};
  }
  static std::vector<std::string> Fields(const std::string& line) {
    vocabulary::CsvStream stream;
    stream.Add(line);
    stream.End();
    return (*stream.Next())->fields;
  }
  std::string& Cell(SurveyColumn column) { return cells_[header_->IndexOf(column)]; }
  std::optional<SurveyedNeed> Read() {
    bad_.clear();
    return ReadSurveyRow(*header_, 2, cells_, rules_, bad_);
  }

  const vocabulary::RegionTable regions_ = *vocabulary::RegionTable::Parse(
      GansuFile("divisions.csv"), GansuFile("organisations_extra.csv"));
  const SurveyItems items_ = *ParseSurveyItems(GansuFile("catalogue.csv"));
  std::optional<SurveyHeader> header_;
  SurveyRules rules_;
  std::vector<std::string> cells_;
  std::vector<v1::BadCell> bad_;
};

TEST_F(SurveyRowTest, AGoodRowIsANeed) {
  const auto read = Read();
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->resident_id.text(), InventedResidentId(0));
  const storage::v1::NeedRecord& need = read->need;
  EXPECT_EQ(need.survey_year(), 2025);
  EXPECT_EQ(need.county_code(), 620102);
  EXPECT_EQ(need.town_code(), 620102001);
  EXPECT_EQ(need.village_code(), 620102001200);
  EXPECT_EQ(need.person_name(), "王小兰");
  EXPECT_EQ(need.certificate_suffix(), "11");
  EXPECT_EQ(need.phone(), "13900000000");
  EXPECT_EQ(need.address(), "幸福路0号，三单元");
  EXPECT_EQ(need.economic_status(), type::v1::ECONOMIC_STATUS_DB);
  EXPECT_EQ(need.area(), v1::NEED_AREA_MOBILITY);
  EXPECT_EQ(need.item_code(), "M01");
  EXPECT_EQ(need.device_division(), 122203);
  EXPECT_EQ(need.urgency(), v1::NEED_URGENCY_NORMAL);
  EXPECT_EQ(need.survey_date(), 20250301);
  EXPECT_EQ(need.surveyor(), "陈晓");
  EXPECT_EQ(need.remark(), "独居");
  EXPECT_EQ(need.consent(), v1::NEED_CONSENT_PERSON);
}

TEST_F(SurveyRowTest, CellsAreTakenInTheFormsThatPeopleWrite) {
  const struct {
    SurveyColumn column;
    std::string cell;
    std::string told;  // part of the need
  } kCases[] = {
      {SurveyColumn::kCounty, " 620102 ", "county_code: 620102"},
      {SurveyColumn::kTown, "", "county_code: 620102"},
      {SurveyColumn::kName, " 张 三 ", "person_name: \"\\345\\274\\240\\344\\270\\211\""},
      {SurveyColumn::kPhone, "0931-8412345", "phone: \"0931-8412345\""},
      {SurveyColumn::kPhone, "", "area"},
      {SurveyColumn::kCertificate, "", "area"},
      {SurveyColumn::kCertificate, InventedResidentId(0) + "42b1", "certificate_suffix: \"42B1\""},
      {SurveyColumn::kEconomicStatus, "特困供养", "economic_status: ECONOMIC_STATUS_TK"},
      {SurveyColumn::kEconomicStatus, "dbby", "economic_status: ECONOMIC_STATUS_DBBY"},
      {SurveyColumn::kArea, "Accessibility", "area: NEED_AREA_ACCESSIBILITY"},
      {SurveyColumn::kDevice, "091203", "device_division: 91203"},
      {SurveyColumn::kDevice, "", "area"},
      {SurveyColumn::kUrgency, "", "urgency: NEED_URGENCY_NORMAL"},
      {SurveyColumn::kUrgency, "urgent", "urgency: NEED_URGENCY_URGENT"},
      {SurveyColumn::kSurveyDate, "2025/3/5", "survey_date: 20250305"},
      {SurveyColumn::kRemark, "a\r\nb\tc", "remark: \"a b c\""},
      {SurveyColumn::kConsent, "监护人", "consent: NEED_CONSENT_GUARDIAN"},
      {SurveyColumn::kConsent, "YES", "consent: NEED_CONSENT_PERSON"},
  };
  for (const auto& c : kCases) {
    const std::string before = std::exchange(Cell(c.column), c.cell);
    const auto read = Read();
    ASSERT_TRUE(read.has_value()) << c.cell << ": " << bad_[0].text_en();
    EXPECT_THAT(read->need.ShortDebugString(), HasSubstr(c.told)) << c.cell;
    Cell(c.column) = before;
  }
}

// Each column broken in each way: told once, in its column, with what is allowed.
TEST_F(SurveyRowTest, EveryColumnCanBeWrong) {
  const std::string id = InventedResidentId(0);
  const struct {
    SurveyColumn column;
    std::string cell;
    const char* en;
    const char* shown;
  } kCases[] = {
      {SurveyColumn::kCounty, "", "is required", ""},
      {SurveyColumn::kCounty, "62010", "", "62010"},
      {SurveyColumn::kCounty, "620100", "not the code of a county office", "620100"},
      {SurveyColumn::kCounty, "110101", "not the code of a county office", "110101"},
      {SurveyColumn::kTown, "62010200", "is 9 digits, or empty", "62010200"},
      {SurveyColumn::kTown, "620103001", "does not lie in the county 620102", "620103001"},
      {SurveyColumn::kVillage, "62010200120", "is 12 digits, or empty", "62010200120"},
      {SurveyColumn::kVillage, "620102002200", "does not lie in the town 620102001",
       "620102002200"},
      {SurveyColumn::kName, "", "is required", ""},
      {SurveyColumn::kName, "张3", "", "张*"},
      {SurveyColumn::kResidentId, "", "is required", ""},
      {SurveyColumn::kResidentId, "620102194501010001", "", "6201**********0001"},
      {SurveyColumn::kResidentId, "6.20102E+17", "", "***********"},
      {SurveyColumn::kCertificate, id + "91", "", "6201************0791"},
      {SurveyColumn::kCertificate, InventedResidentId(5) + "41",
       "is not of the person of this row's resident id", nullptr},
      {SurveyColumn::kPhone, "12345", "", "*****"},
      {SurveyColumn::kAddress, std::string(201, 'a'), "at most 200 characters", nullptr},
      {SurveyColumn::kAddress, "a\x01", "holds a control character", "**"},
      {SurveyColumn::kEconomicStatus, "", "is required", ""},
      {SurveyColumn::kEconomicStatus, "富裕", "is one of TK, DB, DBBY, GXZC, FFP, YB", "富*"},
      {SurveyColumn::kArea, "", "is required", ""},
      {SurveyColumn::kArea, "fly", "is one of mobility, daily_care, rehabilitation", "fly"},
      {SurveyColumn::kDevice, "M99", "is an item code of the catalogue", "M99"},
      {SurveyColumn::kDevice, "1222", "is an item code of the catalogue", "1222"},
      {SurveyColumn::kDevice, "轮椅", "is an item code of the catalogue", "轮*"},
      {SurveyColumn::kUrgency, "asap", "is one of urgent, soon, normal", "asap"},
      {SurveyColumn::kSurveyDate, "", "is required", ""},
      {SurveyColumn::kSurveyDate, "2025-02-30", "", "2025-02-30"},
      {SurveyColumn::kSurveyDate, "2024-03-01", "lies in 2025 and not after today", "2024-03-01"},
      {SurveyColumn::kSurveyDate, "2025-12-02", "lies in 2025 and not after today", "2025-12-02"},
      {SurveyColumn::kSurveyor, "", "is required", ""},
      {SurveyColumn::kSurveyor, std::string(51, 'a'), "at most 50 characters", nullptr},
      {SurveyColumn::kRemark, std::string(201, 'a'), "at most 200 characters", nullptr},
      {SurveyColumn::kConsent, "", "is required", ""},
      {SurveyColumn::kConsent, "maybe", "is one of yes, guardian, no", "maybe"},
      {SurveyColumn::kConsent, "否", "without consent the data of a person is not kept", "*"},
  };
  for (const auto& c : kCases) {
    const std::vector<std::string> good = cells_;
    Cell(c.column) = c.cell;
    EXPECT_FALSE(Read().has_value()) << c.cell;
    ASSERT_EQ(bad_.size(), 1u) << c.cell << " in " << InfoOf(c.column).en;
    EXPECT_EQ(bad_[0].row(), 2);
    EXPECT_EQ(bad_[0].column(), static_cast<int>(c.column) + 1);
    EXPECT_EQ(bad_[0].header(), InfoOf(c.column).zh);
    EXPECT_THAT(bad_[0].text_en(), HasSubstr(c.en)) << c.cell;
    EXPECT_FALSE(bad_[0].text_zh().empty());
    EXPECT_NE(bad_[0].text_zh(), bad_[0].text_en());
    if (c.shown != nullptr) {
      EXPECT_EQ(bad_[0].value(), c.shown);
    }
    EXPECT_THAT(bad_[0].text_en() + bad_[0].text_zh(), Not(HasSubstr(id)));
    cells_ = good;
  }
}

// The example that the tables come with is as its README says.
TEST_F(SurveyRowTest, TheShippedExampleIsGood) {
  vocabulary::CsvStream stream;
  stream.Add(GansuFile("needs_survey_example.csv"));
  stream.End();
  header_ = *SurveyHeader::Parse((*stream.Next())->fields);
  int rows = 0;
  while (true) {
    const auto record = stream.Next();
    ASSERT_TRUE(record.ok()) << record.status();
    if (!record->has_value()) break;
    cells_ = (*record)->fields;
    EXPECT_TRUE(Read().has_value())
        << (*record)->row << ": " << (bad_.empty() ? "" : bad_[0].ShortDebugString());
    ++rows;
  }
  EXPECT_EQ(rows, 30);
}

TEST_F(SurveyRowTest, AllBadCellsOfARowAreToldInTheOrderOfTheColumns) {
  for (std::string& cell : cells_) cell.clear();
  EXPECT_FALSE(Read().has_value());
  std::vector<int> columns;
  for (const v1::BadCell& cell : bad_) columns.push_back(cell.column());
  EXPECT_THAT(columns, ::testing::ElementsAre(1, 4, 5, 9, 10, 13, 14, 16));
  cells_.pop_back();
  EXPECT_FALSE(Read().has_value());
  ASSERT_EQ(bad_.size(), 1u);
  EXPECT_EQ(bad_[0].column(), 0);
  EXPECT_EQ(bad_[0].text_en(), "has 15 columns, the header has 16");
}

TEST_F(SurveyRowTest, TheGuardianAgreesForAChild) {
  Cell(SurveyColumn::kCertificate).clear();
  std::string id = kChild;
  // The right check character, by trying.
  for (const char check : std::string("0123456789X")) {
    id.back() = check;
    if (vocabulary::ResidentId::Parse(id, rules_.today).ok()) break;
  }
  Cell(SurveyColumn::kResidentId) = id;
  EXPECT_FALSE(Read().has_value());
  EXPECT_THAT(bad_[0].text_en(), HasSubstr("the guardian has to agree"));
  Cell(SurveyColumn::kConsent) = "guardian";
  EXPECT_TRUE(Read().has_value());
}

TEST_F(SurveyRowTest, ACountysFileHasRowsOfThatCountyOnly) {
  rules_.county_code = "620103";
  EXPECT_FALSE(Read().has_value());
  EXPECT_THAT(bad_[0].text_en(), HasSubstr("takes rows of 620103 only"));
  rules_.county_code = "620102";
  EXPECT_TRUE(Read().has_value());
}

// An office that is no division has towns with the codes of others.
TEST_F(SurveyRowTest, TheNewAreaHasTownsOfItsNeighbours) {
  Cell(SurveyColumn::kCounty) = "620171";
  Cell(SurveyColumn::kTown) = "620121110";
  Cell(SurveyColumn::kVillage) = "";
  EXPECT_TRUE(Read().has_value());
}

// Columns that were shifted by one do not bring a person into the report.
TEST_F(SurveyRowTest, ShiftedColumnsShowNobody) {
  const std::vector<std::string> good = cells_;
  for (size_t shift = 1; shift < good.size(); ++shift) {
    for (size_t i = 0; i < good.size(); ++i) cells_[i] = good[(i + shift) % good.size()];
    EXPECT_FALSE(Read().has_value());
    for (const v1::BadCell& cell : bad_) {
      EXPECT_THAT(cell.value(), Not(HasSubstr("小兰"))) << shift;
      EXPECT_THAT(cell.value(), Not(HasSubstr("13900000000"))) << shift;
      EXPECT_THAT(cell.value(), Not(HasSubstr("幸福路"))) << shift;
      EXPECT_THAT(cell.value(), Not(HasSubstr(InventedResidentId(0).substr(0, 14)))) << shift;
    }
  }
}

}  // namespace
}  // namespace fuju::applications
