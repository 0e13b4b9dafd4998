#include "catalogue/decision/subsidy_amount.h"

#include <algorithm>
#include <limits>

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

Fen ShareDown(Fen amount, BasisPoints share) {
  constexpr int64_t kWhole = BasisPoints::kWhole;
  return Fen(amount.count() / kWhole * share.count() +
             amount.count() % kWhole * share.count() / kWhole);
}

Fen ForPieces(Fen amount, int64_t pieces) {
  int64_t product = 0;
  const bool overflow = __builtin_mul_overflow(amount.count(), pieces, &product);
  return Fen(overflow ? std::numeric_limits<int64_t>::max() : product);
}

AmountSplit DividePrice(const SubsidyTerms& terms) {
  AmountSplit split;
  split.allowed_price = std::min(terms.quote, terms.ceiling.value_or(terms.quote));
  const Fen base = terms.mode == SubsidyMode::kCapThenRatio
                       ? ShareDown(std::min(split.allowed_price, terms.cap), terms.ratio)
                       : std::min(split.allowed_price, ShareDown(terms.cap, terms.ratio));
  int64_t computed = base.count();
  for (size_t i = 0; i < terms.top_ups.size(); ++i) {
    const Fen left(split.allowed_price.count() - computed);
    split.top_ups[i] = std::min(ShareDown(left, terms.top_ups[i].ratio), terms.top_ups[i].cap);
    computed += split.top_ups[i].count();
  }
  split.computed = Fen(computed);
  split.subsidy = std::min({split.computed, terms.remaining_annual_cap.value_or(split.computed),
                            terms.remaining_total_cap.value_or(split.computed)});
  // The common funds pay first what the limits leave; an area adds to that.
  int64_t cut = computed - split.subsidy.count();
  for (size_t i = terms.top_ups.size(); i-- > 0 && cut > 0;) {
    const int64_t taken = std::min(cut, split.top_ups[i].count());
    split.top_ups[i] = Fen(split.top_ups[i].count() - taken);
    cut -= taken;
  }
  split.self_pay = Fen(terms.quote.count() - split.subsidy.count());
  return split;
}

absl::StatusOr<AmountSplit> SubsidyAmount(const SubsidyTerms& terms) {
  const Fen zero;
  bool negative =
      std::min({terms.quote, terms.cap, terms.remaining_annual_cap.value_or(zero),
                terms.remaining_total_cap.value_or(zero), terms.ceiling.value_or(zero)}) < zero;
  for (const TopUpTerms& top_up : terms.top_ups) negative |= top_up.cap < zero;
  if (negative) return vocabulary::InvalidValue("金额不能为负数", "an amount must not be negative");
  if (terms.top_ups.size() > kMaxTopUps) {
    return vocabulary::InvalidValue("地方追加补贴过多", "there are too many top-ups");
  }
  return DividePrice(terms);
}

absl::StatusOr<ProductServiceSplit> SplitProductService(Fen amount, BasisPoints service_share) {
  if (amount < Fen()) {
    return vocabulary::InvalidValue("金额不能为负数", "an amount must not be negative");
  }
  const Fen service = ShareDown(amount, service_share);
  return ProductServiceSplit{Fen(amount.count() - service.count()), service};
}

}  // namespace fuju::catalogue
