#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

#include "fuju/catalogue/v1/catalogue.pb.h"
#include "fuju/type/v1/person.pb.h"

namespace fuju::catalogue {

// One sentence in Chinese and in English, for the applicant.
struct Bilingual {
  std::string zh;
  std::string en;
};

// What a failed rule says: what would change the answer. Pure.
Bilingual CountyUnknown(absl::string_view county_code);
Bilingual CategoryNotServed(const v1::Item& item, type::v1::DisabilityCategory category);
// Of a person without a certificate.
Bilingual DiagnosisNotServed(const v1::Item& item, type::v1::DisabilityCategory category);
Bilingual GradeNotServed(const v1::Item& item, int grade);
// `first_day` is the one on which the person reaches the item's youngest age.
Bilingual AgeOutsideWindow(const v1::Item& item, int age, absl::CivilDay first_day);
Bilingual GroupNotServed(const v1::Item& item, type::v1::EconomicStatus status);
Bilingual TooEarly(const v1::Item& item, absl::CivilDay next_allowed);
Bilingual PaidByAnother();
Bilingual ItemUnknown(absl::string_view item_code, absl::string_view catalogue_version);
Bilingual DivisionMismatch(const v1::Item& item, absl::string_view asked_division);

// "TK", "DB", "DBBY", "GXZC", "FFP", "YB"; "-" when unknown.
absl::string_view EconomicStatusCode(type::v1::EconomicStatus status);

}  // namespace fuju::catalogue
