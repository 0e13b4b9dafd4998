#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

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

// Most areas and funds that add to one subsidy: province, prefecture and county with two each.
inline constexpr size_t kMaxTopUps = 6;

// What an area adds: a part of what is left to the person, up to its own cap.
struct TopUpTerms {
  vocabulary::BasisPoints ratio;
  vocabulary::Fen cap;
};

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
  // Highest price that counts; no ceiling if absent.
  std::optional<vocabulary::Fen> ceiling;
  // In the order in which they add, at most kMaxTopUps.
  absl::Span<const TopUpTerms> top_ups;
};

// Who pays what of a quote: subsidy + self_pay == quote, neither is negative.
struct AmountSplit {
  vocabulary::Fen subsidy;
  vocabulary::Fen self_pay;
  // What the ceiling leaves of the quote.
  vocabulary::Fen allowed_price;
  // What the formula and the top-ups give before the limits of the person.
  vocabulary::Fen computed;
  // What of the subsidy each of the top-ups pays. A limit of the person takes from the last first.
  std::array<vocabulary::Fen, kMaxTopUps> top_ups = {};
};

// The formula of domain §1.4. Every share is rounded down to whole fen, the person pays the rest.
// INVALID_ARGUMENT for a negative amount.
absl::StatusOr<AmountSplit> SubsidyAmount(const SubsidyTerms& terms);

// The same for terms without a negative amount, as prepared inputs are.
AmountSplit DividePrice(const SubsidyTerms& terms);

// A subsidy that pays for a product and for a service such as fitting.
struct ProductServiceSplit {
  vocabulary::Fen product;
  vocabulary::Fen service;
};

// The service's share is rounded down, the product takes the remainder. INVALID_ARGUMENT for a
// negative amount.
absl::StatusOr<ProductServiceSplit> SplitProductService(vocabulary::Fen amount,
                                                        vocabulary::BasisPoints service_share);

// `amount` x `share` rounded down, for an amount that is not negative; can not overflow.
vocabulary::Fen ShareDown(vocabulary::Fen amount, vocabulary::BasisPoints share);

// `amount` for each of the pieces; the greatest amount there is, if that is too much. Neither is
// negative.
vocabulary::Fen ForPieces(vocabulary::Fen amount, int64_t pieces);

}  // namespace fuju::catalogue
