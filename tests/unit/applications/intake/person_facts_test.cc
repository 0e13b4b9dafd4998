#include "applications/intake/person_facts.h"

#include <string>

#include <gtest/gtest.h>

#include "applications/draft_decisions.h"
#include "support/violations.h"
#include "unit/applications/shipped_intake.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using test_support::PathsOf;
using test_support::ViolationsOf;
using testing::Draft;
using testing::ShippedIntake;

// Domain 2.2: a certificate for several disabilities; the digit is the heaviest grade.
constexpr char kMultiple[] = "62010219000101001072";

void AddSingle(v1::Applicant& applicant, int category, int grade) {
  type::v1::GradedCategory& single = *applicant.mutable_certificate()->add_single_categories();
  single.set_category(static_cast<type::v1::DisabilityCategory>(category));
  single.set_grade(grade);
}

v1::Applicant Multiple() {
  v1::Applicant applicant = Draft().applicant();
  applicant.set_certificate_number(kMultiple);
  AddSingle(applicant, 4, 3);
  AddSingle(applicant, 1, 2);
  return applicant;
}

absl::Status NormalOf(const v1::Applicant& applicant) {
  v1::Application draft = Draft();
  *draft.mutable_applicant() = applicant;
  return NormalDraft(draft, testing::Books(), Act{testing::Start(), "mobile:m1"}).status();
}

struct Contradiction {
  const char* name;
  void (*spoil)(v1::Applicant&);
  // Path below the applicant; null: it is right.
  const char* path;
};

class Contradictions : public ::testing::TestWithParam<Contradiction> {};

TEST_P(Contradictions, AreNamed) {
  v1::Applicant applicant = Multiple();
  GetParam().spoil(applicant);
  const std::string expected =
      GetParam().path == nullptr ? "" : std::string("application.applicant.") + GetParam().path;
  EXPECT_EQ(PathsOf(NormalOf(applicant)), expected);
}

INSTANTIATE_TEST_SUITE_P(
    Intake, Contradictions,
    ::testing::Values(
        Contradiction{"Right", [](v1::Applicant&) {}, nullptr},
        Contradiction{"OneOnly",
                      [](v1::Applicant& a) {
                        a.mutable_certificate()->mutable_single_categories()->RemoveLast();
                      },
                      "certificate.single_categories"},
        Contradiction{"Twice", [](v1::Applicant& a) { AddSingle(a, 1, 4); },
                      "certificate.single_categories"},
        Contradiction{"MultipleInside", [](v1::Applicant& a) { AddSingle(a, 7, 4); },
                      "certificate.single_categories"},
        Contradiction{"HeavierThanTheNumber", [](v1::Applicant& a) { AddSingle(a, 2, 1); },
                      "certificate.single_categories"},
        Contradiction{"OfASingleCertificate",
                      [](v1::Applicant& a) { a.set_certificate_number(testing::kCertificate); },
                      "certificate.single_categories"},
        Contradiction{"ExpiredBeforeIssued",
                      [](v1::Applicant& a) {
                        a.mutable_certificate()->set_issue_date("2020-01-02");
                        a.mutable_certificate()->set_expire_date("2020-01-01");
                      },
                      "certificate.expire_date"},
        Contradiction{
            "IssuedTomorrow",
            [](v1::Applicant& a) { a.mutable_certificate()->set_issue_date("2026-01-06"); },
            "certificate.issue_date"},
        Contradiction{"BothPaths",
                      [](v1::Applicant& a) {
                        a.mutable_diagnosis()->set_date("2026-01-05");
                        a.mutable_diagnosis()->set_category(type::v1::DISABILITY_CATEGORY_PHYSICAL);
                      },
                      "diagnosis"}),
    [](const auto& test) { return test.param.name; });

struct Holding {
  const char* name;
  void (*spoil)(v1::Application&);
  const char* path;
  // Says what to do.
  const char* words;
};

class FactsThatDoNotHold : public ::testing::TestWithParam<Holding> {};

TEST_P(FactsThatDoNotHold, AreNamedWithWhatToDo) {
  v1::Application application = Draft();
  GetParam().spoil(application);
  chassis::Refusal refusal = chassis::InvalidFields();
  CheckFactsHold(application, ShippedIntake(), testing::Start(), refusal);
  const auto violations = ViolationsOf(refusal.Build());
  if (GetParam().path == nullptr) {
    EXPECT_TRUE(violations.empty()) << PathsOf(refusal.Build());
    return;
  }
  ASSERT_EQ(PathsOf(refusal.Build()), std::string("application.applicant.") + GetParam().path);
  EXPECT_NE(violations.begin()->second.find(GetParam().words), std::string::npos)
      << violations.begin()->second;
}

