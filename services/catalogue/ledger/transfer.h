#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <google/protobuf/repeated_field.h>

#include "catalogue/ledger/account.h"
#include "chassis/values/decision.h"

namespace fuju::catalogue {

// Transfers are the only way in which money moves. Each lies in the state of the record that made
// it, appended and never edited; what the record holds of the accounts is exactly their sum
// (HoldingsOf), so a balance is the sum of all transfers by construction, each counted once. All
// functions are pure.

using Entries = google::protobuf::RepeatedPtrField<v1::LedgerEntry>;

// From one account of a book to another.
struct Move {
  v1::LedgerAccount from;
  v1::LedgerAccount to;
};

// Outside money: it is credited to APPROPRIATED, so `from` is the account that has a credit
// balance.
inline constexpr Move kAppropriate = {v1::LEDGER_ACCOUNT_APPROPRIATED,
                                      v1::LEDGER_ACCOUNT_AVAILABLE};
inline constexpr Move kReserve = {v1::LEDGER_ACCOUNT_AVAILABLE, v1::LEDGER_ACCOUNT_RESERVED};
inline constexpr Move kSettle = {v1::LEDGER_ACCOUNT_RESERVED, v1::LEDGER_ACCOUNT_PAYABLE};
inline constexpr Move kPay = {v1::LEDGER_ACCOUNT_PAYABLE, v1::LEDGER_ACCOUNT_PAID};
inline constexpr Move kReturn = {v1::LEDGER_ACCOUNT_AVAILABLE, v1::LEDGER_ACCOUNT_RETURNED};
inline constexpr Move kAllot = {v1::LEDGER_ACCOUNT_AVAILABLE, v1::LEDGER_ACCOUNT_ALLOTTED};

constexpr Move Back(Move move) { return {move.to, move.from}; }

// Appends a transfer of `amount_fen` > 0; a negative amount moves as much back.
v1::LedgerEntry& Append(Entries& entries, int32_t year, v1::FundSource fund, Move move,
                        int64_t amount_fen, v1::TransferCause cause, absl::Time now);

// What one transfer adds to an account; negative if it takes from it, 0 if it is of others.
int64_t AddedTo(v1::LedgerAccount account, const v1::LedgerEntry& entry);

// What transfers of an area's record hold of the counters: exactly their sum.
std::vector<chassis::Holding> HoldingsOf(absl::string_view area, const Entries& entries);

// The book of a transfer of an area's record.
BookKey BookOf(absl::string_view area, const v1::LedgerEntry& entry);

// "<record>/transfers/<n>"; `n` from 1.
std::string TransferName(absl::string_view record, int n);
v1::Transfer ToTransfer(absl::string_view record, absl::string_view area, const Entries& entries,
                        int index);

}  // namespace fuju::catalogue
