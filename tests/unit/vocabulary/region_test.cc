#include "vocabulary/region.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/vocabulary/shipped_file.h"

namespace fuju::vocabulary {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kHeader[] = "code,name,parent_code,level\n";
constexpr char kNoOffices[] = "code,name,parent_code,level\n";

RegionCode Code(absl::string_view text) { return *RegionCode::Parse(text); }

RegionTable Gansu() {
  return *RegionTable::Parse(ShippedFile("divisions.csv"), ShippedFile("organisations_extra.csv"));
}

TEST(RegionCodeTest, KnowsItsPlace) {
  EXPECT_EQ(Code("620102").Prefecture(), Code("620100"));
  EXPECT_EQ(Code("620102").Province(), Code("620000"));
  EXPECT_TRUE(Code("620000").IsProvince());
  EXPECT_TRUE(Code("620100").IsPrefecture());
  EXPECT_FALSE(Code("620000").IsPrefecture());
  EXPECT_FALSE(Code("620102").IsPrefecture());
  EXPECT_TRUE(Code("620102").IsWithin(Code("620102")));
  EXPECT_TRUE(Code("620102").IsWithin(Code("620100")));
  EXPECT_TRUE(Code("620102").IsWithin(Code("620000")));
  EXPECT_FALSE(Code("620102").IsWithin(Code("620200")));
  EXPECT_FALSE(Code("620100").IsWithin(Code("620102")));
  for (const std::string text : {"", "62010", "6201020", "62010x", "020102", "６２０１０２"}) {
    EXPECT_FALSE(RegionCode::Parse(text).ok()) << text;
  }
}

TEST(RegionTableTest, NamesRegions) {
  const RegionTable gansu = Gansu();
  EXPECT_EQ(*gansu.NameOf(Code("620102")), "城关区");
  EXPECT_EQ(*gansu.FullNameOf(Code("620102")), "兰州市城关区");
  EXPECT_EQ(*gansu.FullNameOf(Code("620201")), "嘉峪关市(市直)");
  EXPECT_EQ(*gansu.FullNameOf(Code("620171")), "兰州市兰州新区");
  EXPECT_EQ(*gansu.FullNameOf(Code("620100")), "兰州市");
  EXPECT_EQ(gansu.PrefectureOf(Code("622927"))->name, "临夏回族自治州");
  EXPECT_EQ(gansu.PrefectureOf(Code("620201"))->name, "嘉峪关市");
  EXPECT_FALSE(gansu.PrefectureOf(Code("620100")).ok());
  EXPECT_EQ(gansu.NameOf(Code("110101")).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(gansu.Find(Code("620824")), nullptr);  // 华亭县 until it became 620881
  EXPECT_EQ(*gansu.NameOf(Code("620881")), "华亭市");
}

TEST(RegionTableTest, KnowsWhoReviews) {
  const RegionTable gansu = Gansu();
  EXPECT_TRUE(gansu.IsReviewingOffice(Code("620102")));
  EXPECT_TRUE(gansu.IsReviewingOffice(Code("620201")));
  EXPECT_TRUE(gansu.IsReviewingOffice(Code("620171")));
  EXPECT_FALSE(gansu.IsReviewingOffice(Code("620100")));
  EXPECT_FALSE(gansu.IsReviewingOffice(Code("620200")));
  EXPECT_FALSE(gansu.IsReviewingOffice(Code("620000")));
  EXPECT_FALSE(gansu.IsReviewingOffice(Code("110101")));
  EXPECT_EQ(gansu.ReviewingOffices().size(), 88u);
  EXPECT_EQ(gansu.ReviewingOfficesOf(Code("620100")).size(), 9u);
  EXPECT_EQ(gansu.ReviewingOfficesOf(Code("620200")).size(), 1u);
  EXPECT_EQ(gansu.Prefectures().size(), 14u);
  EXPECT_THAT(gansu.offices_without_code(), ElementsAre("甘肃矿区"));
}

TEST(RegionTableTest, RefusesBadTablesByRowAndColumn) {
  const struct {
    std::string rows;
    std::string reason;
  } kCases[] = {
      {"62000,甘肃省,,province\n", "第2行第1列（code）"},
      {",甘肃省,,province\n", "第2行第1列（code）"},
      {"620000,,,province\n", "第2行第2列（name）"},
      {"620000,甘肃省,,land\n", "第2行第4列（level）"},
      {"620000,甘肃省,,county\n", "第2行第4列（level）"},
      {"620000,甘肃省,,province\n620100,兰州市,630000,prefecture\n", "第3行第3列（parent_code）"},
      {"620000,甘肃省,,province\n620102,城关区,620100,county\n", "第3行第3列（parent_code）"},
      {"620000,甘肃省,,province\n620000,甘肃省,,province\n", "第3行第1列（code）：区划代码重复"},
  };
  for (const auto& c : kCases) {
    const auto table = RegionTable::Parse(kHeader + c.rows, kNoOffices);
    EXPECT_EQ(table.status().code(), absl::StatusCode::kInvalidArgument) << c.rows;
    EXPECT_THAT(std::string(table.status().message()), HasSubstr(c.reason));
  }
  EXPECT_FALSE(RegionTable::Parse("code,name\n", kNoOffices).ok());
  EXPECT_FALSE(RegionTable::Parse("", kNoOffices).ok());
}

}  // namespace
}  // namespace fuju::vocabulary
