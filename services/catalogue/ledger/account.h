#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "fuju/catalogue/v1/catalogue.pb.h"
#include "fuju/catalogue/v1/ledger.pb.h"

namespace fuju::catalogue {

// A book is the money of one area, fiscal year and fund; area is a county, a prefecture or the
// province. What stands on its accounts is in bounded counters of the area's partition, which no
// commit can bring below 0. All functions are pure.
struct BookKey {
  std::string area;
  int32_t year = 0;
  v1::FundSource fund = v1::FUND_SOURCE_UNSPECIFIED;
  auto operator<=>(const BookKey&) const = default;
};

// Never more than this in one book: counters pass through Lua, whose numbers are exact to 2^53.
inline constexpr int64_t kMostAppropriatedFen = 1'000'000'000'000'000;

inline constexpr std::array kFunds = {v1::FUND_SOURCE_NATIONAL, v1::FUND_SOURCE_PROVINCIAL,
                                      v1::FUND_SOURCE_PREFECTURE, v1::FUND_SOURCE_COUNTY,
                                      v1::FUND_SOURCE_CHARITY};
inline constexpr std::array kAccounts = {
    v1::LEDGER_ACCOUNT_APPROPRIATED, v1::LEDGER_ACCOUNT_AVAILABLE, v1::LEDGER_ACCOUNT_RESERVED,
    v1::LEDGER_ACCOUNT_PAYABLE,      v1::LEDGER_ACCOUNT_PAID,      v1::LEDGER_ACCOUNT_RETURNED,
    v1::LEDGER_ACCOUNT_ALLOTTED};

// "<area>-<year>-<number of the fund>", and back; nullopt for what is none.
std::string BookId(const BookKey& book);
std::optional<BookKey> ParseBookId(absl::string_view id);
// "books/<id>".
std::string BookName(absl::string_view id);
// The area in an id such as "620102-2026-4" or "620102-<ULID>"; the whole text if it has no dash.
// It is the route of everything that moves an area's money, so that all of it lies in the partition
// of the area's counters.
std::string AreaOf(absl::string_view id);

// "available", for counters and files.
std::string AccountName(v1::LedgerAccount account);
// "county".
std::string FundName(v1::FundSource fund);
// All but APPROPRIATED have debit balances.
bool IsCreditNormal(v1::LedgerAccount account);

// Name of the counter of an account: "ledger:<book>:<account>". It counts fen.
std::string BalanceCounter(const BookKey& book, v1::LedgerAccount account);
// Those of all funds of an area's year, each with all accounts: the order that ToBooks takes.
std::vector<std::string> BalanceCounters(absl::string_view area, int32_t year);

// What stands on the accounts of a book.
using Balances = std::map<v1::LedgerAccount, int64_t>;
// From the counters of BalanceCounters, as one read answered them.
std::map<v1::FundSource, Balances> ToBalances(const std::vector<int64_t>& counters);
v1::Book ToBook(const BookKey& book, const Balances& balances);

}  // namespace fuju::catalogue
