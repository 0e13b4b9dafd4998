#include "catalogue/decision/prepared_policy.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/numbers.h"

#include "vocabulary/device_code.h"

namespace fuju::catalogue {
namespace {

using vocabulary::BasisPoints;
using vocabulary::Fen;

BasisPoints RatioOf(int32_t basis_points) {
  return BasisPoints::Of(basis_points).value_or(BasisPoints());
}

std::optional<Fen> LimitOf(int64_t fen) {
  return fen > 0 ? std::optional<Fen>(Fen(fen)) : std::nullopt;
}

bool SameVersion(const v1::LocalTopUp& a, const v1::LocalTopUp& b) {
  return a.area_code() == b.area_code() && a.catalogue_version() == b.catalogue_version();
}

}  // namespace

PreparedPolicy PreparePolicy(const v1::SubsidyPolicy& policy) {
  PreparedPolicy prepared;
  if (policy.mode() == v1::SUBSIDY_MODE_RATIO_OF_CAP) prepared.mode = SubsidyMode::kRatioOfCap;
  prepared.ffp = RatioOf(policy.ffp_ratio_bp());
  if (policy.has_gxzc_ratio_bp()) prepared.gxzc = RatioOf(policy.gxzc_ratio_bp());
  for (const std::string& device : policy.child_yearly_devices()) {
    PreparedPolicy::Scope scope;
    if (!vocabulary::DeviceScope::Parse(device).ok()) continue;
    if (!absl::SimpleAtoi(device, &scope.number)) continue;
    for (size_t digits = device.size(); digits < 6; ++digits) scope.divisor *= 10;
    prepared.child_yearly.push_back(scope);
  }
  prepared.yearly_kinds = std::max(policy.yearly_kinds(), 0);
  prepared.multiple_kinds = std::max(policy.multiple_kinds(), 0);
  prepared.yearly_cap = LimitOf(policy.yearly_cap_fen());
  prepared.multiple_total_cap = LimitOf(policy.multiple_total_cap_fen());
  for (const v1::SharedAllowance& allowance : policy.shared_allowances()) {
    prepared.allowances.push_back({GroupKey(allowance.share_group()),
                                   Fen(std::max<int64_t>(allowance.cap_fen(), 0)),
                                   allowance.children_only(), std::max(allowance.years(), 0)});
  }
  for (const int ground : policy.early_grounds()) {
    if (ground != type::v1::EARLY_REPLACEMENT_GROUND_UNSPECIFIED) {
      prepared.early_grounds.Insert(ground);
    }
  }
  return prepared;
}

bool IsChildYearly(const PreparedPolicy& policy, uint32_t division) {
  return division != 0 &&
         absl::c_any_of(policy.child_yearly, [division](const PreparedPolicy::Scope& scope) {
           return division / scope.divisor == scope.number;
         });
}

const PreparedAllowance* AllowanceOf(const PreparedPolicy& policy, const PreparedItem& item,
                                     bool child) {
  if (item.share_group == 0) return nullptr;
  for (const PreparedAllowance& allowance : policy.allowances) {
    if (allowance.share_group != item.share_group) continue;
    if (child || !allowance.children_only) return &allowance;
  }
  return nullptr;
}

std::vector<PreparedTopUp> TopUpsOf(
    absl::string_view item_code,
    const google::protobuf::RepeatedPtrField<v1::LocalTopUp>& top_ups) {
  constexpr absl::string_view kEvery = "*";
  std::vector<PreparedTopUp> serving;
  for (const v1::LocalTopUp& top_up : top_ups) {
    const bool own = top_up.item_code() == item_code;
    if (!own && top_up.item_code() != kEvery) continue;
    const bool replaced =
        !own && absl::c_any_of(top_ups, [&top_up, item_code](const v1::LocalTopUp& other) {
          return other.item_code() == item_code && SameVersion(other, top_up);
        });
    if (replaced || serving.size() == kMaxTopUps) continue;
    serving.push_back({{RatioOf(top_up.ratio_bp()), Fen(std::max<int64_t>(top_up.cap_fen(), 0))},
                       top_up.fund_source()});
  }
  return serving;
}

}  // namespace fuju::catalogue
