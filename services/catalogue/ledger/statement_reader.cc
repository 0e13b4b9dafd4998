#include "catalogue/ledger/statement_reader.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "catalogue/grant.h"
#include "catalogue/ledger/allotment.h"
#include "catalogue/ledger/book.h"
#include "catalogue/ledger/payment_batch.h"

namespace fuju::catalogue {
namespace {

constexpr int kPageOfRecords = 200;

// One reading, which goes through the kinds of records one after the other.
struct Reading {
  const CatalogueStores* stores;
  StatementQuestion question;
  absl::Time deadline;
  std::function<void(absl::StatusOr<std::vector<StatementLine>>)> done;
  std::vector<StatementLine> lines = {};
};
using Next = std::function<void()>;

template <typename State>
void AddOf(const chassis::AggregateStore<State>& store, const std::string& id, const State& state,
           Reading& reading) {
  AddLines(store.kind().name(id), reading.question.book.area, state.transfers(), reading.question,
           reading.lines);
}

template <typename State>
void ReadAll(std::shared_ptr<Reading> reading, const chassis::AggregateStore<State>& store,
             const std::string& index, const std::string& cursor, Next next) {
  store.List(index, reading->question.book.area, cursor, kPageOfRecords, reading->deadline,
             [reading, &store, index, next](absl::StatusOr<chassis::Page<State>> page) {
               if (!page.ok()) return reading->done(page.status());
               for (const auto& item : page->items)
                 AddOf(store, item.id, item.aggregate.state, *reading);
               if (page->next_cursor.empty()) return next();
               ReadAll(reading, store, index, page->next_cursor, next);
             });
}

// A book has transfers in its own record, and in that of the year before, which may be carried
// over.
void ReadBooks(std::shared_ptr<Reading> reading, Next next) {
  BookKey before = reading->question.book;
  --before.year;
  const std::vector<std::string> ids = {BookId(reading->question.book), BookId(before)};
  reading->stores->books.GetMany(
      ids, reading->deadline,
      [reading, ids,
       next](absl::StatusOr<std::vector<chassis::Versioned<storage::v1::BookRecord>>> books) {
        if (!books.ok()) return reading->done(books.status());
        for (size_t i = 0; i < ids.size(); ++i)
          AddOf(reading->stores->books, ids[i], (*books)[i].state, *reading);
        next();
      });
}

// One trial balance, which goes through the areas one after the other.
struct Trial {
  const CatalogueStores* stores;
  std::vector<std::string> areas;
  int32_t year;
  absl::Time deadline;
  std::function<void(absl::StatusOr<v1::TrialBalance>)> done;
  v1::TrialBalance result = {};
  size_t at = 0;
};

void AddBooks(const std::string& area, const std::map<v1::FundSource, Balances>& books,
              Trial& trial) {
  for (const auto& [fund, balances] : books) {
    bool moved = false;
    for (const auto& [account, amount] : balances) {
      moved = moved || amount != 0;
      if (IsCreditNormal(account)) {
        trial.result.set_credit_fen(trial.result.credit_fen() + amount);
      } else {
        trial.result.set_debit_fen(trial.result.debit_fen() + amount);
      }
    }
    if (moved) *trial.result.add_books() = ToBook({area, trial.year, fund}, balances);
  }
}

void FinishTrial(std::shared_ptr<Trial> trial) {
  trial->stores->raw()->GetCounters(
      "", {SentCounter(trial->year), ReceivedCounter(trial->year)}, trial->deadline,
      [trial](absl::StatusOr<std::vector<int64_t>> transit) {
        if (!transit.ok()) return trial->done(transit.status());
        v1::TrialBalance& result = trial->result;
        result.set_in_transit_fen((*transit)[0] - (*transit)[1]);
        result.set_difference_fen(result.debit_fen() - result.credit_fen());
        trial->done(std::move(result));
      });
}

void ReadNextArea(std::shared_ptr<Trial> trial) {
  if (trial->at == trial->areas.size()) return FinishTrial(std::move(trial));
  const std::string area = trial->areas[trial->at++];
  trial->stores->raw()->GetCounters(area, BalanceCounters(area, trial->year), trial->deadline,
                                    [trial, area](absl::StatusOr<std::vector<int64_t>> counters) {
                                      if (!counters.ok()) return trial->done(counters.status());
                                      AddBooks(area, ToBalances(*counters), *trial);
                                      ReadNextArea(trial);
                                    });
}

}  // namespace

void StatementReader::ReadLines(
    const StatementQuestion& question, absl::Time deadline,
    std::function<void(absl::StatusOr<std::vector<StatementLine>>)> done) const {
  auto reading = std::make_shared<Reading>(Reading{
      .stores = stores_, .question = question, .deadline = deadline, .done = std::move(done)});
  const std::string& area = question.book.area;
  const auto finish = [reading] { reading->done(std::move(reading->lines)); };
  const auto batches = [this, reading, area, finish] {
    ReadAll(reading, stores_->batches, BatchIndex(area), "", finish);
  };
  const auto receipts = [this, reading, area, batches] {
    ReadAll(reading, stores_->receipts, ReceiptIndex(area), "", batches);
  };
  const auto allotments = [this, reading, area, receipts] {
    ReadAll(reading, stores_->allotments, AllotmentIndex(area), "", receipts);
  };
  ReadBooks(reading, [this, reading, area, allotments] {
    ReadAll(reading, stores_->grants, GrantIndex(area), "", allotments);
  });
}

void StatementReader::ReadTrialBalance(
    const vocabulary::RegionCode& area, int32_t year, absl::Time deadline,
    std::function<void(absl::StatusOr<v1::TrialBalance>)> done) const {
  auto trial = std::make_shared<Trial>(Trial{
      .stores = stores_, .areas = {}, .year = year, .deadline = deadline, .done = std::move(done)});
  std::vector<std::string>& areas = trial->areas;
  const auto add = [&](const vocabulary::RegionCode& code) {
    if (code.IsWithin(area)) areas.push_back(code.digits());
  };
  add(area.Province());
  for (const vocabulary::Region& region : regions_->Prefectures()) add(region.code);
  for (const vocabulary::Region& region : regions_->ReviewingOffices()) add(region.code);
  std::sort(areas.begin(), areas.end());
  areas.erase(std::unique(areas.begin(), areas.end()), areas.end());
  ReadNextArea(std::move(trial));
}

}  // namespace fuju::catalogue
