#include "vocabulary/money.h"

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "vocabulary/invalid_value.h"

namespace fuju::vocabulary {
namespace {

absl::Status TooLarge() {
  return absl::OutOfRangeError(absl::StrCat("金额超出可表示范围", kLanguageSeparator,
                                            "the amount is too large to be represented"));
}

absl::Status NotAnAmount(absl::string_view text, absl::string_view zh, absl::string_view en) {
  return InvalidValue(absl::StrCat("金额“", text, "”", zh),
                      absl::StrCat("amount '", text, "' ", en));
}

bool AllDigits(absl::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return false;
  }
  return !text.empty();
}

// A decimal number, cut at its point.
struct Decimal {
  absl::string_view whole;
  absl::string_view fraction;
  bool has_point = false;
};

Decimal Split(absl::string_view text) {
  const size_t point = text.find('.');
  if (point == absl::string_view::npos) return {text, {}, false};
  return {text.substr(0, point), text.substr(point + 1), true};
}

}  // namespace

absl::StatusOr<BasisPoints> BasisPoints::Of(int64_t count) {
  if (count < 0 || count > kWhole) {
    return InvalidValue(absl::StrCat("比例", count, "不在0至10000个基点之间"),
                        absl::StrCat("share ", count, " is not within 0 to 10000 basis points"));
  }
  return BasisPoints(count);
}

absl::StatusOr<BasisPoints> BasisPoints::ParseRatio(absl::string_view text) {
  const Decimal parts = Split(text);
  const bool shaped =
      parts.whole.size() == 1 && AllDigits(parts.whole) &&
      (!parts.has_point || (AllDigits(parts.fraction) && parts.fraction.size() <= 4));
  int64_t count = 0;
  if (shaped) {
    std::string digits = absl::StrCat(parts.whole, parts.fraction);
    digits.append(4 - parts.fraction.size(), '0');
    if (absl::SimpleAtoi(digits, &count) && count <= kWhole) return BasisPoints(count);
  }
  return InvalidValue(
      absl::StrCat("比例“", text, "”应为0至1之间、最多四位小数的数"),
      absl::StrCat("ratio '", text, "' must be a number from 0 to 1 with at most four decimals"));
}

absl::StatusOr<Fen> Add(Fen a, Fen b) {
  int64_t sum = 0;
  if (__builtin_add_overflow(a.count(), b.count(), &sum)) return TooLarge();
  return Fen(sum);
}

absl::StatusOr<Fen> Subtract(Fen a, Fen b) {
  int64_t difference = 0;
  if (__builtin_sub_overflow(a.count(), b.count(), &difference)) return TooLarge();
  return Fen(difference);
}

absl::StatusOr<Fen> Multiply(Fen amount, int64_t quantity) {
  int64_t product = 0;
  if (__builtin_mul_overflow(amount.count(), quantity, &product)) return TooLarge();
  return Fen(product);
}

absl::StatusOr<Fen> ShareOf(Fen amount, BasisPoints share) {
  if (amount < Fen(0)) {
    return InvalidValue("负金额不能按比例计算", "no share can be taken of a negative amount");
  }
  // Dividing first keeps every product below the amount itself, so nothing can overflow.
  const int64_t wholes = amount.count() / BasisPoints::kWhole;
  const int64_t rest = amount.count() % BasisPoints::kWhole;
  return Fen(wholes * share.count() + rest * share.count() / BasisPoints::kWhole);
}

absl::StatusOr<Fen> ParseYuan(absl::string_view text) {
  const Decimal parts = Split(text);
  if (!AllDigits(parts.whole) || (parts.has_point && !AllDigits(parts.fraction))) {
    return NotAnAmount(text, "只能由数字和一个小数点组成（单位：元，不带正负号和千分位）",
                       "must be digits with at most one point (in yuan; no sign, no separators)");
  }
  if (parts.whole.size() > 1 && parts.whole.front() == '0') {
    return NotAnAmount(text, "不应以0开头", "must not start with a superfluous 0");
  }
  if (parts.fraction.size() > 2) {
    return NotAnAmount(text, "最多两位小数（精确到分）", "has more than two decimals (one fen)");
  }
  std::string digits = absl::StrCat(parts.whole, parts.fraction);
  digits.append(2 - parts.fraction.size(), '0');
  int64_t count = 0;
  if (!absl::SimpleAtoi(digits, &count)) {
    return NotAnAmount(text, "过大", "is too large");
  }
  return Fen(count);
}

std::string FormatYuan(Fen amount) {
  const bool negative = amount < Fen(0);
  // Unsigned, because the smallest int64 has no positive counterpart.
  const uint64_t count = negative ? uint64_t{0} - static_cast<uint64_t>(amount.count())
                                  : static_cast<uint64_t>(amount.count());
  std::string yuan = absl::StrCat(count / 100);
  for (size_t from_end = 3; from_end < yuan.size(); from_end += 4) {
    yuan.insert(yuan.size() - from_end, 1, ',');
  }
  return absl::StrFormat("%s¥%s.%02d", negative ? "-" : "", yuan, count % 100);
}

}  // namespace fuju::vocabulary
