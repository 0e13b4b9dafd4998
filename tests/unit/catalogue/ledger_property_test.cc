// Random operations of grants, books, allotments and payment batches over four areas and some
// years, applied by the differences of their footprints as the store applies them, with kills: what
// was decided is lost before the commit, or comes a second time after it. After each step the trial
// balance is zero, every balance is the sum of all transfers, what is in transit is what was sent
// and not received, and what grants hold is what their states say.

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "catalogue/grant.h"
#include "catalogue/grant_queue.h"
#include "catalogue/ledger/account.h"
#include "catalogue/ledger/allotment.h"
#include "catalogue/ledger/book.h"
#include "catalogue/ledger/payment_batch.h"
#include "catalogue/ledger/transfer.h"
#include "examples.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

const std::vector<std::string> kCounties = {"620102", "620103"};
const std::vector<int> kYears = {2026, 2027, 2028, 2029, 2030};
const std::vector<std::string> kAreas = {"620102", "620103", "620100", "620000"};

// The counters of the store, with their floor.
class Counters {
 public:
  // Applies the difference, unless a counter would fall below 0.
  bool Move(const chassis::Footprint& before, const chassis::Footprint& after) {
    std::map<std::string, int64_t> change;
    for (const chassis::Holding& holding : before.holdings)
      change[holding.counter] -= holding.amount;
    for (const chassis::Holding& holding : after.holdings)
      change[holding.counter] += holding.amount;
    for (const auto& [counter, amount] : change) {
      if (amount < 0 && amounts_[counter] + amount < 0) return false;
    }
    for (const auto& [counter, amount] : change) amounts_[counter] += amount;
    return true;
  }
  int64_t Of(const std::string& counter) const {
    const auto found = amounts_.find(counter);
    return found == amounts_.end() ? 0 : found->second;
  }

 private:
  std::map<std::string, int64_t> amounts_;
};

class World {
 public:
  explicit World(int seed) : random_(seed) {}

  int Upto(int most) { return std::uniform_int_distribution<int>(0, most)(random_); }

  void Step() {
    if (Upto(150) == 0) now_ += absl::Hours(24 * Upto(60));
    switch (Upto(14)) {
      case 0:
        return Allocate();
      case 1:
        return Serve();
      case 2:
        return Upto(3) == 0 ? EndOfYear() : Correct();
      case 3:
        return Send();
      case 4:
      case 5:
        return GoOnWithAnAllotment();
      case 6:
        return Pay();
      default:
        return MoveAGrant();
    }
  }

  void Check() {
    std::map<std::string, int64_t> owed;
    for (const auto& [id, grant] : grants_) {
      const bool reserved = grant.state.state() == v1::GRANT_STATE_RESERVED;
      const bool settled = grant.state.state() == v1::GRANT_STATE_SETTLED;
      int64_t shares = 0;
      for (const v1::FundShare& share : grant.state.fund_shares()) {
        shares += share.amount_fen();
        const BookKey book = {AreaOf(id), grant.state.fiscal_year(), share.fund_source()};
        if (reserved) owed[BalanceCounter(book, v1::LEDGER_ACCOUNT_RESERVED)] += share.amount_fen();
        if (settled && !paid_in_books_.contains(id)) {
          owed[BalanceCounter(book, v1::LEDGER_ACCOUNT_PAYABLE)] += share.amount_fen();
        }
      }
      if (reserved || settled) {
        ASSERT_EQ(shares, grant.state.amount_fen()) << id;
      }
    }
    // Opening (0) + all transfers = closing, of every account.
    std::map<std::string, int64_t> sums;
    const auto add = [&sums](const std::string& area, const Entries& entries) {
      for (const v1::LedgerEntry& entry : entries) {
        ASSERT_GT(entry.amount_fen(), 0);
        for (const v1::LedgerAccount account : {entry.debit(), entry.credit()})
          sums[BalanceCounter(BookOf(area, entry), account)] += AddedTo(account, entry);
      }
    };
    for (const auto& [id, grant] : grants_) add(AreaOf(id), grant.state.transfers());
    for (const auto& [id, book] : books_) add(AreaOf(id), book.state.transfers());
    for (const auto& [id, sent] : allotments_) add(AreaOf(id), sent.state.transfers());
    for (const auto& [id, receipt] : receipts_) add(AreaOf(id), receipt.state.transfers());
    for (const auto& [id, batch] : batches_) add(AreaOf(id), batch.state.transfers());
    int64_t in_transit = 0;
    for (const auto& [id, sent] : allotments_) {
      const v1::Allotment& allotment = sent.state.allotment();
      if (sent.exists() && !receipts_[ReceiptId(allotment)].exists())
        in_transit += allotment.amount_fen();
      if (allotment.state() == v1::ALLOTMENT_STATE_COMPLETED) {
        ASSERT_TRUE(receipts_[ReceiptId(allotment)].exists()) << id;
      }
    }
    int64_t counted = 0;
    for (const int year : kYears)
      counted += counters_.Of(SentCounter(year)) - counters_.Of(ReceivedCounter(year));
    ASSERT_EQ(counted, in_transit);
    for (const std::string& county : kAreas) {
      for (const int year : kYears) {
        for (const v1::FundSource fund : kFunds) {
          const BookKey book = {county, year, fund};
          int64_t trial = 0;
          for (const v1::LedgerAccount account : kAccounts) {
            const std::string counter = BalanceCounter(book, account);
            const int64_t amount = counters_.Of(counter);
            ASSERT_GE(amount, 0) << counter;
            ASSERT_EQ(amount, sums[counter]) << counter;
            if (account == v1::LEDGER_ACCOUNT_RESERVED || account == v1::LEDGER_ACCOUNT_PAYABLE) {
              ASSERT_EQ(amount, owed[counter]) << counter;
            }
            trial += IsCreditNormal(account) ? -amount : amount;
          }
          ASSERT_EQ(trial, 0) << BookId(book);
        }
      }
    }
  }

