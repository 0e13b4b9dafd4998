#include "catalogue/ledger/transfer.h"

#include <map>

#include "absl/strings/str_cat.h"

#include "chassis/values/timestamps.h"

namespace fuju::catalogue {

v1::LedgerEntry& Append(Entries& entries, int32_t year, v1::FundSource fund, Move move,
                        int64_t amount_fen, v1::TransferCause cause, absl::Time now) {
  if (amount_fen < 0) {
    return Append(entries, year, fund, Back(move), -amount_fen, cause, now);
  }
  v1::LedgerEntry& entry = *entries.Add();
  entry.set_time_ms(absl::ToUnixMillis(now));
  entry.set_fiscal_year(year);
  entry.set_fund_source(fund);
  entry.set_debit(move.to);
  entry.set_credit(move.from);
  entry.set_amount_fen(amount_fen);
  entry.set_cause(cause);
  return entry;
}

int64_t AddedTo(v1::LedgerAccount account, const v1::LedgerEntry& entry) {
  const int64_t debited = (entry.debit() == account ? entry.amount_fen() : 0) -
                          (entry.credit() == account ? entry.amount_fen() : 0);
  return IsCreditNormal(account) ? -debited : debited;
}

BookKey BookOf(absl::string_view area, const v1::LedgerEntry& entry) {
  return {std::string(area), entry.fiscal_year(), entry.fund_source()};
}

std::vector<chassis::Holding> HoldingsOf(absl::string_view area, const Entries& entries) {
  std::map<std::string, int64_t> sums;
  for (const v1::LedgerEntry& entry : entries) {
    const BookKey book = BookOf(area, entry);
    for (const v1::LedgerAccount account : {entry.debit(), entry.credit()}) {
      sums[BalanceCounter(book, account)] += AddedTo(account, entry);
    }
  }
  std::vector<chassis::Holding> holdings;
  for (auto& [counter, amount] : sums) {
    if (amount != 0) holdings.push_back({counter, amount});
  }
  return holdings;
}

std::string TransferName(absl::string_view record, int n) {
  return absl::StrCat(record, "/transfers/", n);
}

v1::Transfer ToTransfer(absl::string_view record, absl::string_view area, const Entries& entries,
                        int index) {
  const v1::LedgerEntry& entry = entries[index];
  v1::Transfer transfer;
  transfer.set_name(TransferName(record, index + 1));
  transfer.set_book(BookName(BookId(BookOf(area, entry))));
  *transfer.mutable_time() = chassis::ToTimestamp(absl::FromUnixMillis(entry.time_ms()));
  transfer.set_debit(entry.debit());
  transfer.set_credit(entry.credit());
  transfer.set_amount_fen(entry.amount_fen());
  transfer.set_cause(entry.cause());
  if (entry.corrects() > 0) transfer.set_corrects(TransferName(record, entry.corrects()));
  transfer.set_reason(entry.reason());
  return transfer;
}

}  // namespace fuju::catalogue
