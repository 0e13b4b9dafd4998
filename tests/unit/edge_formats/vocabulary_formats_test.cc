#include "edge_formats/vocabulary_formats.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include <gtest/gtest.h>

#include "support/fake_clock.h"

namespace fuju::edge_formats {
namespace {

std::string TextOf(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

class VocabularyFormatsTest : public ::testing::Test {
 protected:
  VocabularyFormatsTest() { RegisterVocabularyFormats(formats_, regions_, clock_); }

  // True if the text is right; a complaint has to be in both languages.
  bool Accepts(const std::string& format, const std::string& text) {
    const auto* check = formats_.Find(format);
    if (check == nullptr) {
      ADD_FAILURE() << "no format " << format;
      return false;
    }
    const chassis::FormatComplaint complaint = (*check)(text);
    EXPECT_EQ(complaint.text_zh.empty(), complaint.text_en.empty()) << format << " " << text;
    return complaint.ok();
  }

  // 2026-01-05.
  test_support::FakeClock clock_;
  const vocabulary::RegionTable regions_ =
      *vocabulary::RegionTable::Parse(TextOf("deploy/data/gansu/divisions.csv"),
                                      TextOf("deploy/data/gansu/organisations_extra.csv"));
  chassis::FormatRegistry formats_;
};

// A format without a check would be INTERNAL to every caller.
TEST_F(VocabularyFormatsTest, EveryFormatOfTheContractIsRegistered) {
  std::set<std::string> named;
  const std::regex format("format: \"([^\"]*)\"");
  for (const auto& entry : std::filesystem::recursive_directory_iterator("proto/fuju")) {
    if (entry.path().extension() != ".proto") continue;
    const std::string text = TextOf(entry.path());
    for (std::sregex_iterator it(text.begin(), text.end(), format), end; it != end; ++it) {
      named.insert((*it)[1]);
    }
  }
  EXPECT_GE(named.size(), 17u);
  for (const std::string& name : named) EXPECT_NE(formats_.Find(name), nullptr) << name;
}

TEST_F(VocabularyFormatsTest, AcceptAndRefuse) {
  struct Case {
    std::vector<std::string> right;
    std::vector<std::string> wrong;
  };
  const std::map<std::string, Case> cases = {
      {"person_name", {{"马小兰", "买买提·吐尔逊"}, {"马", "马1", "张三\xff"}}},
      {"resident_id",
       {{"620102190001010010", "11010519491231002x"},
        {"620524190002290018", "620102190001010011", "62010219000101"}}},
      {"certificate_number",
       {{"62010219000101001043", "62010219000101001043B1"},
        {"62010219000101001047", "62010219000101001083", "620102190001010010"}}},
      {"phone", {{"13812345678", "0931-8412345"}, {"12345", "x"}}},
      {"language", {{"zh", "en", "bo", "sce"}, {"z", "ZH", "zh-CN", "中文"}}},
      {"person_key", {{std::string(64, 'a')}, {std::string(64, 'A'), std::string(63, 'a')}}},
      {"date", {{"2024-02-29"}, {"2023-02-29", "2024-2-9", "today"}}},
      {"county_code",
       {{"620102", "620171", "620201"}, {"620100", "620000", "110101", "62010", "abcdef"}}},
      {"office_code",
       {{"620102", "620171", "620100", "620000"}, {"110000", "620199", "62010", "abcdef"}}},
      {"item_code", {{"M01", "H99"}, {"m01", "M1", "M001", "01M", "M0x"}}},
      {"device_division", {{"122203"}, {"1222", "12220301", "12 22", "000000", "12220x"}}},
      {"device_class", {{"12", "1222"}, {"1", "122", "122203", "00", "ab"}}},
      {"uscc", {{"91620102DEM0000146"}, {"91620102DEM0000147", "9162"}}},
      {"serial_number", {{"SN-2026/001", "7", "a.b_c"}, {"-1", "1-", "a b", "号码"}}},
      {"signature_method",
       {{"handwritten", "sms_code", "voice", "witness"}, {"Handwritten", "stamp"}}},
      {"reason_code", {{"DOCUMENT_MISSING", "OTHER"}, {"other", "BECAUSE"}}},
  };
  for (const auto& [format, texts] : cases) {
    for (const std::string& text : texts.right)
      EXPECT_TRUE(Accepts(format, text)) << format << text;
    for (const std::string& text : texts.wrong)
      EXPECT_FALSE(Accepts(format, text)) << format << text;
    EXPECT_TRUE(Accepts(format, "")) << format << ": required is said beside the format";
  }
}

TEST_F(VocabularyFormatsTest, ABirthDateIsComparedWithTheClock) {
  constexpr char kBornInMay2026[] = "620102202605010017";
  const bool before = Accepts("resident_id", kBornInMay2026);
  clock_.Set(absl::FromUnixSeconds(1'790'000'000));
  EXPECT_FALSE(before);
  EXPECT_TRUE(Accepts("resident_id", kBornInMay2026));
}

// Complaints reach logs and screens of others.
TEST_F(VocabularyFormatsTest, AComplaintAboutAPersonDoesNotRepeatTheText) {
  for (const char* format : {"person_name", "resident_id", "certificate_number", "phone"}) {
    const std::string text = "12张三8123456789012";
    const chassis::FormatComplaint complaint = (*formats_.Find(format))(text);
    EXPECT_FALSE(complaint.ok()) << format;
    EXPECT_FALSE(absl::StrContains(complaint.text_zh + complaint.text_en, "张三")) << format;
  }
}

}  // namespace
}  // namespace fuju::edge_formats