  int moves = 0, refused = 0, queued = 0, served = 0, expired = 0, split = 0, arrived = 0;
  int paid = 0, bounced = 0;

 private:
  // A kill before the commit, or a commit that finds less than the decision had read, changes
  // nothing.
  bool Killed() { return Upto(9) == 0; }

  template <typename State>
  bool Commit(std::map<std::string, chassis::Versioned<State>>& all, const std::string& id,
              const absl::StatusOr<chassis::Decision<State>>& decision,
              chassis::Footprint (*footprint)(absl::string_view, const State&)) {
    if (!decision.ok() || !decision->changed || Killed()) return false;
    chassis::Versioned<State>& current = all[id];
    if (!counters_.Move(footprint(id, current.state), footprint(id, decision->next))) {
      ++refused;
      return false;
    }
    current = {decision->next, current.version + 1};
    ++moves;
    return true;
  }

  FundsAtHand Funds(const std::string& area, int year) {
    FundsAtHand funds;
    funds.order = FundOrderOf({});
    for (const v1::FundSource fund : kFunds) {
      funds.available[fund] =
          counters_.Of(BalanceCounter({area, year, fund}, v1::LEDGER_ACCOUNT_AVAILABLE));
    }
    funds.waiting = counters_.Of(QueueCounter(area));
    funds.reservation = absl::Hours(24 * 90);
    return funds;
  }
  int Year() { return static_cast<int>(vocabulary::TodayInShanghai(now_).year()); }
  BookKey AnyBook(int year) { return {kAreas[Upto(3)], year, kFunds[Upto(4)]}; }

  void Allocate() {
    const BookKey book = AnyBook(Year());
    const int64_t amount = Upto(400000) - 150000;
    if (amount == 0) return;
    Commit(books_, BookId(book), Appropriate(books_[BookId(book)], book, amount, "", now_),
           BookFootprint);
  }

  void Correct() {
    const std::string id = BookId(AnyBook(Year()));
    const int count = books_[id].state.transfers_size();
    Commit(books_, id, Reverse(books_[id], id, 1 + Upto(count), "mistake", now_), BookFootprint);
  }

  void EndOfYear() {
    const BookKey book = AnyBook(Year() - 1);
    const int64_t free = counters_.Of(BalanceCounter(book, v1::LEDGER_ACCOUNT_AVAILABLE));
    const YearEnd rule =
        book.fund == v1::FUND_SOURCE_CHARITY ? YearEnd::kCarryOver : YearEnd::kLapse;
    // At times more than is free any more.
    Commit(books_, BookId(book), CloseYear(books_[BookId(book)], book, free + Upto(1), rule, now_),
           BookFootprint);
  }

  // Down the levels, or back.
  void Send() {
    const bool down = Upto(2) > 0;
    const std::string upper = kAreas[2 + Upto(1)];
    const std::string lower = upper == "620000" ? kAreas[Upto(2)] : kAreas[Upto(1)];
    const AllotmentOrder order = {down ? upper : lower, down ? lower : upper, Year(),
                                  kFunds[Upto(4)],      1 + Upto(200000),     ""};
    const std::string id = absl::StrCat(order.from_area, "-", allotments_.size());
    Commit(allotments_, id, SendAllotment({}, id, order, now_), AllotmentFootprint);
    if (!allotments_[id].exists()) allotments_.erase(id);
  }

