// What is needed to hand in, and that all that is missing is said at once.

#include <string>

#include "absl/strings/match.h"
#include <gtest/gtest.h>

#include "applications/draft_decisions.h"
#include "applications/intake/consents.h"
#include "applications/intake/documents.h"
#include "applications/intake/fact_decisions.h"
#include "applications/review_decisions.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "support/complete_applicant.h"
#include "support/violations.h"
#include "unit/applications/shipped_intake.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using test_support::DocumentOf;
using test_support::PathsOf;
using test_support::ViolationsOf;
using testing::Draft;
using testing::ShippedIntake;
using testing::TestCase;

// Updates a draft by what the patch says of the applicant.
absl::Status UpdateApplicant(TestCase& test_case, const v1::Applicant& applicant) {
  v1::Application patch;
  *patch.mutable_applicant() = applicant;
  google::protobuf::FieldMask mask;
  mask.add_paths("applicant");
  Result result = DecideUpdate(test_case.record(), patch, mask, testing::Books(), test_case.act());
  if (!result.ok()) return result.status();
  test_case.Take(std::move(result));
  return absl::OkStatus();
}

TEST(SubmissionTest, NamesAllThatIsMissingAtOnce) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DRAFT);
  v1::Applicant applicant = Draft().applicant();
  applicant.clear_consents();
  applicant.clear_documents();
  applicant.mutable_certificate()->set_status(v1::CERTIFICATE_STATUS_FROZEN);
  applicant.mutable_residence()->set_kind(v1::RESIDENCE_KIND_PERMIT);
  applicant.mutable_residence()->set_county_code("620103");
  v1::Representative& agent = *applicant.add_representatives();
  agent.set_relation(v1::RELATION_AGENT);
  agent.set_name("虚构代理");
  agent.set_basis("委托书");
  ASSERT_TRUE(UpdateApplicant(test_case, applicant).ok());
  const absl::Status status = test_case.Try(Move::kSubmit).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(chassis::ReasonOf(status), "DRAFT_INCOMPLETE");
  EXPECT_EQ(PathsOf(status),
            "application.applicant.certificate.status application.applicant.consents "
            "application.applicant.documents application.applicant.residence.county_code");
  const auto violations = ViolationsOf(status);
  for (const char* consent : {"办理本次申请", "把必要信息交给服务机构", "核对"}) {
    EXPECT_TRUE(absl::StrContains(violations.at("application.applicant.consents"), consent));
  }
  EXPECT_FALSE(absl::StrContains(violations.at("application.applicant.consents"), "回访"));
  for (const char* kind : {"residence_permit", "entrustment", "economic_proof"}) {
    EXPECT_TRUE(absl::StrContains(violations.at("application.applicant.documents"), kind)) << kind;
  }
}

TEST(SubmissionTest, AnOutdatedConsentIsAskedAgain) {
  v1::Applicant applicant = Draft().applicant();
  applicant.mutable_consents(0)->set_version(7);
  chassis::Refusal refusal = chassis::InvalidFields();
  CheckConsentsGiven(applicant, ShippedIntake(), refusal);
  EXPECT_TRUE(absl::StrContains(ViolationsOf(refusal.Build()).at("application.applicant.consents"),
                                "文本已更新，请再次征得本人同意“办理本次申请”"));
}

