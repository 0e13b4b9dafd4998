#include "applications/needs/surveyed_person.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"

namespace fuju::applications {
namespace {

// Of YYYYMMDD.
absl::CivilDay DayOf(int date) {
  constexpr int kYear = 10'000;
  constexpr int kMonth = 100;
  return absl::CivilDay(date / kYear, date % kYear / kMonth, date % kMonth);
}

}  // namespace

std::optional<Surveyed> SurveyedOf(const std::vector<NeedRecord>& needs) {
  const auto newest = absl::c_max_element(needs, [](const NeedRecord& a, const NeedRecord& b) {
    return a.survey_date() < b.survey_date();
  });
  if (newest == needs.end()) return std::nullopt;
  Surveyed surveyed;
  surveyed.day = DayOf(newest->survey_date());
  surveyed.found.set_name(newest->person_name());
  surveyed.found.set_resident_id(newest->resident_id());
  if (!newest->certificate_suffix().empty()) {
    surveyed.found.set_certificate_number(
        absl::StrCat(newest->resident_id(), newest->certificate_suffix()));
  }
  surveyed.found.set_phone(newest->phone());
  surveyed.found.set_address(newest->address());
  surveyed.found.set_economic_status(newest->economic_status());
  return surveyed;
}

}  // namespace fuju::applications
