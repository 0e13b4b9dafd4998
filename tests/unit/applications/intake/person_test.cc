#include "applications/persons/person.h"

#include <string>

#include "absl/strings/match.h"
#include <gtest/gtest.h>

#include "chassis/values/timestamps.h"
#include "support/violations.h"
#include "unit/applications/shipped_intake.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using test_support::PathsOf;
using testing::ShippedIntake;
using testing::TestCase;

constexpr char kSurveyed[] = "虚构调查住址一号";

v1::Application SubmittedAt(absl::Time when) {
  v1::Application application = TestCase::In(v1::APPLICATION_STATE_SUBMITTED).application();
  *application.mutable_submit_time() = chassis::ToTimestamp(when);
  return application;
}

Finding Surveyed() {
  Finding finding;
  finding.source = v1::FACT_SOURCE_SURVEY;
  finding.may_prefill = true;
  finding.found.set_name(testing::kName);
  finding.found.set_resident_id(testing::kResidentId);
  finding.found.set_address(kSurveyed);
  finding.found.set_economic_status(type::v1::ECONOMIC_STATUS_TK);
  return finding;
}

PersonRecord Recorded(absl::Time when, const Finding& finding = Surveyed()) {
  return RecordFinding({}, "key", finding, when).next;
}

TEST(RecordFindingTest, KeepsEachFactWithSourceAndDay) {
  const auto decision = RecordFinding({}, "key", Surveyed(), testing::Start());
  EXPECT_EQ(decision.next.person_key(), "key");
  const v1::FactProof& proof = decision.next.known().economic_proof();
  EXPECT_EQ(proof.source(), v1::FACT_SOURCE_SURVEY);
  EXPECT_EQ(proof.verify_date(), "2026-01-05");
  ASSERT_EQ(decision.facts.size(), 1u);
  EXPECT_FALSE(absl::StrContains(decision.facts[0]->DebugString(), kSurveyed));
}

TEST(RecordFindingTest, WhatWasNotFoundOutStays) {
  Finding next_year;
  next_year.source = v1::FACT_SOURCE_SURVEY;
  next_year.may_prefill = true;
  next_year.found.set_phone("13912345678");
  const PersonRecord record = RecordFinding(Recorded(testing::Start()), "key", next_year,
                                            testing::Start() + absl::Hours(365 * 24))
                                  .next;
  EXPECT_EQ(record.known().address(), kSurveyed);
  EXPECT_EQ(record.known().phone(), "13912345678");
  EXPECT_EQ(record.known().economic_proof().verify_date(), "2026-01-05");
}

TEST(KnownOfTest, TheNewerOfBothComesFirstAndTheOtherFillsTheGaps) {
  const absl::Time survey = testing::Start();
  const auto before =
      KnownOf(Recorded(survey), {SubmittedAt(survey - absl::Hours(1))}, ShippedIntake());
  ASSERT_TRUE(before.has_value());
  EXPECT_EQ(before->address(), kSurveyed);
  EXPECT_EQ(before->economic_status(), type::v1::ECONOMIC_STATUS_TK);
  EXPECT_EQ(before->phone(), testing::kPhone);
  EXPECT_EQ(before->certificate_number(), testing::kCertificate);
  EXPECT_TRUE(before->consents().empty());

  const auto after =
      KnownOf(Recorded(survey), {SubmittedAt(survey + absl::Hours(1))}, ShippedIntake());
  ASSERT_TRUE(after.has_value());
  EXPECT_EQ(after->address(), testing::kAddress);
  EXPECT_EQ(after->economic_status(), type::v1::ECONOMIC_STATUS_DB);
  EXPECT_FALSE(after->has_economic_proof()) << "the survey's proof was of another status";
}

TEST(KnownOfTest, ReadsTheNewestApplicationThatWasHandedIn) {
  v1::Application older = SubmittedAt(testing::Start() - absl::Hours(24));
  older.mutable_applicant()->set_address("旧住址");
  const v1::Application draft = TestCase::In(v1::APPLICATION_STATE_DRAFT).application();
  const auto known = KnownOf({}, {draft, SubmittedAt(testing::Start()), older}, ShippedIntake());
  ASSERT_TRUE(known.has_value());
  EXPECT_EQ(known->address(), testing::kAddress);
  EXPECT_FALSE(KnownOf({}, {draft}, ShippedIntake()).has_value());
}

TEST(KnownOfTest, NothingWithoutTheConsent) {
  v1::Application withdrawn = SubmittedAt(testing::Start());
  for (v1::Consent& consent : *withdrawn.mutable_applicant()->mutable_consents()) {
    if (consent.purpose() == "prefill") {
      *consent.mutable_withdraw_time() = chassis::ToTimestamp(testing::Start());
    }
  }
  v1::Application old = SubmittedAt(testing::Start());
  old.mutable_applicant()->clear_consents();
  Finding silent = Surveyed();
  silent.may_prefill = false;
  for (const v1::Application& application : {withdrawn, old}) {
    EXPECT_FALSE(
        KnownOf(Recorded(testing::Start(), silent), {application}, ShippedIntake()).has_value());
  }
  // The newest word counts: an older application that agreed does not help.
  EXPECT_FALSE(
      KnownOf({}, {withdrawn, SubmittedAt(testing::Start() - absl::Hours(1))}, ShippedIntake())
          .has_value());
}

TEST(KnownOfTest, ANewCertificateBringsItsOwnFacts) {
  v1::Application uncertified = SubmittedAt(testing::Start() - absl::Hours(1));
  uncertified.mutable_applicant()->clear_certificate_number();
  uncertified.mutable_applicant()->mutable_diagnosis()->set_institution("虚构医院");
  Finding certified = Surveyed();
  certified.found.set_certificate_number(testing::kCertificate);
  const auto known = KnownOf(Recorded(testing::Start(), certified), {uncertified}, ShippedIntake());
  ASSERT_TRUE(known.has_value());
  EXPECT_EQ(known->certificate_number(), testing::kCertificate);
  EXPECT_FALSE(known->has_diagnosis());
}

TEST(CheckFillsDraftTest, NamesEverythingThatIsNotKnown) {
  EXPECT_EQ(PathsOf(CheckFillsDraft({})),
            "application.applicant.address application.applicant.economic_status "
            "application.applicant.name");
  EXPECT_TRUE(CheckFillsDraft(Surveyed().found).ok());
}

}  // namespace
}  // namespace fuju::applications