TEST(SubmissionTest, TellsTheReviewersOfAMissingCertificate) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DRAFT);
  v1::Application draft = Draft();
  draft.mutable_request()->set_item_code("E02");
  v1::Applicant& boy = *draft.mutable_applicant();
  boy.set_resident_id("620102201805200013");
  boy.clear_certificate_number();
  boy.mutable_diagnosis()->set_institution("虚构医院");
  boy.mutable_diagnosis()->set_date("2026-01-02");
  boy.mutable_diagnosis()->set_category(type::v1::DISABILITY_CATEGORY_HEARING);
  boy.clear_consents();
  boy.clear_documents();
  test_support::CompleteApplicant(boy, /*child=*/true);
  const Act act = test_case.act();
  const auto normal = NormalDraft(draft, testing::Books(), act);
  ASSERT_TRUE(normal.ok()) << normal.status();
  ASSERT_TRUE(test_case.Take(DecideCreate(testing::kId, *normal, ShippedIntake(), act)));
  const absl::Status missing = test_case.Try(Move::kSubmit).status();
  EXPECT_TRUE(
      absl::StrContains(ViolationsOf(missing).at("application.applicant.documents"), "diagnosis"));
  boy = test_case.application().applicant();
  *boy.add_documents() = DocumentOf("diagnosis");
  ASSERT_TRUE(UpdateApplicant(test_case, boy).ok());
  ASSERT_TRUE(test_case.Do(Move::kSubmit));
  const auto* fact = dynamic_cast<const v1::ApplicationSubmitted*>(&test_case.last_fact());
  ASSERT_NE(fact, nullptr);
  EXPECT_TRUE(fact->facts().uncertified());
  EXPECT_TRUE(absl::StrContains(test_case.application().timeline(1).text_zh(), "没有残疾人证"));
}

TEST(ConsentsTest, AreStampedOnceWithWhoEnteredThem) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DRAFT);
  const v1::Consent first = test_case.application().applicant().consents(0);
  EXPECT_EQ(first.actor(), "county_reviewer:r1");
  EXPECT_EQ(chassis::ToTime(first.give_time()), testing::Start());
  test_case.Advance(absl::Hours(1));
  test_case.ActAs("village_officer:v1");
  v1::Applicant again = Draft().applicant();
  again.set_address("别处");
  // Whoever reads a stamp back and sends it changes nothing.
  again.mutable_consents(0)->set_actor("forged:f");
  ASSERT_TRUE(UpdateApplicant(test_case, again).ok());
  EXPECT_EQ(test_case.application().applicant().consents(0).DebugString(), first.DebugString());
}

TEST(ConsentsTest, NamesUnknownPurposesAndVersions) {
  v1::Application draft = Draft();
  draft.mutable_applicant()->mutable_consents(0)->set_version(9);
  draft.mutable_applicant()->mutable_consents(1)->set_purpose("advertising");
  *draft.mutable_applicant()->add_consents() = draft.applicant().consents(2);
  EXPECT_EQ(PathsOf(NormalDraft(draft, testing::Books(), Act{testing::Start(), "a:b"}).status()),
            "application.applicant.consents[0].version "
            "application.applicant.consents[1].purpose "
            "application.applicant.consents[5].purpose");
}

TEST(ConsentsTest, OneThatIsNeededIsNotWithdrawnFromAnOpenCase) {
  const TestCase open = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  const auto withdraw = [](const TestCase& test_case, const char* purpose) {
    return DecideWithdrawConsent(test_case.record(), purpose, ShippedIntake(), test_case.act());
  };
  EXPECT_EQ(chassis::ReasonOf(withdraw(open, "processing").status()), "CONSENT_REQUIRED");
  EXPECT_TRUE(withdraw(TestCase::In(v1::APPLICATION_STATE_CLOSED), "processing").ok());
  EXPECT_EQ(PathsOf(withdraw(open, "advertising").status()), "purpose");
}

TEST(ConsentsTest, WhoWithdrewTheFollowUpIsNotAsked) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_PAID);
  ASSERT_TRUE(test_case.Do(Move::kWithdrawConsent));
  EXPECT_EQ(test_case.last_entry().text_zh(), "已撤回同意：使用后回访。");
  EXPECT_FALSE(test_case.Do(Move::kWithdrawConsent)) << "once is enough";
  ASSERT_TRUE(test_case.Do(Move::kFollowUpDue));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_CLOSED);
  EXPECT_NE(dynamic_cast<const v1::ApplicationClosed*>(&test_case.last_fact()), nullptr);
}

TEST(AgreesTest, ACaseFromBeforeThereWereConsents) {
  const v1::Applicant never_asked;
  EXPECT_TRUE(Agrees(never_asked, v1::CONSENT_EFFECT_FOLLOW_UP, ShippedIntake(), true));
  EXPECT_FALSE(Agrees(never_asked, v1::CONSENT_EFFECT_PREFILL, ShippedIntake(), false));
  v1::Applicant only_needed;
  only_needed.add_consents()->set_purpose("processing");
  EXPECT_FALSE(Agrees(only_needed, v1::CONSENT_EFFECT_FOLLOW_UP, ShippedIntake(), true));
}

