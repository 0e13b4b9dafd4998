#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

#include "catalogue/subsidy_amount.h"
#include "fuju/catalogue/v1/catalogue.pb.h"
#include "fuju/type/v1/person.pb.h"
#include "vocabulary/device_code.h"
#include "vocabulary/money.h"

namespace fuju::catalogue {

// What the province sets beside the catalogue. Domain §1.4: no Gansu rule was found, so these are
// settings with labelled defaults.
struct SubsidySettings {
  SubsidyMode mode = SubsidyMode::kCapThenRatio;
  // 防止返贫监测对象 have no column in the catalogue; the default of domain §1.4 is the whole cap.
  vocabulary::BasisPoints ffp_ratio = *vocabulary::BasisPoints::Of(vocabulary::BasisPoints::kWhole);
  // 刚性支出困难家庭: the item's general ratio if absent.
  std::optional<vocabulary::BasisPoints> gxzc_ratio;
  // Devices that a child grows out of: the interval is 12 months before the 18th birthday, if the
  // item's own is longer (domain §1.2, Liaoning: prostheses).
  std::vector<vocabulary::DeviceScope> child_yearly;
};

// Codes of the rules, in the order in which they are looked at (domain §1.4). A refusal names those
// that failed. What §1.4 asks beyond them is not known to this service: whether a certificate was
// cancelled and whether the person died (registry), open applications (the applications service
// holds that claim), limits of kinds and yearly totals (not in the catalogue file).
inline constexpr absl::string_view kRuleResidenceCounty = "RESIDENCE_COUNTY";
inline constexpr absl::string_view kRuleCategory = "DISABILITY_CATEGORY";
inline constexpr absl::string_view kRuleGrade = "DISABILITY_GRADE";
inline constexpr absl::string_view kRuleAgeWindow = "AGE_WINDOW";
inline constexpr absl::string_view kRuleEconomicGroup = "ECONOMIC_GROUP";
inline constexpr absl::string_view kRuleReplacementInterval = "REPLACEMENT_INTERVAL";
inline constexpr absl::string_view kRuleOtherPayer = "OTHER_PAYER";
// Behind the others, if an officer fixed the price; it always holds.
inline constexpr absl::string_view kRuleApprovedPrice = "APPROVED_PRICE";

// What a decision looks at.
struct SubsidyQuestion {
  type::v1::EligibilityFacts facts;
  // The county has an office that reviews applications.
  bool county_known = false;
  v1::Item item;
  vocabulary::Fen quote;
  // Price that an officer fixed, at most the quote; the quote counts if absent.
  std::optional<vocabulary::Fen> approved_price;
  // Accepted devices of the person, of any division, in any order.
  std::vector<v1::Delivery> history;
  // Civil day of the decision, Asia/Shanghai.
  absl::CivilDay date;
  std::string catalogue_version;
};

// Decides: eligible or not, every rule with its result whether or not one before it failed, and who
// pays what of the price. Not eligible: the person pays it. INVALID_ARGUMENT for facts that no
// caller should send (a date that is none, a negative quote). Pure.
absl::StatusOr<v1::SubsidyDecision> DecideSubsidy(const SubsidyQuestion& question,
                                                  const SubsidySettings& settings);

// The decision with another price: cap, ratio and mode stay those that were found when it was made,
// whatever catalogue is in force now. INVALID_ARGUMENT for a price that is not above 0, or above
// the quote. Pure.
absl::StatusOr<v1::SubsidyDecision> Reprice(const v1::SubsidyDecision& decision,
                                            vocabulary::Fen price, const SubsidySettings& settings);

// What the decision divides between fund and person: the price that was fixed, else the quote.
vocabulary::Fen PriceOf(const v1::SubsidyDecision& decision);

// The share of the cap that a person gets: the family's ratio, or for a child the better of the
// child's and the family's.
vocabulary::BasisPoints RatioFor(const v1::Item& item, type::v1::EconomicStatus status, bool child,
                                 const SubsidySettings& settings);

// First day on which the person may have this item again, counted from the last acceptance of its
// division; nothing if the person never had one.
std::optional<absl::CivilDay> NextAllowedDay(const SubsidyQuestion& question, bool child,
                                             const SubsidySettings& settings);

}  // namespace fuju::catalogue