  // The next step of one, which may have been done before.
  void GoOnWithAnAllotment() {
    if (allotments_.empty()) return;
    auto sent = allotments_.begin();
    std::advance(sent, Upto(static_cast<int>(allotments_.size()) - 1));
    const v1::Allotment allotment = sent->second.state.allotment();
    const std::string id = ReceiptId(allotment);
    if (!receipts_[id].exists() || Upto(3) == 0) {
      arrived +=
          Commit(receipts_, id, ReceiveAllotment(receipts_[id], allotment, now_), ReceiptFootprint);
      return;
    }
    Commit(allotments_, sent->first,
           CompleteAllotment(sent->second, AllotmentName(sent->first), now_), AllotmentFootprint);
  }

  // A batch is made, its result comes, or a grant learns of it; then it is closed.
  void Pay() {
    const std::string area = kCounties[Upto(1)];
    for (auto& [id, batch] : batches_) {
      if (AreaOf(id) != area) continue;
      if (batch.state.payment_batch().state() == v1::PAYMENT_BATCH_STATE_OPEN)
        return ImportTheResult(id, batch);
      if (batch.state.payment_batch().state() == v1::PAYMENT_BATCH_STATE_IMPORTED)
        return TellGrants(id, batch);
    }
    std::vector<v1::Grant> payable;
    for (const auto& [id, grant] : grants_) {
      if (AreaOf(id) == area && IsPayable(grant.state, Year(), "")) payable.push_back(grant.state);
    }
    const std::string id = absl::StrCat(area, "-", batches_.size());
    Commit(batches_, id, NewBatch({}, id, Year(), payable, now_), BatchFootprint);
    if (!batches_[id].exists()) batches_.erase(id);
  }

  void ImportTheResult(const std::string& id, const CurrentBatch& batch) {
    std::string csv = "batch,line,amount_fen,result,reason\n";
    for (const v1::PaymentLine& line : batch.state.payment_batch().lines()) {
      absl::StrAppend(&csv, BatchName(id), ",", line.line_number(), ",", line.amount_fen(),
                      Upto(4) == 0 ? ",bounced,closed\n" : ",paid,\n");
    }
    if (!Commit(batches_, id, ImportResult(batch, id, csv, now_), BatchFootprint)) return;
    for (const v1::PaymentLine& line : batches_[id].state.payment_batch().lines()) {
      const bool is_paid = line.state() == v1::PAYMENT_LINE_STATE_PAID;
      ++(is_paid ? paid : bounced);
      if (is_paid) paid_in_books_.insert(line.grant().substr(std::string("grants/").size()));
    }
    ASSERT_FALSE(ImportResult(batches_[id], id, csv, now_)->changed);
  }

  // As far as it comes before it is killed.
  void TellGrants(const std::string& id, const CurrentBatch& batch) {
    for (const v1::PaymentLine& line : batch.state.payment_batch().lines()) {
      if (line.state() != v1::PAYMENT_LINE_STATE_PAID) continue;
      const std::string grant = line.grant().substr(std::string("grants/").size());
      const auto told = MarkPaid(grants_[grant], grant, BatchName(id), now_);
      ASSERT_TRUE(told.ok()) << told.status();
      if (told->changed && !Commit(grants_, grant, told, GrantFootprint)) return;
    }
    Commit(batches_, id, CloseBatch(batch), BatchFootprint);
  }

  void Serve() {
    const std::string area = kCounties[Upto(1)];
    std::string first;
    int64_t place = 0;
    for (const auto& [id, grant] : grants_) {
      for (const chassis::IndexEntry& entry : GrantFootprint(id, grant.state).index) {
        if (entry.index != QueueIndex(area)) continue;
        if (first.empty() || entry.score < place) {
          first = id;
          place = entry.score;
        }
      }
    }
    if (first.empty()) return;
    const auto& grant = grants_[first];
    const FundsAtHand funds = Funds(area, Year());
    if (MustDecideAnew(grant.state, now_)) {
      const auto decision =
          AssessApplication(ToApplication(grant.state), catalogue_, true, now_, DefaultPolicy());
      ASSERT_TRUE(decision.ok());
      served += Commit(grants_, first,
                       ServeAnew(grant, ToApplication(grant.state), *decision, funds, now_),
                       GrantFootprint);
    } else {
      served += Commit(grants_, first, ServeGrant(grant, funds, now_), GrantFootprint);
    }
  }

