#include "applications/persons/person.h"

#include <string>

#include <gtest/gtest.h>

#include "chassis/values/timestamps.h"
#include "support/violations.h"
#include "unit/applications/shipped_intake.h"
#include "unit/applications/test_case.h"
#include "vocabulary/civil_date.h"

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

// On the day of `when`.
Surveyed SurveyedAt(absl::Time when) {
  Surveyed surveyed;
  surveyed.day = vocabulary::TodayInShanghai(when);
  surveyed.found.set_name(testing::kName);
  surveyed.found.set_resident_id(testing::kResidentId);
  surveyed.found.set_address(kSurveyed);
  surveyed.found.set_economic_status(type::v1::ECONOMIC_STATUS_TK);
  return surveyed;
}

TEST(KnownOfTest, WhatASurveyFoundHasItsDayAsProof) {
  const auto known = KnownOf(SurveyedAt(testing::Start()), {}, ShippedIntake());
  ASSERT_TRUE(known.has_value());
  EXPECT_EQ(known->economic_proof().source(), v1::FACT_SOURCE_SURVEY);
  EXPECT_EQ(known->economic_proof().verify_date(), "2026-01-05");
  EXPECT_FALSE(KnownOf({}, {}, ShippedIntake()).has_value());
}

TEST(KnownOfTest, TheNewerOfBothComesFirstAndTheOtherFillsTheGaps) {
  const absl::Time survey = testing::Start();
  const auto before =
      KnownOf(SurveyedAt(survey), {SubmittedAt(survey - absl::Hours(24))}, ShippedIntake());
  ASSERT_TRUE(before.has_value());
  EXPECT_EQ(before->address(), kSurveyed);
  EXPECT_EQ(before->economic_status(), type::v1::ECONOMIC_STATUS_TK);
  EXPECT_EQ(before->phone(), testing::kPhone);
  EXPECT_EQ(before->certificate_number(), testing::kCertificate);
  EXPECT_TRUE(before->consents().empty());

  const auto after =
      KnownOf(SurveyedAt(survey), {SubmittedAt(survey + absl::Hours(1))}, ShippedIntake());
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
  for (const v1::Application& application : {withdrawn, old}) {
    EXPECT_FALSE(KnownOf({}, {application}, ShippedIntake()).has_value());
    // What the survey found is used, what was stated is not.
    const auto known = KnownOf(SurveyedAt(testing::Start()), {application}, ShippedIntake());
    ASSERT_TRUE(known.has_value());
    EXPECT_EQ(known->address(), kSurveyed);
    EXPECT_EQ(known->phone(), "");
  }
  // The newest word counts: an older application that agreed does not help.
  EXPECT_FALSE(
      KnownOf({}, {withdrawn, SubmittedAt(testing::Start() - absl::Hours(1))}, ShippedIntake())
          .has_value());
}

TEST(KnownOfTest, ANewCertificateBringsItsOwnFacts) {
  v1::Application uncertified = SubmittedAt(testing::Start() - absl::Hours(24));
  uncertified.mutable_applicant()->clear_certificate_number();
  uncertified.mutable_applicant()->mutable_diagnosis()->set_institution("虚构医院");
  Surveyed certified = SurveyedAt(testing::Start());
  certified.found.set_certificate_number(testing::kCertificate);
  const auto known = KnownOf(certified, {uncertified}, ShippedIntake());
  ASSERT_TRUE(known.has_value());
  EXPECT_EQ(known->certificate_number(), testing::kCertificate);
  EXPECT_FALSE(known->has_diagnosis());
}

TEST(CheckFillsDraftTest, NamesEverythingThatIsNotKnown) {
  EXPECT_EQ(PathsOf(CheckFillsDraft({})),
            "application.applicant.address application.applicant.economic_status "
            "application.applicant.name");
  EXPECT_TRUE(CheckFillsDraft(SurveyedAt(testing::Start()).found).ok());
}

}  // namespace
}  // namespace fuju::applications
