#include "applications/intake/person_facts.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include <google/protobuf/util/message_differencer.h>

#include "applications/intake/field_complaints.h"
#include "applications/intake/situation.h"
#include "vocabulary/civil_date.h"
#include "vocabulary/disability_certificate.h"
#include "vocabulary/invalid_value.h"

namespace fuju::applications {
namespace {

using google::protobuf::util::MessageDifferencer;
using vocabulary::InvalidValue;

bool IsMultiple(const vocabulary::DisabilityCertificate& certificate) {
  return certificate.category() == vocabulary::DisabilityCategory::kMultiple;
}

// The day has passed; an empty or bad date never has.
bool IsOver(const std::string& last_day, absl::CivilDay today) {
  const absl::StatusOr<absl::CivilDay> day = vocabulary::ParseCivilDate(last_day);
  return day.ok() && *day < today;
}

bool LiesAhead(const std::string& date, absl::CivilDay today) {
  const absl::StatusOr<absl::CivilDay> day = vocabulary::ParseCivilDate(date);
  return day.ok() && *day > today;
}

void CheckSingleCategories(const v1::CertificateFacts& facts,
                           const vocabulary::DisabilityCertificate* certificate,
                           const Complain& complain) {
  constexpr char kPath[] = "certificate.single_categories";
  if (facts.single_categories().empty()) return;
  std::set<int> categories;
  int heaviest = facts.single_categories(0).grade();
  for (const type::v1::GradedCategory& single : facts.single_categories()) {
    categories.insert(single.category());
    heaviest = std::min(heaviest, single.grade());
  }
  if (categories.size() < 2 ||
      categories.size() != static_cast<size_t>(facts.single_categories_size()) ||
      categories.contains(type::v1::DISABILITY_CATEGORY_MULTIPLE)) {
    complain(kPath, InvalidValue("多重残疾应列出两种以上单项类别，每种一次",
                                 "name two or more single categories, each once"));
  } else if (certificate == nullptr || !IsMultiple(*certificate)) {
    complain(kPath, InvalidValue("只有多重残疾（类别7）的残疾人证才列单项类别",
                                 "only a certificate of category 7 has single ones"));
  } else if (heaviest != certificate->grade()) {
    complain(kPath, InvalidValue("最重的等级应与残疾人证号中的等级相同",
                                 "the heaviest grade must be that of the certificate number"));
  }
}

// Proofs apart.
template <typename Fact>
bool SaysTheSame(Fact one, Fact other) {
  one.clear_proof();
  other.clear_proof();
  return MessageDifferencer::Equals(one, other);
}

template <typename Fact>
void CarryProof(const Fact& before, bool same, Fact* fact) {
  fact->clear_proof();
  if (same && before.has_proof() && SaysTheSame(before, *fact)) {
    *fact->mutable_proof() = before.proof();
  }
}

void CheckCertificateHolds(const v1::Application& application, absl::CivilDay today,
                           chassis::Refusal& refusal) {
  const v1::Applicant& applicant = application.applicant();
  const v1::CertificateFacts& facts = applicant.certificate();
  switch (facts.status()) {
    case v1::CERTIFICATE_STATUS_CANCELLED:
      AddApplicantComplaint(refusal, "certificate.status", "残疾人证已注销，请先重新办证",
                            "the certificate was cancelled: get a new one first");
      break;
    case v1::CERTIFICATE_STATUS_LOST:
      AddApplicantComplaint(refusal, "certificate.status", "残疾人证已挂失，请先补领，再填新证号",
                            "the certificate was reported lost: get it issued again first");
      break;
    case v1::CERTIFICATE_STATUS_FROZEN:
      AddApplicantComplaint(refusal, "certificate.status", "残疾人证已冻结，请先到县残联解除",
                            "the certificate is frozen: have the county federation free it first");
      break;
    default:
      break;
  }
  if (IsOver(facts.expire_date(), today)) {
    AddApplicantComplaint(refusal, "certificate.expire_date", "残疾人证已过期，请先换证",
                          "the certificate has expired: have it renewed first");
  }
  const auto certificate =
      vocabulary::DisabilityCertificate::Parse(applicant.certificate_number(), today);
  if (certificate.ok() && IsMultiple(*certificate) && facts.single_categories().empty()) {
    AddApplicantComplaint(refusal, "certificate.single_categories",
                          "多重残疾请列出各单项类别和等级，以便核对品目条件",
                          "name the single categories and grades of a certificate for several");
  }
}

void CheckDiagnosis(const v1::Application& application, const IntakeBook& book, absl::Time now,
                    chassis::Refusal& refusal) {
  if (!HoldsAny(book.rules().uncertified_when(), SituationOf(application, now))) {
    AddApplicantComplaint(refusal, "certificate_number",
                          "申请这一品目须有残疾人证：请填证号，没有的请先到县残联办证",
                          "this item needs a disability certificate: give its number, or apply for "
                          "one at the county federation first");
  } else if (!application.applicant().has_diagnosis()) {
    AddApplicantComplaint(refusal, "diagnosis", "没有残疾人证的，请填诊断证明的机构、日期和类别",
                          "without a certificate, give institution, date and category of the "
                          "diagnosis");
  }
}

void CheckResidence(const v1::Application& application, absl::CivilDay today,
                    chassis::Refusal& refusal) {
  const v1::Residence& residence = application.applicant().residence();
  if (!application.applicant().has_residence()) return;
  if (residence.county_code() != application.county_code()) {
    AddApplicantComplaint(refusal, "residence.county_code",
                          absl::StrCat("户籍或居住证不在受理县：请向", residence.county_code(),
                                       "所属县（市、区）申请"),
                          absl::StrCat("the residence is not in the county that decides: apply in ",
                                       residence.county_code()));
  }
  if (IsOver(residence.expire_date(), today)) {
    AddApplicantComplaint(refusal, "residence.expire_date", "居住证已过期，请先续签",
                          "the residence permit has expired: have it renewed first");
  }
}

const v1::FactProof& ProofOf(const v1::Applicant& applicant, v1::PersonFact fact) {
  switch (fact) {
    case v1::PERSON_FACT_CERTIFICATE:
      return applicant.certificate().proof();
    case v1::PERSON_FACT_RESIDENCE:
      return applicant.residence().proof();
    case v1::PERSON_FACT_ECONOMIC_STATUS:
      return applicant.economic_proof();
    default:
      return v1::FactProof::default_instance();
  }
}

}  // namespace

void CheckFactsAgree(const v1::Applicant& applicant, absl::CivilDay today,
                     const Complain& complain) {
  const auto certificate =
      vocabulary::DisabilityCertificate::Parse(applicant.certificate_number(), today);
  CheckSingleCategories(applicant.certificate(), certificate.ok() ? &*certificate : nullptr,
                        complain);
  const v1::CertificateFacts& facts = applicant.certificate();
  const auto issued = vocabulary::ParseCivilDate(facts.issue_date());
  if (issued.ok() && IsOver(facts.expire_date(), *issued)) {
    complain("certificate.expire_date", InvalidValue("早于签发日期", "lies before the issue date"));
  }
  if (LiesAhead(facts.issue_date(), today)) {
    complain("certificate.issue_date", InvalidValue("晚于今天", "lies in the future"));
  }
  if (!applicant.has_diagnosis()) return;
  if (LiesAhead(applicant.diagnosis().date(), today)) {
    complain("diagnosis.date", InvalidValue("晚于今天", "lies in the future"));
  }
  if (!applicant.certificate_number().empty()) {
    complain("diagnosis", InvalidValue("已有残疾人证号，不需要诊断证明，请去掉一项",
                                       "there is a certificate number: take one of both away"));
  }
  if (applicant.diagnosis().category() == type::v1::DISABILITY_CATEGORY_MULTIPLE) {
    complain("diagnosis.category", InvalidValue("请填与所申请辅具有关的单项类别",
                                                "name the single category that the device is for"));
  }
}

void CarryProofs(const v1::Applicant& before, v1::Applicant& applicant) {
  if (applicant.has_certificate()) {
    CarryProof(before.certificate(), before.certificate_number() == applicant.certificate_number(),
               applicant.mutable_certificate());
  }
  if (applicant.has_residence()) {
    CarryProof(before.residence(), true, applicant.mutable_residence());
  }
  applicant.clear_economic_proof();
  if (before.has_economic_proof() && before.economic_status() == applicant.economic_status()) {
    *applicant.mutable_economic_proof() = before.economic_proof();
  }
}

void CheckFactsHold(const v1::Application& application, const IntakeBook& book, absl::Time now,
                    chassis::Refusal& refusal) {
  const absl::CivilDay today = vocabulary::TodayInShanghai(now);
  if (application.applicant().certificate_number().empty()) {
    CheckDiagnosis(application, book, now, refusal);
  } else {
    CheckCertificateHolds(application, today, refusal);
  }
  CheckResidence(application, today, refusal);
  if (HoldsAny(book.rules().guardian_needed_when(), SituationOf(application, now)) &&
      std::none_of(application.applicant().representatives().begin(),
                   application.applicant().representatives().end(),
                   [](const v1::Representative& representative) {
                     return representative.relation() == v1::RELATION_GUARDIAN;
                   })) {
    AddApplicantComplaint(refusal, "representatives", "未成年人等须由监护人申请：请登记监护人",
                          "a guardian has to act for the person: name the guardian");
  }
}

bool IsCertificateInForce(const v1::CertificateFacts& facts, absl::CivilDay today) {
  return facts.status() != v1::CERTIFICATE_STATUS_CANCELLED &&
         facts.status() != v1::CERTIFICATE_STATUS_FROZEN && !IsOver(facts.expire_date(), today);
}

bool IsVerified(const v1::Applicant& applicant, v1::PersonFact fact, absl::Time now) {
  const v1::FactProof& proof = ProofOf(applicant, fact);
  return proof.source() != v1::FACT_SOURCE_UNSPECIFIED &&
         !IsOver(proof.expire_date(), vocabulary::TodayInShanghai(now));
}

}  // namespace fuju::applications