// On 2026-01-05 the first is 8 years old, the second has just turned 18, the third is 17.
constexpr char kBoy[] = "620102201805200013";
constexpr char kJustGrown[] = "620102200801040011";
constexpr char kAlmostGrown[] = "620102200801060012";

void Become(v1::Application& application, const char* resident_id) {
  application.mutable_applicant()->set_resident_id(resident_id);
  application.mutable_applicant()->set_certificate_number(std::string(resident_id) + "22");
}

void Diagnose(v1::Application& application, int category, const char* item) {
  v1::Applicant& applicant = *application.mutable_applicant();
  applicant.clear_certificate_number();
  applicant.mutable_diagnosis()->set_institution("虚构医院");
  applicant.mutable_diagnosis()->set_date("2026-01-02");
  applicant.mutable_diagnosis()->set_category(static_cast<type::v1::DisabilityCategory>(category));
  application.mutable_request()->set_item_code(item);
}

void AddGuardian(v1::Application& application) {
  application.mutable_applicant()->add_representatives()->set_relation(v1::RELATION_GUARDIAN);
}

INSTANTIATE_TEST_SUITE_P(
    Intake, FactsThatDoNotHold,
    ::testing::Values(
        Holding{"AllRight", [](v1::Application&) {}, nullptr, ""},
        Holding{"Cancelled",
                [](v1::Application& a) {
                  a.mutable_applicant()->mutable_certificate()->set_status(
                      v1::CERTIFICATE_STATUS_CANCELLED);
                },
                "certificate.status", "重新办证"},
        Holding{"Lost",
                [](v1::Application& a) {
                  a.mutable_applicant()->mutable_certificate()->set_status(
                      v1::CERTIFICATE_STATUS_LOST);
                },
                "certificate.status", "补领"},
        Holding{"ExpiredYesterday",
                [](v1::Application& a) {
                  a.mutable_applicant()->mutable_certificate()->set_expire_date("2026-01-04");
                },
                "certificate.expire_date", "换证"},
        Holding{"LastDayIsToday",
                [](v1::Application& a) {
                  a.mutable_applicant()->mutable_certificate()->set_expire_date("2026-01-05");
                },
                nullptr, ""},
        Holding{
            "MultipleWithoutSingles",
            [](v1::Application& a) { a.mutable_applicant()->set_certificate_number(kMultiple); },
            "certificate.single_categories", "单项类别"},
        Holding{"ResidenceElsewhere",
                [](v1::Application& a) {
                  a.mutable_applicant()->mutable_residence()->set_county_code("620103");
                },
                "residence.county_code", "请向620103"},
        Holding{"ResidenceHere",
                [](v1::Application& a) {
                  a.mutable_applicant()->mutable_residence()->set_county_code("620102");
                },
                nullptr, ""},
        Holding{"PermitExpired",
                [](v1::Application& a) {
                  a.mutable_applicant()->mutable_residence()->set_county_code("620102");
                  a.mutable_applicant()->mutable_residence()->set_expire_date("2025-12-31");
                },
                "residence.expire_date", "续签"},
        Holding{"ChildWithoutGuardian", [](v1::Application& a) { Become(a, kBoy); },
                "representatives", "监护人"},
        Holding{"ChildWithGuardian",
                [](v1::Application& a) {
                  Become(a, kBoy);
                  AddGuardian(a);
                },
                nullptr, ""},
        Holding{"TurnedEighteen", [](v1::Application& a) { Become(a, kJustGrown); }, nullptr, ""},
        Holding{"EighteenTomorrow", [](v1::Application& a) { Become(a, kAlmostGrown); },
                "representatives", "监护人"},
        // Domain 1.2, Suzhou: un-certified children may have hearing aids and prostheses.
        Holding{"UncertifiedChild",
                [](v1::Application& a) {
                  Become(a, kBoy);
                  AddGuardian(a);
                  Diagnose(a, 2, "E02");
                },
                nullptr, ""},
        Holding{"UncertifiedChildOtherItem",
                [](v1::Application& a) {
                  Become(a, kBoy);
                  AddGuardian(a);
                  Diagnose(a, 2, "M01");
                },
                "certificate_number", "办证"},
        Holding{"UncertifiedAdult", [](v1::Application& a) { Diagnose(a, 4, "P01"); },
                "certificate_number", "办证"}),
    [](const auto& test) { return test.param.name; });

