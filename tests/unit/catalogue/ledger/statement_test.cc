#include "catalogue/ledger/statement.h"

#include <random>

#include <gtest/gtest.h>

namespace fuju::catalogue {
namespace {

const BookKey kBook = {"620102", 2026, v1::FUND_SOURCE_COUNTY};

absl::Time At(int minute) { return absl::FromUnixSeconds(1'772'413'200 + 60 * minute); }

// 1000 in at minute 0, reserved 300 at 10, 100 at 20, released 300 at 30; and what is not of it.
std::vector<StatementLine> Lines(v1::LedgerAccount account) {
  const StatementQuestion question = {.book = kBook, .account = account};
  std::vector<StatementLine> lines;
  Entries book;
  Append(book, 2026, kBook.fund, kAppropriate, 1000, v1::TRANSFER_CAUSE_APPROPRIATION, At(0));
  Append(book, 2027, kBook.fund, kAppropriate, 7, v1::TRANSFER_CAUSE_CARRY_OVER, At(1));
  AddLines("books/620102-2026-4", "620102", book, question, lines);
  Entries first;
  Append(first, 2026, kBook.fund, kReserve, 300, v1::TRANSFER_CAUSE_RESERVATION, At(10));
  Append(first, 2026, v1::FUND_SOURCE_NATIONAL, kReserve, 50, v1::TRANSFER_CAUSE_RESERVATION,
         At(10));
  Append(first, 2026, kBook.fund, Back(kReserve), 300, v1::TRANSFER_CAUSE_RELEASE, At(30));
  AddLines("grants/620102-1", "620102", first, question, lines);
  Entries second;
  Append(second, 2026, kBook.fund, kReserve, 100, v1::TRANSFER_CAUSE_RESERVATION, At(20));
  AddLines("grants/620102-2", "620102", second, question, lines);
  return lines;
}

std::vector<std::string> NamesOf(const v1::Statement& statement) {
  std::vector<std::string> names;
  for (const v1::Transfer& transfer : statement.transfers()) names.push_back(transfer.name());
  return names;
}

TEST(StatementTest, OpeningAndTransfersMakeTheClosing) {
  struct Row {
    v1::LedgerAccount account;
    absl::Time start;
    absl::Time end;
    int64_t opening;
    int64_t closing;
    std::vector<std::string> transfers;
  };
  const std::string book = "books/620102-2026-4/transfers/1";
  const std::string reserved = "grants/620102-1/transfers/1";
  const std::string released = "grants/620102-1/transfers/3";
  const std::string other = "grants/620102-2/transfers/1";
  const Row rows[] = {
      {v1::LEDGER_ACCOUNT_AVAILABLE,
       absl::InfinitePast(),
       absl::InfiniteFuture(),
       0,
       900,
       {book, reserved, other, released}},
      {v1::LEDGER_ACCOUNT_AVAILABLE, At(10), At(20), 1000, 700, {reserved}},
      {v1::LEDGER_ACCOUNT_AVAILABLE, At(11), At(20), 700, 700, {}},
      {v1::LEDGER_ACCOUNT_RESERVED, At(15), absl::InfiniteFuture(), 300, 100, {other, released}},
      {v1::LEDGER_ACCOUNT_APPROPRIATED, At(0), At(1), 0, 1000, {book}},
      {v1::LEDGER_ACCOUNT_PAID, absl::InfinitePast(), absl::InfiniteFuture(), 0, 0, {}},
  };
  for (const Row& row : rows) {
    const StatementQuestion question = {kBook, row.account, row.start, row.end};
    const StatementPage page = MakeStatement(Lines(row.account), question, "", 100);
    EXPECT_EQ(page.statement.opening_fen(), row.opening);
    EXPECT_EQ(page.statement.closing_fen(), row.closing);
    EXPECT_EQ(NamesOf(page.statement), row.transfers);
    EXPECT_EQ(page.next_cursor, "");
  }
}

TEST(StatementTest, PagesAreStable) {
  const StatementQuestion question = {.book = kBook, .account = v1::LEDGER_ACCOUNT_AVAILABLE};
  std::vector<StatementLine> lines = Lines(question.account);
  std::mt19937 random(1);
  std::string cursor;
  std::vector<std::string> names;
  int pages = 0;
  do {
    std::shuffle(lines.begin(), lines.end(), random);
    const StatementPage page = MakeStatement(lines, question, cursor, 1);
    EXPECT_EQ(page.statement.opening_fen(), 0);
    for (const std::string& name : NamesOf(page.statement)) names.push_back(name);
    cursor = page.next_cursor;
    // Meanwhile something is reserved: it comes last.
    Entries later;
    Append(later, 2026, kBook.fund, kReserve, 1, v1::TRANSFER_CAUSE_RESERVATION, At(40 + pages));
    if (++pages < 3)
      AddLines("grants/620102-" + std::to_string(10 - pages), "620102", later, question, lines);
  } while (!cursor.empty());
  EXPECT_EQ(names, (std::vector<std::string>{
                       "books/620102-2026-4/transfers/1", "grants/620102-1/transfers/1",
                       "grants/620102-2/transfers/1", "grants/620102-1/transfers/3",
                       "grants/620102-9/transfers/1", "grants/620102-8/transfers/1"}));
}

}  // namespace
}  // namespace fuju::catalogue
