#include "catalogue/ledger/account.h"

#include <gtest/gtest.h>

namespace fuju::catalogue {
namespace {

TEST(AccountTest, BooksHaveIds) {
  const BookKey book = {"620102", 2026, v1::FUND_SOURCE_COUNTY};
  EXPECT_EQ(BookId(book), "620102-2026-4");
  EXPECT_EQ(ParseBookId("620102-2026-4"), book);
  EXPECT_EQ(BookName("620102-2026-4"), "books/620102-2026-4");
  for (const char* id : {"", "620102", "620102-2026", "620102-2026-0", "620102-2026-6",
                         "620102-2026-x", "-2026-4", "620102-02026-4", "620102-2026-4-1"}) {
    EXPECT_EQ(ParseBookId(id), std::nullopt) << id;
  }
}

TEST(AccountTest, TheAreaIsTheRoute) {
  EXPECT_EQ(AreaOf("620102-2026-4"), "620102");
  EXPECT_EQ(AreaOf("620102-01HZX3M9Q2V7N8K4T6R5W1Y0AB"), "620102");
  EXPECT_EQ(AreaOf("nonsense"), "nonsense");
}

// They stand in the store and in files: a change loses what is there.
TEST(AccountTest, CountersHaveTheirNamesForEver) {
  const BookKey book = {"620102", 2026, v1::FUND_SOURCE_NATIONAL};
  const std::pair<v1::LedgerAccount, const char*> names[] = {
      {v1::LEDGER_ACCOUNT_APPROPRIATED, "ledger:620102-2026-1:appropriated"},
      {v1::LEDGER_ACCOUNT_AVAILABLE, "ledger:620102-2026-1:available"},
      {v1::LEDGER_ACCOUNT_RESERVED, "ledger:620102-2026-1:reserved"},
      {v1::LEDGER_ACCOUNT_PAYABLE, "ledger:620102-2026-1:payable"},
      {v1::LEDGER_ACCOUNT_PAID, "ledger:620102-2026-1:paid"},
      {v1::LEDGER_ACCOUNT_RETURNED, "ledger:620102-2026-1:returned"},
      {v1::LEDGER_ACCOUNT_ALLOTTED, "ledger:620102-2026-1:allotted"}};
  for (const auto& [account, name] : names) EXPECT_EQ(BalanceCounter(book, account), name);
  EXPECT_EQ(FundName(v1::FUND_SOURCE_CHARITY), "charity");
}

TEST(AccountTest, OneReadHasAllBooksOfAYear) {
  const std::vector<std::string> counters = BalanceCounters("620102", 2026);
  ASSERT_EQ(counters.size(), kFunds.size() * kAccounts.size());
  std::vector<int64_t> amounts(counters.size());
  for (size_t i = 0; i < amounts.size(); ++i) amounts[i] = static_cast<int64_t>(i);
  const auto books = ToBalances(amounts);
  for (size_t i = 0; i < counters.size(); ++i) {
    const BookKey book = {"620102", 2026, kFunds[i / kAccounts.size()]};
    const v1::LedgerAccount account = kAccounts[i % kAccounts.size()];
    EXPECT_EQ(counters[i], BalanceCounter(book, account));
    EXPECT_EQ(books.at(book.fund).at(account), amounts[i]);
  }
}

}  // namespace
}  // namespace fuju::catalogue