  void MoveAGrant() {
    const int index = Upto(59);
    const std::string county = kCounties[index % 2];
    const std::string id = county + "-" + std::to_string(index);
    auto& grant = grants_[id];
    const absl::StatusOr<chassis::Decision<v1::Grant>> decision = DecideOn(id, county, grant);
    const v1::GrantState before = grant.state.state();
    if (!Commit(grants_, id, decision, GrantFootprint)) {
      // A finished case is kept with its transfers, and reopened.
      return;
    }
    if (grant.state.state() == v1::GRANT_STATE_QUEUED) {
      ++(before == v1::GRANT_STATE_RESERVED ? expired : queued);
    }
    split += grant.state.fund_shares_size() > 1;
    // The fact comes a second time: the new state answers it without a change.
    if (Upto(4) == 0 && before != grant.state.state()) {
      if (grant.state.state() == v1::GRANT_STATE_SETTLED) {
        const auto again = SettleGrant(grant, id, "vendors/1", nullptr, now_);
        ASSERT_TRUE(again.ok());
        ASSERT_FALSE(again->changed);
      }
      if (grant.state.state() == v1::GRANT_STATE_RELEASED) {
        ASSERT_FALSE(ReleaseGrant(grant, id, now_)->changed);
      }
    }
  }

  absl::StatusOr<chassis::Decision<v1::Grant>> DecideOn(const std::string& id,
                                                        const std::string& county,
                                                        chassis::Versioned<v1::Grant>& grant) {
    GrantApplication application = EligibleApplication();
    application.application = "applications/" + id;
    application.county_code = county;
    application.facts.set_county_code(county);
    application.facts.set_grade(1 + Upto(2));
    application.quote = vocabulary::Fen(1 + Upto(150000));
    application.submitted = now_;
    const auto assessed = AssessApplication(application, catalogue_, true, now_, DefaultPolicy());
    if (!assessed.ok()) return assessed.status();
    switch (Upto(6)) {
      case 0: {
        const Invoice invoice{vocabulary::Fen(1 + Upto(150000)), catalogue_, policy_};
        return SettleGrant(grant, id, "vendors/1", Upto(2) == 0 ? &invoice : nullptr, now_);
      }
      case 1:
        return RepriceGrant(
            grant, vocabulary::Fen(1 + Upto(static_cast<int>(grant.state.decision().quote_fen()))),
            2, Funds(county, grant.state.fiscal_year()), now_, catalogue_, DefaultPolicy());
      case 2:
        return ReleaseGrant(grant, id, now_);
      case 3:
        return Upto(1) == 0 ? ExpireGrant(grant, now_) : RollOver(grant, now_);
      default:
        return ReopenGrant(grant, application, *assessed, Funds(county, Year()), now_);
    }
  }

  std::mt19937 random_;
  absl::Time now_ = DecisionTime();
  const Catalogue catalogue_{ExampleRecord()};
  const PreparedPolicy policy_ = DefaultPolicy();
  Counters counters_;
  std::map<std::string, chassis::Versioned<v1::Grant>> grants_;
  std::map<std::string, chassis::Versioned<storage::v1::BookRecord>> books_;
  std::map<std::string, chassis::Versioned<storage::v1::AllotmentRecord>> allotments_;
  std::map<std::string, chassis::Versioned<storage::v1::ReceiptRecord>> receipts_;
  std::map<std::string, chassis::Versioned<storage::v1::PaymentBatchRecord>> batches_;
  // Grants that a batch paid, whether they know it or not.
  std::set<std::string> paid_in_books_;
};

class LedgerProperty : public testing::TestWithParam<int> {};

TEST_P(LedgerProperty, BalancesAfterEveryMove) {
  World world(GetParam());
  for (int step = 0; step < 3000; ++step) {
    world.Step();
    world.Check();
    if (testing::Test::HasFatalFailure()) FAIL() << "step " << step;
  }
  EXPECT_GT(world.moves, 500);
  EXPECT_GT(world.refused, 0);
  EXPECT_GT(world.queued, 0);
  EXPECT_GT(world.served, 0);
  EXPECT_GT(world.expired, 0);
  EXPECT_GT(world.split, 0);
  EXPECT_GT(world.arrived, 0);
  EXPECT_GT(world.paid, 0);
  EXPECT_GT(world.bounced, 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, LedgerProperty, testing::Range(1, 9));

}  // namespace
}  // namespace fuju::catalogue
