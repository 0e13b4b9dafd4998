#include "catalogue/catalogue_csv.h"

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "google/rpc/error_details.pb.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"

namespace fuju::catalogue {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<std::pair<std::string, std::string>>& GoodRow() {
  static const auto* const row = new std::vector<std::pair<std::string, std::string>>{
      {"item_code", "M01"},
      {"name_zh", "普通轮椅"},
      {"name_en", "Standard manual wheelchair"},
      {"iso9999_code", "122203"},
      {"iso_code_source", "GB/T 16432-2016"},
      {"disability_categories", "4|7"},
      {"grades", "1|2"},
      {"age_min", "0"},
      {"age_max", "150"},
      {"unit", "辆"},
      {"max_subsidy_cny", "1200.50"},
      {"amount_basis", "SRC:BJ2018"},
      {"ratio_tekun", "1.00"},
      {"ratio_dibao", "0.95"},
      {"ratio_dibao_edge", "0.9"},
      {"ratio_general", "0.50"},
      {"ratio_child_0_17", "1"},
      {"ratio_basis", "DESIGN_DEFAULT"},
      {"min_replace_years", "3"},
      {"years_basis", "SRC:JZ2025"},
      {"assessment_level", "basic"},
      {"fulfilment_mode", "purchase|rental"},
      {"qty_per_application", "1"},
      {"notes", "cap of Beijing"}};
  return *row;
}

std::string Header() {
  return absl::StrJoin(
      GoodRow(), ",", [](std::string* out, const auto& cell) { absl::StrAppend(out, cell.first); });
}

// The good row with some cells replaced.
std::string Row(const std::map<std::string, std::string>& changes = {}) {
  return absl::StrJoin(GoodRow(), ",", [&changes](std::string* out, const auto& cell) {
    const auto changed = changes.find(cell.first);
    const std::string& text = changed == changes.end() ? cell.second : changed->second;
    absl::StrAppend(out, "\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
  });
}

std::string File(const std::vector<std::string>& rows) {
  return absl::StrCat(Header(), "\n", absl::StrJoin(rows, "\n"), "\n");
}

google::rpc::BadRequest ViolationsOf(const absl::Status& status) {
  google::rpc::BadRequest bad_request;
  const auto payload = status.GetPayload(
      absl::string_view(chassis::kBadRequestUrl.data(), chassis::kBadRequestUrl.size()));
  if (payload.has_value()) bad_request.ParseFromString(std::string(*payload));
  return bad_request;
}

std::vector<std::string> PathsOf(const absl::Status& status) {
  std::vector<std::string> paths;
  const google::rpc::BadRequest bad_request = ViolationsOf(status);
  for (const auto& violation : bad_request.field_violations()) paths.push_back(violation.field());
  return paths;
}

TEST(CatalogueCsvTest, ReadsEveryColumn) {
  const auto items = ParseCatalogueCsv(File({Row()}));
  ASSERT_TRUE(items.ok()) << items.status();
  ASSERT_EQ(items->size(), 1u);
  const v1::Item& item = items->front();
  EXPECT_EQ(item.name(), "items/M01");
  EXPECT_EQ(item.item_code(), "M01");
  EXPECT_EQ(item.name_zh(), "普通轮椅");
  EXPECT_EQ(item.name_en(), "Standard manual wheelchair");
  EXPECT_EQ(item.iso9999_code(), "122203");
  EXPECT_EQ(item.iso_code_source(), "GB/T 16432-2016");
  EXPECT_THAT(item.categories(), ElementsAre(4, 7));
  EXPECT_THAT(item.grades(), ElementsAre(1, 2));
  EXPECT_EQ(item.age_min(), 0);
  EXPECT_EQ(item.age_max(), 150);
  EXPECT_EQ(item.unit(), "辆");
  EXPECT_EQ(item.cap_fen(), 120050);
  EXPECT_EQ(item.cap_basis(), "SRC:BJ2018");
  EXPECT_EQ(item.ratios().tk_bp(), 10000);
  EXPECT_EQ(item.ratios().db_bp(), 9500);
  EXPECT_EQ(item.ratios().dbby_bp(), 9000);
  EXPECT_EQ(item.ratios().general_bp(), 5000);
  EXPECT_EQ(item.ratios().child_bp(), 10000);
  EXPECT_EQ(item.ratio_basis(), "DESIGN_DEFAULT");
  EXPECT_EQ(item.replacement_years(), 3);
  EXPECT_EQ(item.replacement_basis(), "SRC:JZ2025");
  EXPECT_EQ(item.assessment_level(), v1::ASSESSMENT_LEVEL_BASIC);
  EXPECT_THAT(item.fulfilment_modes(), ElementsAre("purchase", "rental"));
  EXPECT_EQ(item.quantity_limit(), 1);
  EXPECT_EQ(item.notes(), "cap of Beijing");
}

// Every field of an Item has a column: a new field without one fails here. Those from 22 on get
// theirs with the versions of areas, which have their own files; until then they have their
// defaults.
TEST(CatalogueCsvTest, LeavesNoFieldOfAnItemEmpty) {
  const auto items = ParseCatalogueCsv(File({Row({{"age_min", "1"}})}));
  ASSERT_TRUE(items.ok());
  const google::protobuf::Reflection* reflection = items->front().GetReflection();
  const google::protobuf::Descriptor* type = v1::Item::descriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const google::protobuf::FieldDescriptor* field = type->field(i);
    constexpr int kFirstOfAreas = 22;
    if (field->number() >= kFirstOfAreas) continue;
    EXPECT_TRUE(field->is_repeated() ? reflection->FieldSize(items->front(), field) > 0
                                     : reflection->HasField(items->front(), field))
        << field->name();
  }
}

TEST(CatalogueCsvTest, ReadsTheExampleOfGansu) {
  std::ifstream file("deploy/data/gansu/catalogue.csv", std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  const auto items = ParseCatalogueCsv(text.str());
  ASSERT_TRUE(items.ok()) << items.status() << ViolationsOf(items.status()).DebugString();
  EXPECT_EQ(items->size(), 63u);
  EXPECT_EQ(items->front().item_code(), "B01");
}

TEST(CatalogueCsvTest, TakesColumnsInAnyOrderAndAByteOrderMark) {
  std::vector<std::string> names = absl::StrSplit(Header(), ',');
  std::string header = "\xEF\xBB\xBF", row;
  for (auto it = GoodRow().rbegin(); it != GoodRow().rend(); ++it) {
    absl::StrAppend(&header, header.size() > 3 ? "," : "", it->first);
    absl::StrAppend(&row, row.empty() ? "" : ",", it->second);
  }
  const auto items = ParseCatalogueCsv(absl::StrCat(header, "\r\n", row, "\r\n"));
  ASSERT_TRUE(items.ok()) << ViolationsOf(items.status()).DebugString();
  EXPECT_EQ(items->front().cap_fen(), 120050);
}

TEST(CatalogueCsvTest, SortsByCode) {
  const auto items =
      ParseCatalogueCsv(File({Row({{"item_code", "W01"}}), Row({{"item_code", "B01"}})}));
  ASSERT_TRUE(items.ok());
  EXPECT_EQ((*items)[0].item_code(), "B01");
  EXPECT_EQ((*items)[1].item_code(), "W01");
}

struct BrokenCell {
  std::string column;
  std::vector<std::string> values;
};

// Each field broken in each way: the violation names row, column, what stands there and what is
// allowed.
TEST(CatalogueCsvTest, ReportsEveryBrokenCell) {
  const std::string long_text(101, 'x');
  const std::vector<BrokenCell> cases = {
      {"item_code", {"", "M1", "M001", "m01", "1M0", "M0x", "Ｍ01", " M01"}},
      {"name_zh", {"", long_text, " 轮椅", "轮椅 ", "轮\n椅"}},
      {"name_en", {"", long_text, "\tx"}},
      {"iso9999_code", {"", "12", "12220", "1222031", "12220a", "120003", "12 22 03", "12220301"}},
      {"iso_code_source", {"", long_text}},
      {"disability_categories", {"", "0", "8", "4|", "|4", "4|4", "4,7", "x", "4 | 7", "04"}},
      {"grades", {"", "0", "5", "1|1", "1|", "a"}},
      {"age_min", {"", "-1", "151", "1.5", "x", "01", "+1", " 1", "99999999999999999999"}},
      {"age_max", {"", "-1", "151", "1e2"}},
      {"unit", {"", "12345678901"}},
      {"max_subsidy_cny",
       {"", "0", "0.00", "-1", "1.234", "1,200", "1000000.01", "abc", "01", "１２００", "¥12"}},
      {"amount_basis", {"", long_text}},
      {"ratio_tekun", {"", "1.01", "-0.1", "50%", "0.50001", "x"}},
      {"ratio_dibao", {"", "2"}},
      {"ratio_dibao_edge", {"", "2"}},
      {"ratio_general", {"", "2"}},
      {"ratio_child_0_17", {"", "2"}},
      {"ratio_basis", {"", long_text}},
      {"min_replace_years", {"", "0", "51", "-3", "1.5", "x"}},
      {"years_basis", {"", long_text}},
      {"assessment_level", {"", "Basic", "expert"}},
      {"fulfilment_mode", {"", "buy", "purchase|purchase", "purchase|", "Purchase"}},
      {"qty_per_application", {"", "0", "1001", "-1", "x"}},
      {"notes", {std::string(501, 'x'), "a\x01"}}};
  ASSERT_EQ(cases.size(), GoodRow().size()) << "every column is broken";
  for (const BrokenCell& broken : cases) {
    for (const std::string& value : broken.values) {
      std::map<std::string, std::string> changes = {{"item_code", "M02"}};
      changes[broken.column] = value;
      const auto items = ParseCatalogueCsv(File({Row(), Row(changes)}));
      ASSERT_FALSE(items.ok()) << broken.column << " = '" << value << "'";
      EXPECT_EQ(items.status().code(), absl::StatusCode::kInvalidArgument);
      EXPECT_EQ(chassis::ReasonOf(items.status()), "CATALOGUE_INVALID");
      const google::rpc::BadRequest bad_request = ViolationsOf(items.status());
      ASSERT_EQ(bad_request.field_violations_size(), 1) << bad_request.DebugString();
      EXPECT_EQ(bad_request.field_violations(0).field(), absl::StrCat("rows[3].", broken.column));
      EXPECT_THAT(bad_request.field_violations(0).description(),
                  AllOf(HasSubstr("应为"), HasSubstr("' should be ")));
      if (value.size() <= 20) {
        EXPECT_THAT(bad_request.field_violations(0).description(),
                    HasSubstr(absl::StrCat("“", value, "”")));
      }
    }
  }
}

TEST(CatalogueCsvTest, ComparesTheAges) {
  const auto items = ParseCatalogueCsv(File({Row({{"age_min", "18"}, {"age_max", "17"}})}));
  EXPECT_THAT(PathsOf(items.status()), ElementsAre("rows[2].age_max"));
}

TEST(CatalogueCsvTest, ReportsAllBadCellsAtOnce) {
  const auto items = ParseCatalogueCsv(
      File({Row({{"grades", "9"}, {"max_subsidy_cny", "-"}}), Row({{"item_code", "M02"}}),
            Row({{"item_code", "x"}, {"age_max", "no"}})}));
  EXPECT_THAT(PathsOf(items.status()), ElementsAre("rows[2].grades", "rows[2].max_subsidy_cny",
                                                   "rows[4].item_code", "rows[4].age_max"));
  EXPECT_EQ(chassis::MetadataOf(items.status(), "errors"), "4");
}

TEST(CatalogueCsvTest, ReportsRepeatedCodes) {
  const auto items = ParseCatalogueCsv(File({Row(), Row({{"item_code", "M02"}}), Row(), Row()}));
  EXPECT_THAT(PathsOf(items.status()), ElementsAre("rows[4].item_code", "rows[5].item_code"));
  EXPECT_THAT(ViolationsOf(items.status()).field_violations(1).description(), HasSubstr("第2行"));
}

TEST(CatalogueCsvTest, ReportsMissingAndUnknownColumns) {
  const std::string file = absl::StrReplaceAll(File({Row()}), {{"ratio_general", "ratio_genral"}});
  EXPECT_THAT(PathsOf(ParseCatalogueCsv(file).status()),
              ElementsAre("rows[1].ratio_general", "rows[1].ratio_genral"));
}

TEST(CatalogueCsvTest, RefusesWhatIsNoTable) {
  for (const std::string& file :
       {std::string(), std::string("\n\n"), Header(), std::string("\xC4\xE3\xBA\xC3,\n"),
        File({Row(), "M02,short"}), File({"\"unclosed"})}) {
    const auto items = ParseCatalogueCsv(file);
    EXPECT_EQ(chassis::ReasonOf(items.status()), "CATALOGUE_INVALID");
    EXPECT_THAT(PathsOf(items.status()), ElementsAre("csv"));
  }
}

TEST(CatalogueCsvTest, SaysHowManyMoreThereAre) {
  std::vector<std::string> rows;
  for (int i = 0; i < 150; ++i) {
    rows.push_back(Row({{"item_code", absl::StrCat(i < 100 ? "A" : "B", i % 100 / 10, i % 10)},
                        {"grades", "9"},
                        {"unit", ""}}));
  }
  const auto items = ParseCatalogueCsv(File(rows));
  EXPECT_EQ(ViolationsOf(items.status()).field_violations_size(), kMostListedViolations);
  EXPECT_THAT(std::string(items.status().message()),
              AllOf(HasSubstr("300处错误，另有240处未列出"), HasSubstr("240 more")));
  EXPECT_EQ(chassis::MetadataOf(items.status(), "errors"), "300");
}

TEST(CatalogueCsvTest, ShortensLongCellsBetweenCharacters) {
  std::string name;
  for (int i = 0; i < 101; ++i) name += "轮";
  const auto items = ParseCatalogueCsv(File({Row({{"name_zh", name}})}));
  const std::string description = ViolationsOf(items.status()).field_violations(0).description();
  EXPECT_THAT(description, HasSubstr("轮…”"));
  EXPECT_LT(description.size(), 500u);
}

}  // namespace
}  // namespace fuju::catalogue
