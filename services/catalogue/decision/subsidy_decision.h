#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"

#include "catalogue/decision/prepared_item.h"
#include "catalogue/decision/prepared_policy.h"
#include "catalogue/decision/subsidy_amount.h"
#include "catalogue/decision/verdict.h"
#include "fuju/catalogue/v1/catalogue.pb.h"
#include "fuju/type/v1/person.pb.h"
#include "vocabulary/device_code.h"
#include "vocabulary/money.h"

namespace fuju::catalogue {

// What the province sets beside a catalogue that has no policy of its own. Domain §1.4: no Gansu
// rule was found, so these are settings with labelled defaults.
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

// The policy that the settings are. No limits of a person, no grounds for an early replacement.
v1::SubsidyPolicy PolicyFrom(const SubsidySettings& settings);

// What decided beside a version from before versions had policies: the defaults of the settings of
// then, and limb prostheses for a child every year. A version that is imported today has its own.
PreparedPolicy PolicyOfOldVersions();

// What a decision looks at. What is prepared lives elsewhere, usually with the catalogue.
struct SubsidyQuestion {
  // The application that asks: what it holds open itself does not count against it. Empty in a
  // quote.
  std::string application;
  type::v1::EligibilityFacts facts;
  // The county has an office that reviews applications.
  bool county_known = false;
  std::string item_code;
  // Null: the catalogue has no such item.
  const PreparedItem* item = nullptr;
  // What the application says; empty: as the item's.
  std::string device_division;
  vocabulary::Fen quote;
  // Price that an officer fixed, at most the quote; the quote counts if absent.
  std::optional<vocabulary::Fen> approved_price;
  int32_t quantity = 1;
  // What the person accepted and holds open, of any division, in any order.
  std::vector<v1::Delivery> history;
  // Civil day of the decision, Asia/Shanghai.
  absl::CivilDay date;
  std::string catalogue_version;
  // Set, unless there is no item.
  const PreparedPolicy* policy = nullptr;
  // What the county's areas add to the item.
  absl::Span<const PreparedTopUp> top_ups;
};

// Decides one question and gives the decision its words. An item that the catalogue does not have
// leaves one failed line, ITEM_UNKNOWN. INVALID_ARGUMENT for facts that no caller should send (a
// date that is none, a negative quote). Pure.
absl::StatusOr<v1::SubsidyDecision> DecideSubsidy(const SubsidyQuestion& question);

// The question that a stored grant answered, from its snapshot alone; AskCatalogue has to be asked
// for the rest. INVALID_ARGUMENT for a decision without a day. Pure.
absl::StatusOr<SubsidyQuestion> QuestionOf(const v1::Grant& grant, bool county_known);

// What another item and policy would have come to, on the day and with the facts, the history and
// the price that a stored grant was decided with; without words. The division that the application
// named does not matter: it would have named the item's. INVALID_ARGUMENT as DecideSubsidy. Pure.
absl::StatusOr<Verdict> JudgeGrant(const v1::Grant& grant, bool county_known,
                                   const PreparedItem& item, const PreparedPolicy& policy,
                                   absl::Span<const PreparedTopUp> top_ups);

// What the decision divides between fund and person: the price that was fixed, else the quote.
vocabulary::Fen PriceOf(const v1::SubsidyDecision& decision);

// True if the rule was looked at and failed.
bool HasFailed(const v1::SubsidyDecision& decision, absl::string_view code);

// True if a limit of the person was looked at: while the grant is open, it is held against the
// limits of the person's other cases.
bool HasPersonLimits(const v1::SubsidyDecision& decision);

}  // namespace fuju::catalogue
