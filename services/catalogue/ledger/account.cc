#include "catalogue/ledger/account.h"

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace fuju::catalogue {

std::string BookId(const BookKey& book) {
  return absl::StrCat(book.area, "-", book.year, "-", static_cast<int>(book.fund));
}

std::optional<BookKey> ParseBookId(absl::string_view id) {
  const std::vector<absl::string_view> parts = absl::StrSplit(id, '-');
  BookKey book;
  int fund = 0;
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[1], &book.year) ||
      !absl::SimpleAtoi(parts[2], &fund)) {
    return std::nullopt;
  }
  book.area = std::string(parts[0]);
  book.fund = static_cast<v1::FundSource>(fund);
  const bool is_one = absl::c_linear_search(kFunds, book.fund) && !book.area.empty();
  if (!is_one || BookId(book) != id) return std::nullopt;
  return book;
}

std::string BookName(absl::string_view id) { return absl::StrCat("books/", id); }

std::string AreaOf(absl::string_view id) { return std::string(id.substr(0, id.find('-'))); }

std::string AccountName(v1::LedgerAccount account) {
  return absl::AsciiStrToLower(
      absl::StripPrefix(v1::LedgerAccount_Name(account), "LEDGER_ACCOUNT_"));
}

std::string FundName(v1::FundSource fund) {
  return absl::AsciiStrToLower(absl::StripPrefix(v1::FundSource_Name(fund), "FUND_SOURCE_"));
}

bool IsCreditNormal(v1::LedgerAccount account) {
  return account == v1::LEDGER_ACCOUNT_APPROPRIATED;
}

std::string BalanceCounter(const BookKey& book, v1::LedgerAccount account) {
  return absl::StrCat("ledger:", BookId(book), ":", AccountName(account));
}

std::vector<std::string> BalanceCounters(absl::string_view area, int32_t year) {
  std::vector<std::string> names;
  for (const v1::FundSource fund : kFunds) {
    for (const v1::LedgerAccount account : kAccounts) {
      names.push_back(BalanceCounter({std::string(area), year, fund}, account));
    }
  }
  return names;
}

std::map<v1::FundSource, Balances> ToBalances(const std::vector<int64_t>& counters) {
  std::map<v1::FundSource, Balances> balances;
  size_t at = 0;
  for (const v1::FundSource fund : kFunds) {
    for (const v1::LedgerAccount account : kAccounts) balances[fund][account] = counters[at++];
  }
  return balances;
}

v1::Book ToBook(const BookKey& book, const Balances& balances) {
  v1::Book resource;
  resource.set_name(BookName(BookId(book)));
  resource.set_area_code(book.area);
  resource.set_fiscal_year(book.year);
  resource.set_fund_source(book.fund);
  for (const auto& [account, amount] : balances) {
    v1::AccountBalance* balance = resource.add_balances();
    balance->set_account(account);
    balance->set_amount_fen(amount);
  }
  return resource;
}

}  // namespace fuju::catalogue
