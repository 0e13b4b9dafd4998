#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "catalogue/ledger/account.h"
#include "catalogue/ledger/transfer.h"
#include "fuju/catalogue/v1/ledger_service.pb.h"

namespace fuju::catalogue {

// One transfer of an account, with its place: by time, then by record, then by number.
struct StatementLine {
  int64_t time_ms = 0;
  std::string record;
  int number = 0;
  int64_t added_fen = 0;
  v1::Transfer transfer;
};

// Which account and period.
struct StatementQuestion {
  BookKey book;
  v1::LedgerAccount account = v1::LEDGER_ACCOUNT_UNSPECIFIED;
  absl::Time start = absl::InfinitePast();
  absl::Time end = absl::InfiniteFuture();
};

// A page and where the next one starts; empty: it was the last.
struct StatementPage {
  v1::Statement statement;
  std::string next_cursor;
};

// Adds what of a record's transfers the account sees.
void AddLines(absl::string_view record, absl::string_view area, const Entries& entries,
              const StatementQuestion& question, std::vector<StatementLine>& lines);

// Opening, a page of transfers behind the cursor, closing; of all lines of the account, in any
// order. Pure. A later transfer moves no line of an earlier page.
StatementPage MakeStatement(std::vector<StatementLine> lines, const StatementQuestion& question,
                            absl::string_view cursor, int page_size);

}  // namespace fuju::catalogue
