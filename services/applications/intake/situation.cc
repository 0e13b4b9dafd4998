#include "applications/intake/situation.h"

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"

#include "vocabulary/civil_date.h"
#include "vocabulary/disability_certificate.h"
#include "vocabulary/resident_id.h"

namespace fuju::applications {
namespace {

template <typename Prefixes>
bool BeginsWithOne(const std::string& code, const Prefixes& prefixes) {
  return prefixes.empty() || absl::c_any_of(prefixes, [&code](const std::string& prefix) {
           return absl::StartsWith(code, prefix);
         });
}

template <typename Allowed, typename Had>
bool HasOne(const Had& had, const Allowed& allowed) {
  return allowed.empty() ||
         absl::c_any_of(had, [&allowed](int one) { return absl::c_linear_search(allowed, one); });
}

std::vector<int> CategoriesOf(const v1::Applicant& applicant, absl::CivilDay today) {
  if (applicant.certificate_number().empty()) return {applicant.diagnosis().category()};
  std::vector<int> categories;
  const auto certificate =
      vocabulary::DisabilityCertificate::Parse(applicant.certificate_number(), today);
  if (certificate.ok()) categories.push_back(static_cast<int>(certificate->category()));
  for (const type::v1::GradedCategory& single : applicant.certificate().single_categories()) {
    categories.push_back(single.category());
  }
  return categories;
}

}  // namespace

Situation SituationOf(const v1::Application& application, absl::Time now) {
  const v1::Applicant& applicant = application.applicant();
  const absl::CivilDay today = vocabulary::TodayInShanghai(now);
  Situation situation;
  situation.county_code = application.county_code();
  situation.item_code = application.request().item_code();
  const auto person = vocabulary::ResidentId::Parse(applicant.resident_id(), today);
  if (person.ok()) situation.age = vocabulary::AgeOn(person->birth_date(), today);
  situation.categories = CategoriesOf(applicant, today);
  situation.economic_status = applicant.economic_status();
  for (const v1::Representative& representative : applicant.representatives()) {
    situation.relations.push_back(representative.relation());
  }
  situation.certified = !applicant.certificate_number().empty();
  situation.residence = applicant.residence().kind();
  situation.early_ground = application.request().early_ground();
  return situation;
}

Situation SituationOf(const v1::DocumentSituation& asked) {
  Situation situation;
  situation.county_code = asked.county_code();
  situation.item_code = asked.item_code();
  situation.age = asked.age();
  situation.categories = {asked.categories().begin(), asked.categories().end()};
  situation.economic_status = asked.economic_status();
  situation.relations = {asked.relations().begin(), asked.relations().end()};
  situation.certified = !asked.uncertified();
  situation.residence = asked.residence();
  situation.early_ground = asked.early_ground();
  return situation;
}

bool Holds(const storage::v1::CaseCondition& condition, const Situation& situation) {
  const std::vector<int> status = {situation.economic_status};
  const std::vector<int> residence = {situation.residence};
  const std::vector<int> ground = {situation.early_ground};
  return BeginsWithOne(situation.item_code, condition.items()) &&
         BeginsWithOne(situation.county_code, condition.areas()) &&
         (!condition.has_age_min() || situation.age >= condition.age_min()) &&
         (!condition.has_age_max() || situation.age <= condition.age_max()) &&
         (!condition.has_certified() || situation.certified == condition.certified()) &&
         HasOne(situation.categories, condition.categories()) &&
         HasOne(status, condition.economic_statuses()) &&
         HasOne(situation.relations, condition.relations()) &&
         HasOne(residence, condition.residences()) && HasOne(ground, condition.early_grounds());
}

bool HoldsAny(const google::protobuf::RepeatedPtrField<storage::v1::CaseCondition>& conditions,
              const Situation& situation) {
  return absl::c_any_of(conditions, [&situation](const storage::v1::CaseCondition& condition) {
    return Holds(condition, situation);
  });
}

}  // namespace fuju::applications
