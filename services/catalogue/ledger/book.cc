#include "catalogue/ledger/book.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "catalogue/ledger/transfer.h"
#include "chassis/values/refusal.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/catalogue/v1/ledger_events.pb.h"
#include "vocabulary/civil_date.h"
#include "vocabulary/money.h"

namespace fuju::catalogue {
namespace {

using BookRecord = storage::v1::BookRecord;

BookRecord Next(const CurrentBook& current, const BookKey& book) {
  BookRecord next = current.state;
  *next.mutable_book() = ToBook(book, {});
  return next;
}

// What the book has from outside.
int64_t FromOutside(const Entries& entries, int32_t year) {
  int64_t sum = 0;
  for (const v1::LedgerEntry& entry : entries) {
    if (entry.fiscal_year() == year) sum += AddedTo(v1::LEDGER_ACCOUNT_APPROPRIATED, entry);
  }
  return sum;
}

v1::BudgetAllocated Allocated(const BookRecord& record, int64_t amount_fen) {
  v1::BudgetAllocated fact;
  fact.set_county_code(record.book().area_code());
  fact.set_fiscal_year(record.book().fiscal_year());
  fact.set_fund_source(record.book().fund_source());
  fact.set_amount_fen(amount_fen);
  fact.set_allocated_fen(FromOutside(record.transfers(), record.book().fiscal_year()));
  return fact;
}

absl::Status TooMuch() {
  return chassis::InvalidFields()
      .Field("amount_fen",
             absl::StrCat("加上已分配的金额超过上限",
                          vocabulary::FormatYuan(vocabulary::Fen(kMostAppropriatedFen))),
             absl::StrCat("with what is allocated it exceeds the limit of ", kMostAppropriatedFen,
                          " fen"))
      .Build();
}

}  // namespace

absl::StatusOr<BookDecision> Appropriate(const CurrentBook& current, const BookKey& book,
                                         int64_t amount_fen, absl::string_view reason,
                                         absl::Time now) {
  BookDecision decision;
  decision.next = Next(current, book);
  if (FromOutside(decision.next.transfers(), book.year) > kMostAppropriatedFen - amount_fen)
    return TooMuch();
  Append(*decision.next.mutable_transfers(), book.year, book.fund, kAppropriate, amount_fen,
         v1::TRANSFER_CAUSE_APPROPRIATION, now)
      .set_reason(std::string(reason));
  decision.facts.push_back(chassis::MakeFact(Allocated(decision.next, amount_fen)));
  return decision;
}

absl::StatusOr<BookDecision> CloseYear(const CurrentBook& current, const BookKey& book,
                                       int64_t available_fen, YearEnd rule, absl::Time now) {
  if (vocabulary::TodayInShanghai(now).year() <= book.year) {
    return chassis::Refusal(
               absl::StatusCode::kFailedPrecondition, "FISCAL_YEAR_RUNS",
               absl::StrCat(book.year, "财政年度尚未结束，次年1月1日起方可结转"),
               absl::StrCat("fiscal year ", book.year, " is not over: close it from 1 January on"))
        .With("book", BookName(BookId(book)));
  }
  if (available_fen <= 0) return BookDecision::Unchanged();
  BookDecision decision;
  decision.next = Next(current, book);
  Entries& entries = *decision.next.mutable_transfers();
  const bool carries = rule == YearEnd::kCarryOver;
  Append(entries, book.year, book.fund, kReturn, available_fen,
         carries ? v1::TRANSFER_CAUSE_CARRY_OVER : v1::TRANSFER_CAUSE_LAPSE, now);
  if (carries) {
    Append(entries, book.year + 1, book.fund, kAppropriate, available_fen,
           v1::TRANSFER_CAUSE_CARRY_OVER, now);
  }
  v1::FiscalYearClosed fact;
  fact.set_book(decision.next.book().name());
  fact.set_area_code(book.area);
  fact.set_amount_fen(available_fen);
  fact.set_carried_over(carries);
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

absl::StatusOr<BookDecision> Reverse(const CurrentBook& current, absl::string_view id, int number,
                                     absl::string_view reason, absl::Time now) {
  const Entries& entries = current.state.transfers();
  const std::string name = TransferName(BookName(id), number);
  if (number < 1 || number > entries.size()) return chassis::NotFound(name);
  const v1::LedgerEntry& wrong = entries[number - 1];
  const bool corrected = absl::c_any_of(
      entries, [number](const v1::LedgerEntry& entry) { return entry.corrects() == number; });
  // A carry-over is two transfers; half of it can not be taken back.
  if (corrected || wrong.corrects() > 0 || wrong.cause() == v1::TRANSFER_CAUSE_CARRY_OVER) {
    return chassis::StateForbids(
        name, "reverse", corrected ? "CORRECTED" : v1::TransferCause_Name(wrong.cause()), {});
  }
  BookDecision decision;
  decision.next = current.state;
  v1::LedgerEntry& entry = Append(*decision.next.mutable_transfers(), wrong.fiscal_year(),
                                  wrong.fund_source(), Move{wrong.debit(), wrong.credit()},
                                  wrong.amount_fen(), v1::TRANSFER_CAUSE_CORRECTION, now);
  entry.set_corrects(number);
  entry.set_reason(std::string(reason));
  v1::TransferReversed fact;
  fact.set_book(BookName(id));
  fact.set_area_code(AreaOf(id));
  *fact.mutable_transfer() = entry;
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  if (wrong.cause() == v1::TRANSFER_CAUSE_APPROPRIATION) {
    // Who adds up what came from outside reads these facts.
    const int64_t back = AddedTo(v1::LEDGER_ACCOUNT_APPROPRIATED, entry);
    decision.facts.push_back(chassis::MakeFact(Allocated(decision.next, back)));
  }
  return decision;
}

chassis::Footprint BookFootprint(absl::string_view id, const BookRecord& record) {
  chassis::Footprint footprint;
  if (record.transfers().empty()) return footprint;
  const std::string area = AreaOf(id);
  footprint.holdings = HoldingsOf(area, record.transfers());
  // Lists run by falling score; budgets are read by rising county.
  int64_t county = 0;
  if (absl::SimpleAtoi(area, &county)) {
    // Several funds have the same entry; none of them is ever taken away.
    for (const v1::LedgerEntry& entry : record.transfers()) {
      footprint.index.push_back({BudgetIndex(entry.fiscal_year()),
                                 absl::StrCat(area, "-", entry.fiscal_year()), -county});
    }
  }
  return footprint;
}

std::string BudgetIndex(int32_t fiscal_year) { return absl::StrCat("budgets-", fiscal_year); }

absl::Status BudgetInsufficient(absl::string_view name, int64_t left_fen) {
  return chassis::Refusal(
             absl::StatusCode::kFailedPrecondition, "BUDGET_INSUFFICIENT",
             absl::StrCat(name, "的可用余额为", vocabulary::FormatYuan(vocabulary::Fen(left_fen)),
                          "，不足以完成此次调整"),
             absl::StrCat(name, " has ", left_fen, " fen left, which is less"))
      .With("budget", std::string(name))
      .With("left", absl::StrCat(left_fen));
}

}  // namespace fuju::catalogue