TEST(DocumentsTest, WhatARegisterShowsIsNotAskedOnPaper) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DRAFT);
  v1::Applicant applicant = Draft().applicant();
  applicant.clear_documents();
  ASSERT_TRUE(UpdateApplicant(test_case, applicant).ok());
  EXPECT_EQ(PathsOf(test_case.Try(Move::kSubmit).status()), "application.applicant.documents");
  ASSERT_TRUE(test_case.Do(Move::kVerifyFact));
  const auto required =
      RequiredDocuments(ShippedIntake(), SituationOf(test_case.application(), test_case.now()),
                        test_case.application().applicant(), test_case.now());
  ASSERT_EQ(required.size(), 1u);
  EXPECT_EQ(required[0].kind(), "economic_proof");
  EXPECT_TRUE(required[0].verified_instead());
  EXPECT_FALSE(required[0].attached());
  EXPECT_TRUE(test_case.Try(Move::kSubmit).ok());
}

TEST(DocumentsTest, AreNamedIfTheyAreUnknownOrNowhere) {
  v1::Application draft = Draft();
  draft.mutable_applicant()->add_documents()->set_kind("passport");
  EXPECT_EQ(PathsOf(NormalDraft(draft, testing::Books(), Act{testing::Start(), "a:b"}).status()),
            "application.applicant.documents[1].kind application.applicant.documents[1].uri");
}

Result Returned(const TestCase& test_case, std::vector<std::string> kinds) {
  Verdict verdict{"", {"DOCUMENT_MISSING"}, "请补"};
  verdict.document_kinds = std::move(kinds);
  return DecideReturn(test_case.record(), verdict, test_case.rules(), test_case.act());
}

TEST(DocumentsTest, AReturnNamesKindsAndTheSupplementBringsThem) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  EXPECT_EQ(PathsOf(Returned(test_case, {"diagnosis", "passport"}).status()), "document_kinds[1]");
  test_case.Advance(absl::Minutes(1));
  // One of the kinds was there before: it is asked for anew.
  ASSERT_TRUE(test_case.Take(Returned(test_case, {"household_register", "economic_proof"})));
  EXPECT_TRUE(absl::StrContains(test_case.last_entry().text_zh(), "户口本、家庭经济状况证明"));
  EXPECT_EQ(test_case.application().outcome().document_kinds_size(), 2);

  test_case.Advance(absl::Minutes(1));
  Supplement supplement{"补了"};
  const auto supplemented = [&test_case, &supplement] {
    return DecideSupplement(test_case.record(), supplement, test_case.rules(), test_case.act());
  };
  EXPECT_EQ(chassis::ReasonOf(supplemented().status()), "DOCUMENT_MISSING");
  const auto violations = ViolationsOf(supplemented().status());
  EXPECT_TRUE(absl::StrContains(violations.at("documents"), "户口本"));
  EXPECT_TRUE(absl::StrContains(violations.at("documents"), "economic_proof"));
  supplement.documents.Add()->set_kind("passport");
  EXPECT_EQ(PathsOf(supplemented().status()), "documents[0].kind documents[0].uri");
  supplement.documents.Clear();
  *supplement.documents.Add() = DocumentOf("household_register");
  v1::Document renewed = DocumentOf("economic_proof");
  renewed.set_shelf_mark("虚构档案柜-2");
  *supplement.documents.Add() = renewed;
  ASSERT_TRUE(test_case.Take(supplemented()));
  EXPECT_EQ(test_case.application().applicant().documents_size(), 3);
  EXPECT_TRUE(test_case.application().outcome().document_kinds().empty());
  EXPECT_FALSE(absl::StrContains(test_case.last_fact().DebugString(), "档案柜"));
}

v1::VerifyPersonFactRequest Verification(type::v1::EconomicStatus status) {
  v1::VerifyPersonFactRequest asked = testing::StatusVerified();
  asked.set_economic_status(status);
  return asked;
}