TEST(CarryProofsTest, AChangedFactLosesItsProof) {
  v1::Applicant before = Multiple();
  before.mutable_residence()->set_county_code("620102");
  for (v1::FactProof* proof :
       {before.mutable_certificate()->mutable_proof(), before.mutable_residence()->mutable_proof(),
        before.mutable_economic_proof()}) {
    proof->set_source(v1::FACT_SOURCE_OFFICE_CHECK);
  }
  v1::Applicant same = before;
  // What a caller writes there counts for nothing.
  same.mutable_residence()->mutable_proof()->set_source(v1::FACT_SOURCE_HUKOU);
  CarryProofs(before, same);
  EXPECT_EQ(same.certificate().proof().source(), v1::FACT_SOURCE_OFFICE_CHECK);
  EXPECT_EQ(same.residence().proof().source(), v1::FACT_SOURCE_OFFICE_CHECK);
  EXPECT_EQ(same.economic_proof().source(), v1::FACT_SOURCE_OFFICE_CHECK);

  v1::Applicant changed = before;
  changed.mutable_certificate()->set_issue_date("2020-01-01");
  changed.mutable_residence()->set_county_code("620103");
  changed.set_economic_status(type::v1::ECONOMIC_STATUS_TK);
  CarryProofs(before, changed);
  EXPECT_FALSE(changed.certificate().has_proof());
  EXPECT_FALSE(changed.residence().has_proof());
  EXPECT_FALSE(changed.has_economic_proof());

  v1::Applicant reissued = before;
  reissued.set_certificate_number(std::string(kMultiple) + "B1");
  CarryProofs(before, reissued);
  EXPECT_FALSE(reissued.certificate().has_proof()) << "it was of another certificate";
}

TEST(IsVerifiedTest, UntilTheProofExpires) {
  v1::Applicant applicant;
  const auto verified = [&applicant] {
    return IsVerified(applicant, v1::PERSON_FACT_ECONOMIC_STATUS, testing::Start());
  };
  EXPECT_FALSE(verified());
  applicant.mutable_economic_proof()->set_source(v1::FACT_SOURCE_CIVIL_AFFAIRS);
  EXPECT_TRUE(verified());
  applicant.mutable_economic_proof()->set_expire_date("2026-01-05");
  EXPECT_TRUE(verified());
  applicant.mutable_economic_proof()->set_expire_date("2026-01-04");
  EXPECT_FALSE(verified());
}

// Domain 2.2: what the catalogue gets to see of both.
TEST(FactsOfTest, HasTheSingleCategoriesOrTheDiagnosis) {
  v1::Application application = Draft();
  *application.mutable_applicant() = Multiple();
  const auto multiple = FactsOf(application, testing::Start());
  ASSERT_TRUE(multiple.ok());
  EXPECT_EQ(multiple->category(), type::v1::DISABILITY_CATEGORY_MULTIPLE);
  EXPECT_EQ(multiple->grade(), 2);
  EXPECT_EQ(multiple->single_categories_size(), 2);
  EXPECT_FALSE(multiple->uncertified());

  application = Draft();
  Become(application, kBoy);
  Diagnose(application, 2, "E02");
  const auto uncertified = FactsOf(application, testing::Start());
  ASSERT_TRUE(uncertified.ok());
  EXPECT_TRUE(uncertified->uncertified());
  EXPECT_EQ(uncertified->category(), type::v1::DISABILITY_CATEGORY_HEARING);
  EXPECT_EQ(uncertified->grade(), 0);
  EXPECT_EQ(uncertified->birth_date(), "2018-05-20");
}

// A certificate that ended between the submission and a later question, after an appeal or a move.
TEST(FactsOfTest, SaysThatTheCertificateIsNoLongerValid) {
  v1::Application application = Draft();
  *application.mutable_applicant() = Multiple();
  v1::CertificateFacts& facts = *application.mutable_applicant()->mutable_certificate();
  const auto invalid = [&application] {
    return FactsOf(application, testing::Start())->certificate_invalid();
  };
  EXPECT_FALSE(invalid());
  for (const auto& [status, ends] : {std::pair(v1::CERTIFICATE_STATUS_CANCELLED, true),
                                     std::pair(v1::CERTIFICATE_STATUS_FROZEN, true),
                                     std::pair(v1::CERTIFICATE_STATUS_LOST, false),
                                     std::pair(v1::CERTIFICATE_STATUS_VALID, false)}) {
    facts.set_status(status);
    EXPECT_EQ(invalid(), ends) << v1::CertificateStatus_Name(status);
  }
  facts.set_expire_date("2026-01-05");
  EXPECT_FALSE(invalid()) << "its last day";
  facts.set_expire_date("2026-01-04");
  EXPECT_TRUE(invalid());
}

}  // namespace
}  // namespace fuju::applications
