#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

#include "fuju/catalogue/v1/catalogue.pb.h"
#include "fuju/type/v1/person.pb.h"
#include "vocabulary/money.h"

namespace fuju::catalogue {

// One sentence in Chinese and in English, for the applicant.
struct Bilingual {
  std::string zh;
  std::string en;
};

// What a failed rule says: what would change the answer. Pure.
Bilingual CertificateNotValid();
Bilingual CountyUnknown(absl::string_view county_code);
Bilingual CategoryNotServed(const v1::Item& item, type::v1::DisabilityCategory category);
// Of a person without a certificate.
Bilingual DiagnosisNotServed(const v1::Item& item, type::v1::DisabilityCategory category);
Bilingual GradeNotServed(const v1::Item& item, int grade);
// `first_day` is the one on which the person reaches the item's youngest age.
Bilingual AgeOutsideWindow(const v1::Item& item, int age, absl::CivilDay first_day);
Bilingual GroupNotServed(const v1::Item& item, type::v1::EconomicStatus status);
// Of an item that is for some groups only.
Bilingual GroupNotAllowed(const v1::Item& item, type::v1::EconomicStatus status);
// `grounds`: some grounds allow an earlier one.
Bilingual TooEarly(const v1::Item& item, absl::CivilDay next_allowed, bool grounds);
Bilingual TooManyPieces(const v1::Item& item, int64_t asked, int64_t limit);
// `left` pieces may still be had in this year; from `free_from` on all of them.
Bilingual PiecesUsedUp(const v1::Item& item, int64_t limit, int64_t left, absl::CivilDay free_from);
Bilingual GrantIsOpen(const v1::Item& item);
Bilingual KindsUsedUp(int64_t limit, absl::CivilDay free_from);
// An amount for a time that is used up; `what` names it.
Bilingual AmountUsedUp(const Bilingual& what, vocabulary::Fen cap, absl::CivilDay free_from);
Bilingual PaidByAnother();
Bilingual ItemUnknown(absl::string_view item_code, absl::string_view catalogue_version);
Bilingual DivisionMismatch(const v1::Item& item, absl::string_view asked_division);

// The names of the amounts for a time.
Bilingual YearlyCapName();
Bilingual MultipleTotalName();
Bilingual SharedAllowanceName(absl::string_view share_group);

// "child growth", "-" when unknown.
absl::string_view GroundName(type::v1::EarlyReplacementGround ground);

// "TK", "DB", "DBBY", "GXZC", "FFP", "YB"; "-" when unknown.
absl::string_view EconomicStatusCode(type::v1::EconomicStatus status);

}  // namespace fuju::catalogue
