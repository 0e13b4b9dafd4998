#include "applications/persons/person.h"

#include "applications/intake/consents.h"
#include "applications/intake/field_complaints.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "vocabulary/civil_date.h"

namespace fuju::applications {
namespace {

void TakeText(const std::string& from, std::string* to) {
  if (!from.empty()) *to = from;
}

// The fields of `newer` that say something take the place of those of `known`; what belongs
// together is taken together.
void Overlay(const v1::Applicant& newer, v1::Applicant& known) {
  TakeText(newer.name(), known.mutable_name());
  TakeText(newer.resident_id(), known.mutable_resident_id());
  TakeText(newer.phone(), known.mutable_phone());
  TakeText(newer.address(), known.mutable_address());
  if (!newer.certificate_number().empty()) {
    known.clear_diagnosis();
    // Facts about another certificate say nothing of this one.
    if (newer.certificate_number() != known.certificate_number()) known.clear_certificate();
    known.set_certificate_number(newer.certificate_number());
  } else if (newer.has_diagnosis() && known.certificate_number().empty()) {
    *known.mutable_diagnosis() = newer.diagnosis();
  }
  if (newer.has_certificate() && newer.certificate_number() == known.certificate_number()) {
    *known.mutable_certificate() = newer.certificate();
  }
  if (newer.economic_status() != type::v1::ECONOMIC_STATUS_UNSPECIFIED) {
    known.set_economic_status(newer.economic_status());
    known.clear_economic_proof();
    if (newer.has_economic_proof()) *known.mutable_economic_proof() = newer.economic_proof();
  }
  if (newer.has_residence()) *known.mutable_residence() = newer.residence();
  if (newer.has_contact()) *known.mutable_contact() = newer.contact();
  if (!newer.representatives().empty()) {
    *known.mutable_representatives() = newer.representatives();
  }
  if (!newer.documents().empty()) *known.mutable_documents() = newer.documents();
}

const v1::Application* NewestSubmitted(const std::vector<v1::Application>& applications) {
  for (const v1::Application& application : applications) {
    if (application.has_submit_time()) return &application;
  }
  return nullptr;
}

v1::Applicant WithProofs(const Surveyed& surveyed) {
  v1::FactProof proof;
  proof.set_source(v1::FACT_SOURCE_SURVEY);
  proof.set_verify_date(vocabulary::FormatCivilDate(surveyed.day));
  v1::Applicant found = surveyed.found;
  if (found.has_certificate()) *found.mutable_certificate()->mutable_proof() = proof;
  if (found.has_residence()) *found.mutable_residence()->mutable_proof() = proof;
  if (found.economic_status() != type::v1::ECONOMIC_STATUS_UNSPECIFIED) {
    *found.mutable_economic_proof() = proof;
  }
  return found;
}

}  // namespace

std::optional<v1::Applicant> KnownOf(const std::optional<Surveyed>& surveyed,
                                     const std::vector<v1::Application>& applications,
                                     const IntakeBook& book) {
  const v1::Application* stated = NewestSubmitted(applications);
  if (stated != nullptr && !Agrees(stated->applicant(), v1::CONSENT_EFFECT_PREFILL, book,
                                   /*if_not_asked=*/false)) {
    stated = nullptr;
  }
  if (stated == nullptr && !surveyed.has_value()) return std::nullopt;
  const bool stated_first =
      surveyed.has_value() && stated != nullptr &&
      vocabulary::TodayInShanghai(chassis::ToTime(stated->submit_time())) < surveyed->day;
  v1::Applicant known;
  if (stated_first) Overlay(stated->applicant(), known);
  if (surveyed.has_value()) Overlay(WithProofs(*surveyed), known);
  if (stated != nullptr && !stated_first) Overlay(stated->applicant(), known);
  return known;
}

absl::Status CheckFillsDraft(const v1::Applicant& known) {
  chassis::Refusal refusal(absl::StatusCode::kFailedPrecondition, "PERSON_INCOMPLETE",
                           "已知的信息不够建草稿，请用CreateApplication填写",
                           "what is known does not fill a draft: make it by CreateApplication");
  const auto require = [&refusal](bool there, absl::string_view field) {
    if (!there)
      AddApplicantComplaint(refusal, field, "尚不知道，请填写", "is not known: fill it in");
  };
  require(!known.name().empty(), "name");
  require(!known.address().empty(), "address");
  require(known.economic_status() != type::v1::ECONOMIC_STATUS_UNSPECIFIED, "economic_status");
  if (refusal.has_fields()) return refusal;
  return absl::OkStatus();
}

}  // namespace fuju::applications
