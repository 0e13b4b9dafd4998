#ifndef FUJU_VOCABULARY_MONEY_H_
#define FUJU_VOCABULARY_MONEY_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fuju::vocabulary {

// An amount of money in fen (1 yuan = 100 fen). Signed, because ledger differences are. Arithmetic
// is by the checked functions below only, so an overflow is an error and never a wrong amount.
class Fen {
 public:
  constexpr Fen() = default;
  constexpr explicit Fen(int64_t count) : count_(count) {}

  // Number of fen, as in the `_fen` fields of the protos.
  constexpr int64_t count() const { return count_; }

  friend constexpr auto operator<=>(Fen, Fen) = default;

 private:
  int64_t count_ = 0;
};

// A share of a whole, 0 to 10000 basis points (10000 = 1.00).
class BasisPoints {
 public:
  static constexpr int64_t kWhole = 10000;

  constexpr BasisPoints() = default;

  // INVALID_ARGUMENT outside 0..10000.
  static absl::StatusOr<BasisPoints> Of(int64_t count);

  // Decimal text from 0 to 1 with up to four decimals: "1.00", "0.5", "0". INVALID_ARGUMENT else.
  static absl::StatusOr<BasisPoints> ParseRatio(absl::string_view text);

  constexpr int64_t count() const { return count_; }

  friend constexpr auto operator<=>(BasisPoints, BasisPoints) = default;

 private:
  constexpr explicit BasisPoints(int64_t count) : count_(count) {}

  int64_t count_ = 0;
};

// OUT_OF_RANGE if the result does not fit.
absl::StatusOr<Fen> Add(Fen a, Fen b);
absl::StatusOr<Fen> Subtract(Fen a, Fen b);
absl::StatusOr<Fen> Multiply(Fen amount, int64_t quantity);

// `amount` x `share`, rounded down to whole fen: the fund never pays a fraction that it does not
// owe, and the other side of a split takes the remainder. INVALID_ARGUMENT for a negative amount,
// for which "down" would favour the other side.
absl::StatusOr<Fen> ShareOf(Fen amount, BasisPoints share);

// Reads "1200", "1200.5" or "1200.50" yuan: digits, at most two decimals, no sign, no separators,
// no superfluous leading zero. INVALID_ARGUMENT names what is wrong.
absl::StatusOr<Fen> ParseYuan(absl::string_view text);

// "¥1,200.00"; "-¥0.05" below zero.
std::string FormatYuan(Fen amount);

}  // namespace fuju::vocabulary

#endif  // FUJU_VOCABULARY_MONEY_H_
