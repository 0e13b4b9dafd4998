#include "catalogue/subsidy_amount.h"

#include <algorithm>

#include "vocabulary/invalid_value.h"

namespace fuju::catalogue {

using vocabulary::BasisPoints;
using vocabulary::Fen;

std::optional<SubsidyMode> ParseSubsidyMode(absl::string_view text) {
  for (const SubsidyMode mode : {SubsidyMode::kCapThenRatio, SubsidyMode::kRatioOfCap}) {
    if (text == SubsidyModeName(mode)) return mode;
  }
  return std::nullopt;
}

absl::string_view SubsidyModeName(SubsidyMode mode) {
  return mode == SubsidyMode::kCapThenRatio ? "cap_then_ratio" : "ratio_of_cap";
}

absl::StatusOr<AmountSplit> SubsidyAmount(const SubsidyTerms& terms) {
  const Fen annual = terms.remaining_annual_cap.value_or(terms.quote);
  const Fen total = terms.remaining_total_cap.value_or(terms.quote);
  if (std::min({terms.quote, terms.cap, annual, total}) < Fen(0)) {
    return vocabulary::InvalidValue("金额不能为负数", "an amount must not be negative");
  }
  Fen base;
  if (terms.mode == SubsidyMode::kCapThenRatio) {
    absl::StatusOr<Fen> share = vocabulary::ShareOf(std::min(terms.quote, terms.cap), terms.ratio);
    if (!share.ok()) return share.status();
    base = *share;
  } else {
    absl::StatusOr<Fen> limit = vocabulary::ShareOf(terms.cap, terms.ratio);
    if (!limit.ok()) return limit.status();
    base = std::min(terms.quote, *limit);
  }
  AmountSplit split;
  split.subsidy = std::min({base, terms.quote, annual, total});
  split.self_pay = Fen(terms.quote.count() - split.subsidy.count());
  return split;
}

absl::StatusOr<ProductServiceSplit> SplitProductService(Fen amount, BasisPoints service_share) {
  absl::StatusOr<Fen> service = vocabulary::ShareOf(amount, service_share);
  if (!service.ok()) return service.status();
  return ProductServiceSplit{Fen(amount.count() - service->count()), *service};
}

}  // namespace fuju::catalogue
