#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"

#include "catalogue/decision/prepared_item.h"
#include "catalogue/decision/subsidy_amount.h"
#include "fuju/catalogue/v1/catalogue.pb.h"
#include "vocabulary/money.h"

namespace fuju::catalogue {

// An amount that items share.
struct PreparedAllowance {
  uint64_t share_group = 0;
  vocabulary::Fen cap;
  bool children_only = false;
  // 0: the calendar year.
  int32_t years = 0;
};

// The rules of a version as a decision reads them. A value.
struct PreparedPolicy {
  SubsidyMode mode = SubsidyMode::kCapThenRatio;
  vocabulary::BasisPoints ffp;
  std::optional<vocabulary::BasisPoints> gxzc;
  // A class, subclass or division: those whose number divided by `divisor` is `number`.
  struct Scope {
    uint32_t divisor = 1;
    uint32_t number = 0;
  };
  std::vector<Scope> child_yearly;
  // 0: no limit.
  int32_t yearly_kinds = 0;
  int32_t multiple_kinds = 0;
  std::optional<vocabulary::Fen> yearly_cap;
  std::optional<vocabulary::Fen> multiple_total_cap;
  std::vector<PreparedAllowance> allowances;
  SmallSet early_grounds;
};

// What does not exist (a scope that is none, a ratio outside 0 to 1), which no import lets in, is
// left out. Pure.
PreparedPolicy PreparePolicy(const v1::SubsidyPolicy& policy);

// A device that a child may have every year.
bool IsChildYearly(const PreparedPolicy& policy, uint32_t division);

// The allowance that the item draws on for such a person; null if none.
const PreparedAllowance* AllowanceOf(const PreparedPolicy& policy, const PreparedItem& item,
                                     bool child);

// What an area adds to one item.
struct PreparedTopUp {
  TopUpTerms terms;
  v1::FundSource fund = v1::FUND_SOURCE_UNSPECIFIED;
};

// The top-ups that serve an item, in their order: those of its code, and those of "*" from versions
// that have none of its code. Those beyond kMaxTopUps do not count. Pure.
std::vector<PreparedTopUp> TopUpsOf(
    absl::string_view item_code, const google::protobuf::RepeatedPtrField<v1::LocalTopUp>& top_ups);

}  // namespace fuju::catalogue
