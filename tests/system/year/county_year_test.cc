// A county's year of 20,000 applications through the program: appropriations in January and July, a
// queue for money, prices, ends, hand-overs, payment batches with bounces, kills in the middle of
// everything, the end of the fiscal year. The books are exact to the fen.

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include <gtest/gtest.h>

#include "catalogue_house.h"
#include "chassis/streams/consumer.h"
#include "chassis/values/timestamps.h"
#include "county_year_books.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "fuju/applications/v1/review_events.pb.h"
#include "fuju/applications/v1/transfer_events.pb.h"
#include "support/fact_writer.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

using State = YearBooks::State;
using Ledger = v1::LedgerService::Stub;

constexpr int kPartitions = 16;
constexpr char kCounty[] = "620102";
constexpr char kPrefecture[] = "620100";
constexpr char kProvince[] = "620000";
constexpr int kYear = 2026;
constexpr int kMonths = 12;
// A sanitizer makes all of it many times slower, and sees no more in twenty thousand.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kApplications = 2000;
#else
constexpr int kApplications = 20000;
#endif
constexpr int kApplicationsAMonth = (kApplications + kMonths - 1) / kMonths;
// What comes in, in fen, in January; half as much once more in July. Too little for all who apply.
constexpr int64_t kNational = int64_t{7'500} * kApplications;
constexpr int64_t kProvincial = int64_t{12'500} * kApplications;
constexpr int64_t kOwn = int64_t{5'000} * kApplications;
constexpr uint64_t kSeed = 20260105;

std::string IdOf(int number) {
  return absl::StrFormat("%s-01HZX3M9Q2V7N8K4T6%08d", kCounty, number);
}
std::string PersonOf(int number) { return absl::StrFormat("%064x", number + 1); }

// A case as its applicant sees it.
struct Ask {
  std::string item_code;
  std::string division;
  int64_t quote_fen = 0;
  bool poor = false;
  bool served = false;
  // Lower price that an officer fixes before the hand-over; 0: none.
  int64_t fixed_fen = 0;
};

// What the fund owes by the shipped catalogue: min(price, cap) x ratio, rounded down.
int64_t Owed(const v1::Item& item, const Ask& ask, int64_t price_fen) {
  if (!ask.served) return 0;
  const int64_t ratio = ask.poor ? item.ratios().db_bp() : item.ratios().general_bp();
  return std::min(price_fen, item.cap_fen()) * ratio / 10000;
}

class CountyYearTest : public testing::Test {
 protected:
  static absl::Time Day(int year, int month, int day) {
    return vocabulary::StartOfDay(absl::CivilDay(year, month, day)) + absl::Hours(9);
  }
  void GoTo(int year, int month, int day) { house_.GoTo(Day(year, month, day)); }

  // A fact of the applications service, in the stream in which the case began.
  template <typename Fact>
  void Publish(const Fact& fact) {
    const std::string& name = fact.application().name();
    applications_.Publish(kCounty, name, name, fact);
  }

  // Until every fact of both services was handled, and nothing came of it that is not.
  void Settle() {
    const chassis::Keys applications("applications", kPartitions);
    const chassis::Keys own("catalogue", kPartitions);
    test_support::Eventually("all facts are handled", [&] {
      return Handled(applications) && Handled(own) && Handled(applications);
    });
  }

  bool Handled(const chassis::Keys& keys) {
    for (int partition = 0; partition < kPartitions; ++partition) {
      const auto status = chassis::ReadStreamStatus(house_.redis_client(), keys, partition);
      if (!status.ok()) return false;
      // A service that has just begun has not made its groups yet.
      bool is_read = status->entries_added == 0;
      for (const chassis::GroupStatus& group : status->groups) {
        if (group.group != "catalogue") continue;
        if (!group.exists || group.backlog != 0) return false;
        is_read = true;
      }
      if (!is_read) return false;
    }
    return true;
  }

  template <typename Request, typename Response>
  Response Ok(grpc::Status (Ledger::*method)(grpc::ClientContext*, const Request&, Response*),
              const Request& request) {
    const auto answer = house_.Call(method, request);
    EXPECT_TRUE(answer.ok()) << answer.status() << "\n" << request.DebugString();
    return answer.value_or(Response());
  }

  std::string NewId() { return absl::StrCat("year-", ++requests_); }

  void Appropriate(const std::string& area, v1::FundSource fund, int64_t amount_fen) {
    v1::AppropriateRequest request;
    request.set_area_code(area);
    request.set_fiscal_year(kYear);
    request.set_fund_source(fund);
    request.set_amount_fen(amount_fen);
    request.set_request_id(NewId());
    Ok(&Ledger::Appropriate, request);
  }

  void Allot(const std::string& from, const std::string& to, v1::FundSource fund,
             int64_t amount_fen) {
    v1::CreateAllotmentRequest request;
    request.set_from_area_code(from);
    request.set_to_area_code(to);
    request.set_fiscal_year(kYear);
    request.set_fund_source(fund);
    request.set_amount_fen(amount_fen);
    request.set_request_id(NewId());
    Ok(&Ledger::CreateAllotment, request);
  }

  // Money from the top down to the county; the service is restarted while it is on its way.
  void BringMoney(int64_t divisor) {
    for (const auto& [fund, amount] :
         {std::pair{v1::FUND_SOURCE_NATIONAL, kNational / divisor},
          std::pair{v1::FUND_SOURCE_PROVINCIAL, kProvincial / divisor}}) {
      Appropriate(kProvince, fund, amount);
      Allot(kProvince, kPrefecture, fund, amount);
      Settle();
      Allot(kPrefecture, kCounty, fund, amount);
    }
    house_.KillAndRestart();
    Appropriate(kCounty, v1::FUND_SOURCE_COUNTY, kOwn / divisor);
    Settle();
    books_.Appropriate((kNational + kProvincial + kOwn) / divisor);
  }

  v1::Book BookOf(v1::FundSource fund, int year = kYear) {
    v1::GetBookRequest request;
    request.set_name(absl::StrCat("books/", kCounty, "-", year, "-", static_cast<int>(fund)));
    return Ok(&Ledger::GetBook, request);
  }

  // Over all funds.
  int64_t Stands(v1::LedgerAccount account, int year = kYear) {
    int64_t sum = 0;
    for (const v1::FundSource fund : Funds()) sum += On(BookOf(fund, year), account);
    return sum;
  }

  static int64_t On(const v1::Book& book, v1::LedgerAccount account) {
    for (const v1::AccountBalance& balance : book.balances()) {
      if (balance.account() == account) return balance.amount_fen();
    }
    ADD_FAILURE() << "no account " << account;
    return 0;
  }

  static std::vector<v1::FundSource> Funds() {
    return {v1::FUND_SOURCE_NATIONAL, v1::FUND_SOURCE_PROVINCIAL, v1::FUND_SOURCE_COUNTY};
  }

  void CheckBooks() {
    EXPECT_EQ(Stands(v1::LEDGER_ACCOUNT_APPROPRIATED), books_.appropriated());
    EXPECT_EQ(Stands(v1::LEDGER_ACCOUNT_AVAILABLE), books_.available());
    EXPECT_EQ(Stands(v1::LEDGER_ACCOUNT_RESERVED), books_.Sum(State::kReserved));
    EXPECT_EQ(Stands(v1::LEDGER_ACCOUNT_PAYABLE), books_.Sum(State::kSettled));
    EXPECT_EQ(Stands(v1::LEDGER_ACCOUNT_PAID), books_.Sum(State::kPaid));
    v1::GetTrialBalanceRequest request;
    request.set_fiscal_year(kYear);
    request.set_area_code(kProvince);
    const v1::TrialBalance balance = Ok(&Ledger::GetTrialBalance, request);
    EXPECT_EQ(balance.difference_fen(), 0);
    EXPECT_EQ(balance.in_transit_fen(), 0);
    EXPECT_EQ(balance.debit_fen(), balance.credit_fen());
    if (HasFailure()) NameCases();
  }

  // Which cases the service and the books differ in, a few of them.
  void NameCases() {
    int named = 0;
    for (int number = 0; number < static_cast<int>(asks_.size()) && named < 10; ++number) {
      v1::GetGrantRequest request;
      request.set_name(absl::StrCat("grants/", IdOf(number)));
      const auto grant = house_.Call(&v1::CatalogueService::Stub::GetGrant, request);
      const std::string is =
          grant.ok() ? absl::StrCat(v1::GrantState_Name(grant->state()), " ", grant->amount_fen())
                     : grant.status().ToString();
      const std::string said = absl::StrCat(v1::GrantState_Name(StateOf(books_.state(number))), " ",
                                            books_.amount(number));
      if (is == said || !asks_[number].served) continue;
      ++named;
      ADD_FAILURE() << IdOf(number) << " is " << is << ", the books say " << said;
    }
  }

  static v1::GrantState StateOf(State state) {
    switch (state) {
      case State::kQueued:
        return v1::GRANT_STATE_QUEUED;
      case State::kReserved:
        return v1::GRANT_STATE_RESERVED;
      case State::kRefused:
        return v1::GRANT_STATE_REFUSED;
      case State::kReleased:
        return v1::GRANT_STATE_RELEASED;
      case State::kSettled:
        return v1::GRANT_STATE_SETTLED;
      case State::kPaid:
        return v1::GRANT_STATE_PAID;
    }
    return v1::GRANT_STATE_UNSPECIFIED;
  }

  // What came onto an account from `start` until now, less what left it.
  struct Moves {
    int64_t opening = 0;
    int64_t closing = 0;
    int64_t net = 0;
    size_t transfers = 0;
  };
  Moves Statement(v1::FundSource fund, v1::LedgerAccount account, absl::Time start) {
    v1::GetStatementRequest request;
    request.set_book(absl::StrCat("books/", kCounty, "-", kYear, "-", static_cast<int>(fund)));
    request.set_account(account);
    *request.mutable_start_time() = chassis::ToTimestamp(start);
    request.set_page_size(5000);
    Moves moves;
    do {
      const v1::Statement page = Ok(&Ledger::GetStatement, request);
      if (page.next_page_token().empty() || moves.transfers == 0) {
        moves.opening = page.opening_fen();
        moves.closing = page.closing_fen();
      }
      for (const v1::Transfer& transfer : page.transfers()) {
        ++moves.transfers;
        // APPROPRIATED grows by credit, all others by debit.
        const int64_t sign = account == v1::LEDGER_ACCOUNT_APPROPRIATED ? -1 : 1;
        if (transfer.debit() == account) moves.net += sign * transfer.amount_fen();
        if (transfer.credit() == account) moves.net -= sign * transfer.amount_fen();
      }
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return moves;
  }

  void MakeItems() {
    v1::ListItemsRequest request;
    request.set_page_size(200);
    do {
      const auto page = house_.Call(&v1::CatalogueService::Stub::ListItems, request);
      ASSERT_TRUE(page.ok()) << page.status();
      for (const v1::Item& item : page->items()) {
        if (IsAsked(item)) items_.push_back(item);
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    ASSERT_GT(items_.size(), 20u);
  }

  // Items that the adults of this county may have without more ado.
  static bool IsAsked(const v1::Item& item) {
    const auto has = [](const auto& list, int value) {
      return std::find(list.begin(), list.end(), value) != list.end();
    };
    // Who has a psychiatric disability is the one who is not eligible here.
    return item.age_min() <= 40 && item.age_max() >= 40 && item.allowed_groups().empty() &&
           item.price_ceiling_fen() == 0 &&
           !has(item.categories(), type::v1::DISABILITY_CATEGORY_PSYCHIATRIC) &&
           has(item.categories(), type::v1::DISABILITY_CATEGORY_PHYSICAL) && has(item.grades(), 1);
  }

  const v1::Item& ItemOf(const Ask& ask) const {
    return *std::find_if(items_.begin(), items_.end(), [&ask](const v1::Item& item) {
      return item.item_code() == ask.item_code;
    });
  }

  Ask MakeAsk() {
    const auto draw = [this](int below) { return static_cast<int>(random_() % below); };
    Ask ask;
    const v1::Item& item = items_[draw(static_cast<int>(items_.size()))];
    ask.item_code = item.item_code();
    ask.division = item.iso9999_code();
    ask.quote_fen = item.cap_fen() * (60 + draw(80)) / 100 + draw(100);
    ask.poor = draw(10) < 6;
    ask.served = draw(100) < 92;
    if (draw(100) < 12) ask.fixed_fen = ask.quote_fen * (70 + draw(25)) / 100;
    return ask;
  }

  template <typename Fact>
  Fact FactOf(int number) {
    const Ask& ask = asks_[number];
    Fact fact;
    applications::v1::Application& application = *fact.mutable_application();
    application.set_name(absl::StrCat("applications/", IdOf(number)));
    application.set_county_code(kCounty);
    application.mutable_request()->set_item_code(ask.item_code);
    application.mutable_request()->set_device_division(ask.division);
    application.mutable_request()->set_quote_fen(ask.quote_fen);
    application.set_person_key(PersonOf(number));
    *application.mutable_submit_time() = chassis::ToTimestamp(house_.Now());
    application.mutable_service()->set_vendor(
        absl::StrCat("vendors/9162010", number % 7, "MA00000000"));
    return fact;
  }

  void Apply(int number) {
    const Ask& ask = asks_[number];
    auto fact = FactOf<applications::v1::ApplicationSubmitted>(number);
    type::v1::EligibilityFacts& facts = *fact.mutable_facts();
    facts.set_person_key(PersonOf(number));
    facts.set_birth_date("1986-01-20");
    facts.set_category(ask.served ? type::v1::DISABILITY_CATEGORY_PHYSICAL
                                  : type::v1::DISABILITY_CATEGORY_PSYCHIATRIC);
    facts.set_grade(1);
    facts.set_economic_status(ask.poor ? type::v1::ECONOMIC_STATUS_DB
                                       : type::v1::ECONOMIC_STATUS_YB);
    facts.set_county_code(kCounty);
    const bool nobody_waited = books_.queue().empty();
    books_.Apply(number, Owed(ItemOf(ask), ask, ask.quote_fen));
    // Of those who come within the same moments it is open who gets the last money; the books know
    // one order only. Whoever comes after one that waits, waits.
    const bool is_first_to_wait = nobody_waited && !books_.queue().empty();
    if (is_first_to_wait) Settle();
    Publish(fact);
    if (is_first_to_wait) Settle();
  }

  // What the month brings to the cases that have money or wait for it since before.
  void Progress(int before) {
    // A case that gets its money in between is told so first, and goes on next month.
    std::vector<State> states;
    for (int number = 0; number < before; ++number) states.push_back(books_.state(number));
    std::vector<int> ended;
    for (int number = 0; number < before; ++number) {
      const State state = states[static_cast<size_t>(number)];
      const uint64_t lot = random_() % 100;
      if (state == State::kQueued && lot < 10) ended.push_back(number);
      if (state != State::kReserved) continue;
      if (lot < 10) {
        ended.push_back(number);
      } else if (Ask& ask = asks_[number]; ask.fixed_fen > 0) {
        auto fact = FactOf<applications::v1::ApplicationPriceFixed>(number);
        fact.mutable_application()->set_funding_request(1);
        fact.set_price_fen(ask.fixed_fen);
        Publish(fact);
        books_.Reprice(number, Owed(ItemOf(ask), ask, ask.fixed_fen));
        ask.fixed_fen = 0;
      } else {
        auto fact = FactOf<applications::v1::ApplicationAccepted>(number);
        fact.set_acceptance_date(
            vocabulary::FormatCivilDate(vocabulary::TodayInShanghai(house_.Now())));
        Publish(fact);
        books_.Accept(number);
      }
    }
    for (const int number : ended) {
      Publish(FactOf<applications::v1::ApplicationEnded>(number));
      books_.End(number);
    }
  }

  // Batches until nothing is owed but what bounced this month.
  void PayVendors() {
    const size_t owed = books_.In(State::kSettled).size();
    size_t lines = 0;
    while (lines < owed) {
      v1::CreatePaymentBatchRequest create;
      create.set_area_code(kCounty);
      create.set_fiscal_year(kYear);
      create.set_request_id(NewId());
      const v1::PaymentBatchFile file = Ok(&Ledger::CreatePaymentBatch, create);
      ASSERT_GT(file.payment_batch().line_count(), 0);
      v1::GetPaymentBatchRequest get;
      get.set_name(file.payment_batch().name());
      const v1::PaymentBatch batch = Ok(&Ledger::GetPaymentBatch, get);
      std::string result = "batch,line,amount_fen,result,reason\n";
      std::vector<int> paid;
      for (const v1::PaymentLine& line : batch.lines()) {
        const int number = std::stoi(line.application().substr(line.application().size() - 8));
        EXPECT_EQ(line.amount_fen(), books_.amount(number));
        const bool bounced = random_() % 100 < 2;
        absl::StrAppend(&result, batch.name(), ",", line.line_number(), ",", line.amount_fen(), ",",
                        bounced ? "bounced,账号不符" : "paid,", "\n");
        if (!bounced) paid.push_back(number);
      }
      lines += batch.lines_size();
      v1::ImportPaymentResultRequest import;
      import.set_name(batch.name());
      import.set_csv(result);
      import.set_request_id(NewId());
      Ok(&Ledger::ImportPaymentResult, import);
      if (random_() % 3 == 0) house_.KillAndRestart();
      // The treasury sends its file twice.
      import.set_request_id(NewId());
      Ok(&Ledger::ImportPaymentResult, import);
      for (const int number : paid) books_.Pay(number);
      bounced_ += batch.lines_size() - paid.size();
    }
    Settle();
  }

  CatalogueHouse house_{Day(kYear, 1, 5)};
  test_support::FactWriter applications_{&house_.redis(), "applications", kPartitions};
  std::mt19937_64 random_{kSeed};
  YearBooks books_;
  std::vector<v1::Item> items_;
  std::vector<Ask> asks_;
  int requests_ = 0;
  size_t bounced_ = 0;
};

TEST_F(CountyYearTest, IsExactToTheFen) {
  MakeItems();
  size_t longest_queue = 0;
  for (int month = 1; month <= kMonths; ++month) {
    SCOPED_TRACE(testing::Message() << "month " << month);
    GoTo(kYear, month, 5);
    const absl::Time start = house_.Now();
    const int64_t paid_before = Stands(v1::LEDGER_ACCOUNT_PAID);
    if (month == 1) BringMoney(1);
    if (month == 7) BringMoney(2);

    const int before = static_cast<int>(asks_.size());
    const int after = std::min(before + kApplicationsAMonth, kApplications);
    for (int number = before; number < after; ++number) {
      asks_.push_back(MakeAsk());
      Apply(number);
      if (number == (before + after) / 2) house_.KillAndRestart();
    }
    Settle();
    CheckBooks();
    longest_queue = std::max(longest_queue, books_.queue().size());

    GoTo(kYear, month, 20);
    Progress(before);
    house_.KillAndRestart();
    Settle();
    CheckBooks();

    PayVendors();
    CheckBooks();
    int64_t paid = 0;
    for (const v1::FundSource fund : Funds()) {
      const Moves moves = Statement(fund, v1::LEDGER_ACCOUNT_PAID, start);
      EXPECT_EQ(moves.opening + moves.net, moves.closing);
      EXPECT_EQ(moves.closing, On(BookOf(fund), v1::LEDGER_ACCOUNT_PAID));
      paid += moves.net;
    }
    EXPECT_EQ(paid, Stands(v1::LEDGER_ACCOUNT_PAID) - paid_before);
    if (HasFailure()) return;
  }
  EXPECT_EQ(asks_.size(), static_cast<size_t>(kApplications));
  EXPECT_GT(longest_queue, 0u);
  EXPECT_GT(bounced_, 0u);

  // What still waits ends in December, what has money is handed over in January and paid by the old
  // year.
  for (const int number : std::vector<int>(books_.queue().begin(), books_.queue().end())) {
    Publish(FactOf<applications::v1::ApplicationEnded>(number));
    books_.End(number);
  }
  Settle();
  CheckBooks();
  GoTo(kYear + 1, 1, 12);
  const int64_t free = books_.available();
  int64_t carried = 0;
  const auto close = [&] {
    for (const v1::FundSource fund : Funds()) {
      v1::CloseFiscalYearRequest request;
      request.set_area_code(kCounty);
      request.set_fiscal_year(kYear);
      request.set_fund_source(fund);
      request.set_request_id(NewId());
      Ok(&Ledger::CloseFiscalYear, request);
    }
    Settle();
  };
  close();
  EXPECT_EQ(Stands(v1::LEDGER_ACCOUNT_AVAILABLE), 0);
  EXPECT_EQ(Stands(v1::LEDGER_ACCOUNT_RETURNED), free);
  for (const v1::FundSource fund : Funds()) {
    carried += On(BookOf(fund, kYear + 1), v1::LEDGER_ACCOUNT_APPROPRIATED);
  }
  EXPECT_LE(carried, free);
  while (!books_.In(State::kReserved).empty()) Progress(kApplications);
  house_.KillAndRestart();
  Settle();
  while (!books_.In(State::kSettled).empty()) PayVendors();
  close();
  EXPECT_EQ(Stands(v1::LEDGER_ACCOUNT_AVAILABLE), 0);
  EXPECT_EQ(Stands(v1::LEDGER_ACCOUNT_RESERVED), 0);
  EXPECT_EQ(Stands(v1::LEDGER_ACCOUNT_PAYABLE), 0);
  EXPECT_EQ(Stands(v1::LEDGER_ACCOUNT_PAID), books_.Sum(State::kPaid));
  EXPECT_EQ(Stands(v1::LEDGER_ACCOUNT_RETURNED), books_.available());
  EXPECT_EQ(Stands(v1::LEDGER_ACCOUNT_APPROPRIATED),
            Stands(v1::LEDGER_ACCOUNT_PAID) + Stands(v1::LEDGER_ACCOUNT_RETURNED));

  // Every account of every book, from the first transfer to the last.
  for (const v1::FundSource fund : Funds()) {
    for (int account = v1::LEDGER_ACCOUNT_APPROPRIATED; account <= v1::LEDGER_ACCOUNT_ALLOTTED;
         ++account) {
      const Moves moves =
          Statement(fund, static_cast<v1::LedgerAccount>(account), absl::UnixEpoch());
      EXPECT_EQ(moves.opening, 0);
      EXPECT_EQ(moves.net, moves.closing);
      EXPECT_EQ(moves.closing, On(BookOf(fund), static_cast<v1::LedgerAccount>(account)));
    }
  }
  std::printf("%zu paid, %zu refused, %zu ended; %zu bounced; %zu waited at most; %" PRId64
              " of %" PRId64 " fen paid, %" PRId64 " returned\n",
              books_.In(State::kPaid).size(), books_.In(State::kRefused).size(),
              books_.In(State::kReleased).size(), bounced_, longest_queue, books_.Sum(State::kPaid),
              books_.appropriated(), books_.available());
}

}  // namespace
}  // namespace fuju::catalogue
