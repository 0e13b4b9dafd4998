#include "catalogue/ledger/statement.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace fuju::catalogue {
namespace {

using Place = std::tuple<int64_t, std::string, int>;

Place PlaceOf(const StatementLine& line) { return {line.time_ms, line.record, line.number}; }

// "<time> <record> <number>"; the empty text is before all.
std::string CursorOf(const StatementLine& line) {
  return absl::StrCat(line.time_ms, " ", line.record, " ", line.number);
}

Place ReadCursor(absl::string_view cursor) {
  Place place = {INT64_MIN, "", 0};
  const std::vector<std::string> parts = absl::StrSplit(cursor, ' ');
  if (parts.size() == 3 && absl::SimpleAtoi(parts[0], &std::get<0>(place)) &&
      absl::SimpleAtoi(parts[2], &std::get<2>(place))) {
    std::get<1>(place) = parts[1];
  }
  return place;
}

}  // namespace

void AddLines(absl::string_view record, absl::string_view area, const Entries& entries,
              const StatementQuestion& question, std::vector<StatementLine>& lines) {
  for (int i = 0; i < entries.size(); ++i) {
    const int64_t added = AddedTo(question.account, entries[i]);
    if (added == 0 || BookOf(area, entries[i]) != question.book) continue;
    lines.push_back({entries[i].time_ms(), std::string(record), i + 1, added,
                     ToTransfer(record, area, entries, i)});
  }
}

StatementPage MakeStatement(std::vector<StatementLine> lines, const StatementQuestion& question,
                            absl::string_view cursor, int page_size) {
  std::sort(lines.begin(), lines.end(),
            [](const StatementLine& a, const StatementLine& b) { return PlaceOf(a) < PlaceOf(b); });
  const Place after = ReadCursor(cursor);
  StatementPage page;
  page.statement.set_book(BookName(BookId(question.book)));
  page.statement.set_account(question.account);
  int64_t opening = 0;
  int64_t closing = 0;
  std::string last;
  for (StatementLine& line : lines) {
    const absl::Time time = absl::FromUnixMillis(line.time_ms);
    if (time >= question.end) break;
    closing += line.added_fen;
    if (time < question.start) {
      opening += line.added_fen;
      continue;
    }
    if (PlaceOf(line) <= after) continue;
    if (page.statement.transfers_size() == page_size) {
      page.next_cursor = last;
      continue;
    }
    last = CursorOf(line);
    *page.statement.add_transfers() = std::move(line.transfer);
  }
  page.statement.set_opening_fen(opening);
  page.statement.set_closing_fen(closing);
  return page;
}

}  // namespace fuju::catalogue
