#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

#include "fuju/catalogue/v1/catalogue.pb.h"
#include "vocabulary/money.h"

namespace fuju::catalogue {

// Numbers that stand for short texts, so that a decision compares them without looking at texts.

// Of a code with at most eight characters its bytes, of a longer one a hash; 0 of an empty one.
uint64_t ItemKey(absl::string_view item_code);
// 64 bits of a hash of the name, never 0; 0 of an empty one.
uint64_t GroupKey(absl::string_view share_group);
// Six digits as a number, of eight the first six; 0 of anything else, which is never equal to a
// division.
uint32_t DivisionNumber(absl::string_view code);

// A set of small numbers: categories, grades, groups, grounds. Numbers outside 0 to 31, which an
// open enum of a newer release may bring, are in no set.
class SmallSet {
 public:
  void Insert(int number) { bits_ |= Bit(number); }
  bool Has(int number) const { return (bits_ & Bit(number)) != 0; }
  bool empty() const { return bits_ == 0; }

 private:
  static constexpr uint32_t Bit(int number) {
    return number >= 0 && number < 32 ? uint32_t{1} << number : 0;
  }
  uint32_t bits_ = 0;
};

// A row of the catalogue as a decision reads it. Made once for each catalogue; a value, but for the
// row, which outlives it.
struct PreparedItem {
  // The row, for words and names.
  const v1::Item* row = nullptr;
  uint64_t key = 0;
  uint64_t share_group = 0;
  uint32_t division = 0;
  SmallSet categories;
  SmallSet grades;
  // Groups that may have it; empty: all that have a ratio.
  SmallSet groups;
  int32_t age_min = 0;
  int32_t age_max = 0;
  // Amounts of one piece.
  vocabulary::Fen cap;
  std::optional<vocabulary::Fen> ceiling;
  vocabulary::BasisPoints tk, db, dbby, general, child;
  vocabulary::BasisPoints service_share;
  int32_t years = 0;
  // 0: as `years`.
  int32_t child_years = 0;
  // 0: no limit.
  int32_t quantity_limit = 0;
  int32_t quantity_per_year = 0;
  bool free = false;
  v1::IntervalKey interval = v1::INTERVAL_KEY_DIVISION;
};

// A negative amount or a ratio outside 0 to 1, which no import lets in, counts as 0. `row` outlives
// the result. Pure.
PreparedItem PrepareItem(const v1::Item& row);

}  // namespace fuju::catalogue
