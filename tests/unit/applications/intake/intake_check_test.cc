#include "applications/intake/intake_check.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "applications/intake/intake_book.h"
#include "unit/applications/shipped_intake.h"

namespace fuju::applications {
namespace {

using testing::ShippedIntakeTexts;
using testing::ShippedItemCodes;

TEST(IntakeBookTest, TheShippedFilesAreRight) {
  const absl::StatusOr<IntakeBook> book =
      IntakeBook::Parse(ShippedIntakeTexts(), ShippedItemCodes());
  ASSERT_TRUE(book.ok()) << book.status();
  EXPECT_EQ(book->draft_limit(), absl::Hours(60 * 24));
  EXPECT_TRUE(book->MayHelp("village_officer"));
  EXPECT_FALSE(book->MayHelp("county_reviewer"));
  EXPECT_EQ(book->NewestConsents().size(), 5u);
  EXPECT_NE(book->FindDocument("diagnosis"), nullptr);
  EXPECT_EQ(book->FindDocument("passport"), nullptr);
}

TEST(IntakeBookTest, AsksTheNewestVersionAndKnowsTheOlder) {
  IntakeTexts texts = ShippedIntakeTexts();
  const std::string second = R"({"purpose": "processing", "version": 2, "titleZh": "新", "titleEn":
      "new", "textZh": "新", "textEn": "new", "required": true}, {"purpose": "vendor_sharing")";
  texts.consents =
      absl::StrReplaceAll(texts.consents, {{"{\n      \"purpose\": \"vendor_sharing\"", second}});
  const absl::StatusOr<IntakeBook> book = IntakeBook::Parse(texts, ShippedItemCodes());
  ASSERT_TRUE(book.ok()) << book.status();
  EXPECT_EQ(book->FindNewestConsent("processing")->version(), 2);
  EXPECT_NE(book->FindConsent("processing", 1), nullptr);
  EXPECT_EQ(book->NewestConsents().size(), 5u);
}

struct Spoiled {
  const char* name;
  std::string IntakeTexts::*file;
  const char* from;
  const char* to;
  // What is complained of.
  const char* complaint;
};

class SpoiledFiles : public ::testing::TestWithParam<Spoiled> {};

TEST_P(SpoiledFiles, AreRefusedWithThePlace) {
  IntakeTexts texts = ShippedIntakeTexts();
  std::string& text = texts.*GetParam().file;
  const std::string before = text;
  text = absl::StrReplaceAll(text, {{GetParam().from, GetParam().to}});
  ASSERT_NE(text, before) << "nothing was spoiled";
  const absl::Status status = IntakeBook::Parse(texts, ShippedItemCodes()).status();
  EXPECT_TRUE(absl::StrContains(status.message(), GetParam().complaint)) << status;
}

INSTANTIATE_TEST_SUITE_P(
    Intake, SpoiledFiles,
    ::testing::Values(
        Spoiled{"NoJson", &IntakeTexts::intake, "{\n  \"sources\"", "\"sources\"",
                "intake.json: is no JSON object"},
        Spoiled{"UnknownField", &IntakeTexts::intake,
                "draftLimit\":", "draftLimits\":", "intake.json: draftLimits"},
        Spoiled{"Limit", &IntakeTexts::intake, "1440h", "soon", "intake.json: draftLimit: "},
        Spoiled{"LimitInWorkingDays", &IntakeTexts::intake, "1440h", "40wd",
                "intake.json: draftLimit: must be a time"},
        Spoiled{"Role", &IntakeTexts::intake, "town_officer", "mayor",
                "intake.json: officerRoles[1]: must be one of village_officer"},
        Spoiled{"EmptyCondition", &IntakeTexts::intake, "{\"ageMax\": 17}", "{}",
                "intake.json: guardianNeededWhen[0]: is empty"},
        Spoiled{"NobodysAge", &IntakeTexts::intake, "{\"ageMax\": 17}",
                "{\"ageMin\": 18, \"ageMax\": 17}",
                "intake.json: guardianNeededWhen[0].ageMax: is below ageMin"},
        Spoiled{"UnknownItem", &IntakeTexts::intake, "\"E02\"", "\"Z\"",
                "intake.json: uncertifiedWhen[0].items[1]: \"Z\" begins no item code"},
        Spoiled{"NoTruthValue", &IntakeTexts::consents, "\"required\": true",
                "\"required\": \"yes\"",
                "consents.json: consents[0].required: must be true or false"},
        Spoiled{"VersionGap", &IntakeTexts::consents,
                "\"purpose\": \"follow_up\",\n      \"version\": 1",
                "\"purpose\": \"follow_up\",\n      \"version\": 2",
                "consents.json: consents[3].version: must be 1"},
        Spoiled{"NoText", &IntakeTexts::consents, "办理本次申请", " ",
                "consents.json: consents[0].titleZh: is missing"},
        Spoiled{"OneEffectTwice", &IntakeTexts::consents, "CONSENT_EFFECT_PREFILL",
                "CONSENT_EFFECT_FOLLOW_UP", "consents.json: consents[4].effect: is that of"},
        Spoiled{"RequiredEffect", &IntakeTexts::consents, "\"effect\": \"CONSENT_EFFECT_PREFILL\"",
                "\"effect\": \"CONSENT_EFFECT_PREFILL\", \"required\": true",
                "consents.json: consents[4].effect: is for what may be left out"},
        Spoiled{"KindTwice", &IntakeTexts::documents, "\"kind\": \"entrustment\"",
                "\"kind\": \"diagnosis\"",
                "documents.json: documents[6].kind: diagnosis stands there before"},
        Spoiled{"KindId", &IntakeTexts::documents, "\"kind\": \"entrustment\"",
                "\"kind\": \"Entrustment\"", "documents.json: documents[5].kind: must be"},
        Spoiled{"UnknownValue", &IntakeTexts::documents, "RELATION_AGENT", "RELATION_FRIEND",
                "documents.json: documents[5].neededWhen[0].relations"},
        Spoiled{"Unspecified", &IntakeTexts::documents, "RELATION_AGENT", "RELATION_UNSPECIFIED",
                "documents.json: documents[5].neededWhen[0].relations[0]: is UNSPECIFIED"}),
    [](const auto& test) { return test.param.name; });

TEST(IntakeBookTest, EveryProblemOfEveryFileIsNamedAtOnce) {
  IntakeTexts texts = ShippedIntakeTexts();
  texts.intake = absl::StrReplaceAll(texts.intake, {{"1440h", "soon"}, {"town_officer", "mayor"}});
  texts.consents = absl::StrReplaceAll(texts.consents, {{"办理本次申请", ""}});
  texts.documents = absl::StrReplaceAll(texts.documents, {{"委托书", ""}});
  const std::string message(IntakeBook::Parse(texts, ShippedItemCodes()).status().message());
  EXPECT_THAT(message, ::testing::AllOf(::testing::HasSubstr("officerRoles[1]"),
                                        ::testing::HasSubstr("draftLimit"),
                                        ::testing::HasSubstr("consents[0].titleZh"),
                                        ::testing::HasSubstr("documents[5].nameZh")));
}

}  // namespace
}  // namespace fuju::applications
