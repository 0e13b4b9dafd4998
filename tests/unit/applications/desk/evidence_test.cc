#include "applications/desk/evidence.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "applications/desk/rule_sources.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using testing::TestCase;

const Record& UnderReview() {
  static const auto* const kRecord =
      new Record(TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW).record());
  return *kRecord;
}

absl::Status Away() {
  return chassis::Refusal(absl::StatusCode::kUnavailable, "SOURCE_UNAVAILABLE", "无应答", "away");
}

TEST(RuleSourcesTest, EveryRuleOfThePolicyHasASourceAndADay) {
  catalogue::v1::SubsidyDecision decision;
  decision.set_decision_date("2026-01-07");
  const struct {
    const char* code;
    v1::RuleSource source;
    const char* date;
  } cases[] = {
      {"CERTIFICATE_VALID", v1::RULE_SOURCE_CERTIFICATE_NUMBER, "2026-01-05"},
      {"RESIDENCE_COUNTY", v1::RULE_SOURCE_STATEMENT, "2026-01-05"},
      {"DISABILITY_CATEGORY", v1::RULE_SOURCE_CERTIFICATE_NUMBER, "2026-01-05"},
      {"DISABILITY_GRADE", v1::RULE_SOURCE_CERTIFICATE_NUMBER, "2026-01-05"},
      {"AGE_WINDOW", v1::RULE_SOURCE_RESIDENT_ID, "2026-01-05"},
      {"ECONOMIC_GROUP", v1::RULE_SOURCE_STATEMENT, "2026-01-05"},
      {"REPLACEMENT_INTERVAL", v1::RULE_SOURCE_DELIVERIES, "2026-01-07"},
      {"QUANTITY_LIMIT", v1::RULE_SOURCE_STATEMENT, "2026-01-05"},
      {"OPEN_GRANT", v1::RULE_SOURCE_DELIVERIES, "2026-01-07"},
      {"YEARLY_KINDS", v1::RULE_SOURCE_DELIVERIES, "2026-01-07"},
      {"MULTIPLE_KINDS", v1::RULE_SOURCE_DELIVERIES, "2026-01-07"},
      {"YEARLY_CAP", v1::RULE_SOURCE_DELIVERIES, "2026-01-07"},
      {"MULTIPLE_TOTAL_CAP", v1::RULE_SOURCE_DELIVERIES, "2026-01-07"},
      {"SHARED_ALLOWANCE", v1::RULE_SOURCE_DELIVERIES, "2026-01-07"},
      {"OTHER_PAYER", v1::RULE_SOURCE_STATEMENT, "2026-01-05"},
      {"A_NEW_RULE", v1::RULE_SOURCE_UNSPECIFIED, ""},
  };
  for (const auto& c : cases) {
    const FactOrigin origin = OriginOf(c.code, UnderReview(), decision);
    EXPECT_EQ(origin.source, c.source) << c.code;
    EXPECT_EQ(origin.date, c.date) << c.code;
    EXPECT_FALSE(RuleText(c.code).zh.empty());
    EXPECT_FALSE(SourceText(origin).en.empty());
  }
}

TEST(RuleSourcesTest, AVerifiedFactIsOfTheDayOfItsVerification) {
  Record record = UnderReview();
  v1::Applicant* applicant = record.mutable_application()->mutable_applicant();
  applicant->mutable_economic_proof()->set_source(v1::FACT_SOURCE_CIVIL_AFFAIRS);
  applicant->mutable_economic_proof()->set_verify_date("2025-12-01");
  const FactOrigin verified = OriginOf("ECONOMIC_GROUP", record, {});
  EXPECT_EQ(verified.date, "2025-12-01");
  EXPECT_EQ(SourceText(verified).zh, "经民政部门核实");
  ASSERT_NE(verified.proof, nullptr);
  EXPECT_EQ(OriginOf("DISABILITY_GRADE", record, {}).proof, nullptr);

  applicant->clear_certificate_number();
  applicant->mutable_diagnosis()->set_date("2025-11-20");
  const FactOrigin diagnosed = OriginOf("DISABILITY_CATEGORY", record, {});
  EXPECT_EQ(diagnosed.source, v1::RULE_SOURCE_DIAGNOSIS);
  EXPECT_EQ(diagnosed.date, "2025-11-20");
}

