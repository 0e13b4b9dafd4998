#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "vocabulary/money.h"

namespace fuju::catalogue {

// How cap and ratio meet. The two differ: price 800, cap 1200, ratio 0.5 gives 400 or 600.
enum class SubsidyMode {
  // min(price, cap) x ratio.
  kCapThenRatio,
  // min(price, cap x ratio).
  kRatioOfCap,
};

// "cap_then_ratio", "ratio_of_cap".
std::optional<SubsidyMode> ParseSubsidyMode(absl::string_view text);
absl::string_view SubsidyModeName(SubsidyMode mode);

// What an amount is computed from.
struct SubsidyTerms {
  vocabulary::Fen quote;
  vocabulary::Fen cap;
  vocabulary::BasisPoints ratio;
  SubsidyMode mode = SubsidyMode::kCapThenRatio;
  // What is left of a yearly or shared allowance of the person (children's allowance, rental); no
  // limit if absent.
  std::optional<vocabulary::Fen> remaining_annual_cap;
  // What is left of the total that a person with several disabilities may get; no limit if absent.
  std::optional<vocabulary::Fen> remaining_total_cap;
};

// Who pays what of a quote: subsidy + self_pay == quote, neither is negative.
struct AmountSplit {
  vocabulary::Fen subsidy;
  vocabulary::Fen self_pay;
};

// The formula of domain §1.4. The subsidy is rounded down to whole fen, the person pays the rest.
// INVALID_ARGUMENT for a negative amount.
absl::StatusOr<AmountSplit> SubsidyAmount(const SubsidyTerms& terms);

// A subsidy that pays for a product and for a service such as fitting.
struct ProductServiceSplit {
  vocabulary::Fen product;
  vocabulary::Fen service;
};

// The service's share is rounded down, the product takes the remainder. INVALID_ARGUMENT for a
// negative amount.
absl::StatusOr<ProductServiceSplit> SplitProductService(vocabulary::Fen amount,
                                                        vocabulary::BasisPoints service_share);

}  // namespace fuju::catalogue
