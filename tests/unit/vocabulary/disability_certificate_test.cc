#include "vocabulary/disability_certificate.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fuju::vocabulary {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const absl::CivilDay kToday(2026, 10, 8);

TEST(DisabilityCertificateTest, ReadsAFirstIssue) {
  const auto certificate = DisabilityCertificate::Parse("62010219000101001043", kToday);
  ASSERT_TRUE(certificate.ok()) << certificate.status();
  EXPECT_EQ(certificate->resident_id().text(), "620102190001010010");
  EXPECT_EQ(certificate->category(), DisabilityCategory::kPhysical);
  EXPECT_EQ(certificate->grade(), 3);
  EXPECT_EQ(certificate->reissue(), 0);
  EXPECT_FALSE(certificate->IsSevere());
  EXPECT_EQ(certificate->DescriptionZh(), "肢体三级");
  EXPECT_EQ(certificate->DescriptionEn(), "physical, grade 3");
  EXPECT_EQ(certificate->Masked(), "6201************1043");
}

TEST(DisabilityCertificateTest, ReadsAReissue) {
  for (const std::string text : {"62010219000101001043B1", "62010219000101001043b1"}) {
    const auto certificate = DisabilityCertificate::Parse(text, kToday);
    ASSERT_TRUE(certificate.ok()) << certificate.status();
    EXPECT_EQ(certificate->text(), "62010219000101001043B1");
    EXPECT_EQ(certificate->reissue(), 1);
  }
  EXPECT_EQ(DisabilityCertificate::Parse("62010219000101001043B9", kToday)->reissue(), 9);
}

TEST(DisabilityCertificateTest, NormalisesLowerCaseX) {
  const auto certificate = DisabilityCertificate::Parse("11010519491231002x11", kToday);
  ASSERT_TRUE(certificate.ok()) << certificate.status();
  EXPECT_EQ(certificate->text(), "11010519491231002X11");
  EXPECT_EQ(certificate->category(), DisabilityCategory::kVisual);
  EXPECT_TRUE(certificate->IsSevere());
}

TEST(DisabilityCertificateTest, RefusesWithTheReason) {
  const struct {
    std::string text;
    std::string reason;
  } kCases[] = {
      {"62010219000101001047", "第20位（残疾等级）"},
      {"62010219000101001040", "第20位（残疾等级）"},
      {"62010219000101001083", "第19位（残疾类别）"},
      {"62010219000101001003", "第19位（残疾类别）"},
      {"620102190001010010", "应为20位（补换证为22位），现为18位"},
      {"62010219000101001043B", "现为21位"},
      {"62010219000101001043B0", "B1至B9"},
      {"62010219000101001043C1", "B1至B9"},
      {"62010219000101001143", "前18位有误：身份证号校验码不符"},
      {"62052419000229001843", "出生日期不存在"},
      {"", "现为0位"},
  };
  for (const auto& c : kCases) {
    const auto certificate = DisabilityCertificate::Parse(c.text, kToday);
    EXPECT_EQ(certificate.status().code(), absl::StatusCode::kInvalidArgument) << c.text;
    const std::string message(certificate.status().message());
    EXPECT_THAT(message, HasSubstr(c.reason));
    EXPECT_THAT(message, HasSubstr(" / "));
    if (!c.text.empty()) {
      EXPECT_THAT(message, Not(HasSubstr(c.text)));
    }
  }
}

TEST(DisabilityCertificateTest, BelongsToThePersonInIt) {
  const auto certificate = DisabilityCertificate::Parse("62010219000101001043B2", kToday);
  ASSERT_TRUE(certificate.ok());
  EXPECT_TRUE(certificate->BelongsTo(*ResidentId::Parse("620102190001010010", kToday)));
  EXPECT_FALSE(certificate->BelongsTo(*ResidentId::Parse("11010519491231002X", kToday)));
}

TEST(DisabilityCertificateTest, NamesAllCategoriesAndGrades) {
  const std::string kNames[] = {"视力一级", "听力一级", "言语一级", "肢体一级",
                                "智力一级", "精神一级", "多重一级"};
  for (int category = 1; category <= 7; ++category) {
    const std::string text = "620102190001010010" + std::to_string(category) + "1";
    EXPECT_EQ(DisabilityCertificate::Parse(text, kToday)->DescriptionZh(), kNames[category - 1]);
  }
  EXPECT_EQ(DisabilityCertificate::Parse("62010219000101001024", kToday)->DescriptionZh(),
            "听力四级");
  EXPECT_EQ(CategoryEn(DisabilityCategory::kMultiple), "multiple");
}

}  // namespace
}  // namespace fuju::vocabulary