TEST(SubsidyEvidenceTest, HasEveryRuleWithItsValueSourceDayAndVersion) {
  catalogue::v1::Grant grant;
  grant.mutable_decision()->set_catalogue_version("gansu-2026-1");
  grant.mutable_decision()->set_subsidy_fen(49000);
  catalogue::v1::RuleResult* rule = grant.mutable_decision()->add_rules();
  rule->set_code("AGE_WINDOW");
  rule->set_values("age 17, window 18-99");
  rule->set_text_zh("满18周岁后可申请");
  const v1::SubsidyEvidence evidence = SubsidyEvidenceOf(grant, UnderReview());
  EXPECT_FALSE(evidence.has_missing());
  ASSERT_EQ(evidence.rules_size(), 1);
  EXPECT_FALSE(evidence.rules(0).passed());
  EXPECT_EQ(evidence.rules(0).values(), "age 17, window 18-99");
  EXPECT_EQ(evidence.rules(0).text_zh(), "满18周岁后可申请");
  EXPECT_EQ(evidence.rules(0).source_text_zh(), "居民身份证号");
  EXPECT_EQ(evidence.rules(0).source_date(), "2026-01-05");
  EXPECT_EQ(evidence.rules(0).catalogue_version(), "gansu-2026-1");
  EXPECT_EQ(evidence.subsidy_fen(), 49000);
}

TEST(SubsidyEvidenceTest, SaysWhyItIsMissing) {
  const v1::MissingPart away = SubsidyEvidenceOf(Away(), UnderReview()).missing();
  EXPECT_EQ(away.reason(), "SOURCE_UNAVAILABLE");
  EXPECT_FALSE(away.text_zh().empty());
  EXPECT_FALSE(away.text_en().empty());
  const v1::MissingPart none =
      SubsidyEvidenceOf(chassis::NotFound("grants/x"), UnderReview()).missing();
  EXPECT_EQ(none.reason(), "RESOURCE_NOT_FOUND");
  EXPECT_NE(none.text_zh(), away.text_zh());
  EXPECT_EQ(BudgetEvidenceOf(Away()).missing().reason(), "SOURCE_UNAVAILABLE");
  EXPECT_EQ(PersonEvidenceOf(Away(), UnderReview()).missing().reason(), "SOURCE_UNAVAILABLE");
}

Record Other(const char* name, const char* county, ApplicationState state) {
  Record record = UnderReview();
  record.mutable_application()->set_name(name);
  record.mutable_application()->set_county_code(county);
  record.mutable_application()->set_state(state);
  return record;
}

TEST(PersonEvidenceTest, TellsOtherCountiesAndWhatWasReceived) {
  PersonsApplications all;
  all.records = {UnderReview(),
                 Other("applications/there", "620201", v1::APPLICATION_STATE_SUBMITTED),
                 Other("applications/here", "620102", v1::APPLICATION_STATE_CLOSED)};
  Record& closed = all.records[2];
  *closed.mutable_accept_time() = chassis::ToTimestamp(testing::Start());
  closed.mutable_application()->mutable_service()->set_serial_number("SN-1");
  const v1::PersonEvidence evidence = PersonEvidenceOf(all, UnderReview());
  ASSERT_EQ(evidence.other_counties_size(), 1);
  EXPECT_EQ(evidence.other_counties(0).application(), "applications/there");
  EXPECT_TRUE(evidence.other_counties(0).open());
  ASSERT_EQ(evidence.same_county_size(), 1);
  EXPECT_FALSE(evidence.same_county(0).open());
  ASSERT_EQ(evidence.past_devices_size(), 1);
  EXPECT_EQ(evidence.past_devices(0).application(), "applications/here");
  EXPECT_EQ(evidence.past_devices(0).serial_number(), "SN-1");
  EXPECT_FALSE(evidence.more());
}

TEST(BudgetEvidenceTest, IsOfTheYearThatTheCatalogueDecidedFor) {
  EXPECT_EQ(BudgetNameOf(UnderReview(), testing::Start() + absl::Hours(24 * 400)),
            "budgets/620102-2026");
  EXPECT_EQ(BudgetNameOf(TestCase::In(v1::APPLICATION_STATE_DRAFT).record(),
                         testing::Start() + absl::Hours(24 * 400)),
            "budgets/620102-2027");
  EXPECT_EQ(GrantNameOf(UnderReview()), absl::StrCat("grants/", testing::kId));
}

}  // namespace
}  // namespace fuju::applications
