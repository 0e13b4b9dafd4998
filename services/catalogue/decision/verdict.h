#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"

#include "catalogue/decision/subsidy_amount.h"
#include "vocabulary/money.h"

namespace fuju::catalogue {

// Codes of the rules, in the order in which they are looked at (domain §1.4). A refusal names those
// that failed. What §1.4 asks beyond them is not this service's: who died or moved away has no
// case any more, because the applications service ends or transfers it, and one open application
// for a person and division is its claim, too (here only what is known of limits is looked at).
inline constexpr absl::string_view kRuleCertificate = "CERTIFICATE_VALID";
inline constexpr absl::string_view kRuleResidenceCounty = "RESIDENCE_COUNTY";
inline constexpr absl::string_view kRuleCategory = "DISABILITY_CATEGORY";
inline constexpr absl::string_view kRuleGrade = "DISABILITY_GRADE";
inline constexpr absl::string_view kRuleAgeWindow = "AGE_WINDOW";
inline constexpr absl::string_view kRuleEconomicGroup = "ECONOMIC_GROUP";
inline constexpr absl::string_view kRuleReplacementInterval = "REPLACEMENT_INTERVAL";
// Only if several pieces are asked for, or the item is limited by pieces.
inline constexpr absl::string_view kRuleQuantity = "QUANTITY_LIMIT";
inline constexpr absl::string_view kRuleOpenGrant = "OPEN_GRANT";
// Limits of the person: a line only where the policy, or the item, sets one.
inline constexpr absl::string_view kRuleYearlyKinds = "YEARLY_KINDS";
inline constexpr absl::string_view kRuleYearlyCap = "YEARLY_CAP";
inline constexpr absl::string_view kRuleMultipleKinds = "MULTIPLE_KINDS";
inline constexpr absl::string_view kRuleMultipleTotal = "MULTIPLE_TOTAL_CAP";
inline constexpr absl::string_view kRuleSharedAllowance = "SHARED_ALLOWANCE";
inline constexpr absl::string_view kRuleOtherPayer = "OTHER_PAYER";
// Behind the others, if an officer fixed the price; it always holds.
inline constexpr absl::string_view kRuleApprovedPrice = "APPROVED_PRICE";
// Before the others, and only when they fail.
inline constexpr absl::string_view kItemUnknown = "ITEM_UNKNOWN";
inline constexpr absl::string_view kDivisionMismatch = "DIVISION_MISMATCH";

enum class RuleCode : uint8_t {
  // values: division asked, the item's.
  kDivision,
  // CertificateFinding.
  kCertificate,
  // County.
  kResidence,
  // Nothing: the words are of the facts and the row.
  kCategory,
  // Grade of the disability that counts.
  kGrade,
  // Age, first day on which the youngest age is reached.
  kAge,
  // GroupFinding, child, ratio in basis points.
  kEconomicGroup,
  // IntervalFinding, first day allowed, ground, a ground could help.
  kInterval,
  // QuantityFinding, pieces asked, limit, used this year.
  kQuantity,
  // Whether there is one.
  kOpenGrant,
  // Kinds of this year with this one, limit.
  kYearlyKinds,
  kMultipleKinds,
  // Cap, used, computed amount, day on which something is free again.
  kYearlyCap,
  kMultipleTotal,
  kSharedAllowance,
  // Whether there is one.
  kOtherPayer,
  // Price.
  kApprovedPrice,
};
inline constexpr size_t kRuleCodes = 17;

absl::string_view RuleCodeName(RuleCode code);

// A limit of the person, by which an entitlement has to be held while it is open.
bool IsPersonLimit(absl::string_view code);

enum class CertificateFinding : int64_t { kValid, kInvalid, kNone };
enum class GroupFinding : int64_t { kAllowed, kUnknown, kNotAllowed, kNoRatio };
enum class IntervalFinding : int64_t { kNotCounted, kNoEarlier, kOver, kEarlyGround, kTooEarly };
enum class QuantityFinding : int64_t { kWithin, kTooMany, kUsedUp };

// Days as numbers: those since 1970-01-01.
inline int64_t DayNumber(absl::CivilDay day) { return day - absl::CivilDay(1970, 1, 1); }
inline absl::CivilDay DayOf(int64_t number) { return absl::CivilDay(1970, 1, 1) + number; }

// What a rule looked at and found.
struct RuleLine {
  static constexpr size_t kValues = 4;

  RuleCode code;
  bool passed;
  // By RuleCode.
  std::array<int64_t, kValues> values;
};

// A decision without words: who pays what, and what each rule found. Of a fixed size, so that
// making one allocates nothing; RenderDecision gives it words.
struct Verdict {
  bool eligible = false;
  bool child = false;
  vocabulary::BasisPoints ratio;
  vocabulary::Fen price;
  vocabulary::Fen allowed_price;
  vocabulary::Fen subsidy;
  vocabulary::Fen self_pay;
  ProductServiceSplit split;
  // What of the subsidy each top-up pays, in their order.
  std::array<vocabulary::Fen, kMaxTopUps> top_ups = {};

  absl::Span<const RuleLine> lines() const { return {lines_.data(), line_count_}; }
  // A code comes at most once.
  void Add(RuleCode code, bool passed, int64_t a = 0, int64_t b = 0, int64_t c = 0, int64_t d = 0) {
    lines_[line_count_++] = {code, passed, {a, b, c, d}};
    eligible &= passed;
  }

 private:
  // Written by Add only: filling it beforehand would cost more than the rules.
  std::array<RuleLine, kRuleCodes> lines_;
  size_t line_count_ = 0;
};

}  // namespace fuju::catalogue
