#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "catalogue/ledger/account.h"
#include "chassis/values/decision.h"
#include "fuju/catalogue/storage/v1/ledger_records.pb.h"

namespace fuju::catalogue {

// What persons move in a book: outside money, the end of its year, corrections. Its id is BookId.
// That no more is taken than is free is the floor of the counters. All functions are pure.

using BookDecision = chassis::Decision<storage::v1::BookRecord>;
using CurrentBook = chassis::Versioned<storage::v1::BookRecord>;

// Outside money comes in, or goes out with a negative amount. INVALID_ARGUMENT beyond
// kMostAppropriatedFen.
absl::StatusOr<BookDecision> Appropriate(const CurrentBook& current, const BookKey& book,
                                         int64_t amount_fen, absl::string_view reason,
                                         absl::Time now);

// What becomes of free money when a fiscal year ends.
enum class YearEnd { kLapse, kCarryOver };

// Moves `available_fen`, what is free: it lapses, or goes to the next year's book. Unchanged if
// nothing is free. FAILED_PRECONDITION, FISCAL_YEAR_RUNS before the next year began in Gansu.
absl::StatusOr<BookDecision> CloseYear(const CurrentBook& current, const BookKey& book,
                                       int64_t available_fen, YearEnd rule, absl::Time now);

// Appends a transfer against the `number`-th, from 1. NOT_FOUND if there is none;
// FAILED_PRECONDITION, STATE_FORBIDS if it is a correction or corrected.
absl::StatusOr<BookDecision> Reverse(const CurrentBook& current, absl::string_view id, int number,
                                     absl::string_view reason, absl::Time now);

// Holdings; and in the index of the fiscal year, by rising county, the budget that it is part of.
chassis::Footprint BookFootprint(absl::string_view id, const storage::v1::BookRecord& record);

// "budgets-<year>", with members "<area>-<year>".
std::string BudgetIndex(int32_t fiscal_year);

// FAILED_PRECONDITION, BUDGET_INSUFFICIENT, naming what is left.
absl::Status BudgetInsufficient(absl::string_view name, int64_t left_fen);

}  // namespace fuju::catalogue