TEST(VerifyFactTest, LeavesSourceDayAndOfficer) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  v1::VerifyPersonFactRequest asked = Verification(type::v1::ECONOMIC_STATUS_DB);
  asked.set_expire_date("2026-12-31");
  asked.mutable_residence()->set_kind(v1::RESIDENCE_KIND_HUKOU);
  asked.mutable_residence()->set_county_code("620102");
  ASSERT_TRUE(test_case.Take(DecideVerifyFact(test_case.record(), asked, test_case.act())));
  const v1::Applicant& applicant = test_case.application().applicant();
  EXPECT_EQ(applicant.economic_proof().source(), v1::FACT_SOURCE_CIVIL_AFFAIRS);
  EXPECT_EQ(applicant.economic_proof().verify_date(), "2026-01-05");
  EXPECT_EQ(applicant.economic_proof().expire_date(), "2026-12-31");
  EXPECT_EQ(applicant.economic_proof().actor(), "county_reviewer:r1");
  EXPECT_EQ(applicant.residence().proof().source(), v1::FACT_SOURCE_CIVIL_AFFAIRS);
  EXPECT_EQ(test_case.last_entry().text_zh(),
            "已核实：户籍或居住证；家庭经济状况；其中更正：户籍或居住证。");
  const auto* fact = dynamic_cast<const v1::PersonFactVerified*>(&test_case.last_fact());
  ASSERT_NE(fact, nullptr);
  EXPECT_EQ(fact->verified_size(), 2);
  EXPECT_EQ(fact->corrected_size(), 1);
  EXPECT_FALSE(fact->application().has_applicant());
}

TEST(VerifyFactTest, WhatTheCatalogueDecidedOnStays) {
  const TestCase review = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  const auto asked = Verification(type::v1::ECONOMIC_STATUS_YB);
  EXPECT_EQ(chassis::ReasonOf(DecideVerifyFact(review.record(), asked, review.act()).status()),
            "FACT_DECIDED");
  // Before it decided, a correction is free.
  const TestCase draft = TestCase::In(v1::APPLICATION_STATE_DRAFT);
  EXPECT_TRUE(DecideVerifyFact(draft.record(), asked, draft.act()).ok());
}

TEST(VerifyFactTest, IsDoneByAnOfficeAndSaysSomething) {
  const TestCase review = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  const auto asked = Verification(type::v1::ECONOMIC_STATUS_DB);
  EXPECT_EQ(
      DecideVerifyFact(review.record(), asked, Act{review.now(), "mobile:m1"}).status().code(),
      absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(
      PathsOf(DecideVerifyFact(review.record(), Verification(type::v1::ECONOMIC_STATUS_UNSPECIFIED),
                               review.act())
                  .status()),
      "certificate economic_status residence");
}

TEST(DraftLimitTest, ADraftLivesSixtyDaysAfterItsLastChange) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DRAFT);
  test_case.Advance(absl::Hours(59 * 24));
  ASSERT_TRUE(test_case.Do(Move::kUpdate));
  EXPECT_EQ(chassis::ToTime(test_case.record().limit().due_time()),
            testing::Start() + absl::Hours((59 + 60) * 24));
  EXPECT_EQ(test_case.application().holder().due_text_zh(), "2026年5月4日09:00前");
  ASSERT_TRUE(test_case.Do(Move::kDraftOverdue));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_EXPIRED);
  EXPECT_EQ(test_case.application().outcome().reason_codes(0), "DRAFT_EXPIRED");
  EXPECT_NE(dynamic_cast<const v1::ApplicationEnded*>(&test_case.last_fact()), nullptr);
}

TEST(DraftLimitTest, AHandedInCaseHasNoneAndAnOldDraftGetsOne) {
  EXPECT_FALSE(TestCase::In(v1::APPLICATION_STATE_SUBMITTED).record().has_limit());
  // A draft from before drafts had a limit.
  Record old = TestCase::In(v1::APPLICATION_STATE_DRAFT).record();
  old.clear_limit();
  v1::Application patch;
  google::protobuf::FieldMask mask;
  mask.add_paths("applicant.phone");
  const Result result =
      DecideUpdate(old, patch, mask, testing::Books(), Act{testing::Start(), "a:b"});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->next.limit().name(), "draft");
}

}  // namespace
}  // namespace fuju::applications
