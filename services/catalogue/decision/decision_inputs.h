#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"

#include "fuju/catalogue/v1/catalogue.pb.h"
#include "fuju/type/v1/person.pb.h"
#include "vocabulary/money.h"

namespace fuju::catalogue {

// A disability and its grade.
struct Disability {
  int32_t category = 0;
  int32_t grade = 0;
};

// Most single disabilities of a certificate: one for each category.
inline constexpr size_t kMaxSingles = 6;

// The facts of a person as a decision reads them. A value; names nobody.
struct PersonFacts {
  absl::CivilDay birth;
  // Of the certificate's number, or of the diagnosis.
  Disability certificate;
  std::array<Disability, kMaxSingles> singles = {};
  size_t single_count = 0;
  type::v1::EconomicStatus status = type::v1::ECONOMIC_STATUS_UNSPECIFIED;
  type::v1::EarlyReplacementGround early_ground = type::v1::EARLY_REPLACEMENT_GROUND_UNSPECIFIED;
  int32_t county = 0;
  // The county has an office that reviews applications.
  bool county_known = false;
  bool other_payer = false;
  bool uncertified = false;
  bool certificate_invalid = false;

  absl::Span<const Disability> SingleOnes() const { return {singles.data(), single_count}; }
  // Certified for several disabilities.
  bool HasSeveral() const;
};

// INVALID_ARGUMENT for a birth date that is none, or more single disabilities than there are
// categories. Pure.
absl::StatusOr<PersonFacts> ReadFacts(const type::v1::EligibilityFacts& facts, bool county_known);

// A device that the person accepted, or, while nothing was accepted, what an open grant holds.
struct PastDelivery {
  uint64_t item = 0;
  uint64_t share_group = 0;
  uint32_t division = 0;
  int32_t quantity = 1;
  vocabulary::Fen subsidy;
  // Of the acceptance; unused while open.
  absl::CivilDay accepted;
  // Limits of a year count by it: of the decision, in older records of the acceptance.
  absl::CivilDay counted;
  bool open = false;
};

// INVALID_ARGUMENT for a date that is none. Pure.
absl::StatusOr<PastDelivery> ReadDelivery(const v1::Delivery& delivery);

// A history (a sequence of v1::Delivery) without what `application` itself holds open (empty:
// nobody's). INVALID_ARGUMENT as ReadDelivery. Pure.
template <typename Deliveries>
absl::StatusOr<std::vector<PastDelivery>> ReadHistory(const Deliveries& history,
                                                      absl::string_view application) {
  std::vector<PastDelivery> deliveries;
  deliveries.reserve(static_cast<size_t>(history.size()));
  for (const v1::Delivery& delivery : history) {
    absl::StatusOr<PastDelivery> past = ReadDelivery(delivery);
    if (!past.ok()) return past.status();
    if (past->open && !application.empty() && delivery.application() == application) continue;
    deliveries.push_back(*past);
  }
  return deliveries;
}

// What is asked for.
struct Asked {
  vocabulary::Fen quote;
  // Fixed by an officer, at most the quote; 0: the quote counts.
  vocabulary::Fen approved_price;
  int32_t quantity = 1;
  // Division that the application names; 0: as the item's.
  uint32_t division = 0;
  // Civil day of the decision, Asia/Shanghai.
  absl::CivilDay date;

  vocabulary::Fen price() const {
    return approved_price > vocabulary::Fen() ? approved_price : quote;
  }
};

// INVALID_ARGUMENT for a negative quote, a fixed price that is not between 1 and the quote, or
// fewer pieces than one. Pure.
absl::Status CheckAsked(const Asked& asked);

}  // namespace fuju::catalogue
