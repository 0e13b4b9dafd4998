// Money between areas in several partitions: a kill between every two steps creates or loses
// nothing.

#include <string>

#include "absl/synchronization/notification.h"
#include <gtest/gtest.h>

#include "applications_stream.h"
#include "catalogue/ledger/allotment.h"
#include "catalogue_instance.h"
#include "chassis/values/refusal.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/catalogue/v1/ledger_events.pb.h"
#include "support/fact_log.h"

namespace fuju::catalogue {
namespace {

using Ledger = v1::LedgerService::Stub;

constexpr int64_t kAmount = 98000;

class AllotmentTest : public testing::Test {
 protected:
  static void Appropriate(CatalogueInstance& instance, const std::string& area, int64_t amount) {
    v1::AppropriateRequest request;
    request.set_area_code(area);
    request.set_fiscal_year(2026);
    request.set_fund_source(v1::FUND_SOURCE_PROVINCIAL);
    request.set_amount_fen(amount);
    request.set_request_id("appropriate-" + area);
    const auto book = instance.Call(&Ledger::Appropriate, request);
    ASSERT_TRUE(book.ok()) << book.status();
  }
  static absl::StatusOr<v1::Allotment> Send(CatalogueInstance& instance, const std::string& from,
                                            const std::string& to, int64_t amount = kAmount,
                                            const std::string& request_id = "send") {
    v1::CreateAllotmentRequest request;
    request.set_from_area_code(from);
    request.set_to_area_code(to);
    request.set_fiscal_year(2026);
    request.set_fund_source(v1::FUND_SOURCE_PROVINCIAL);
    request.set_amount_fen(amount);
    request.set_request_id(request_id);
    return instance.Call(&Ledger::CreateAllotment, request);
  }
  static v1::TrialBalance Trial(CatalogueInstance& instance) {
    v1::GetTrialBalanceRequest request;
    request.set_fiscal_year(2026);
    request.set_area_code("620000");
    const auto trial = instance.Call(&Ledger::GetTrialBalance, request);
    EXPECT_TRUE(trial.ok()) << trial.status();
    return trial.value_or(v1::TrialBalance());
  }
  static int64_t Balance(CatalogueInstance& instance, const std::string& area,
                         v1::LedgerAccount account) {
    v1::GetBookRequest request;
    request.set_name("books/" + area + "-2026-2");
    const auto book = instance.Call(&Ledger::GetBook, request);
    EXPECT_TRUE(book.ok()) << book.status();
    if (!book.ok()) return -1;
    for (const v1::AccountBalance& balance : book->balances()) {
      if (balance.account() == account) return balance.amount_fen();
    }
    return -1;
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_{TestTime()};
};

TEST_F(AllotmentTest, GoesDownTheLevelsAndServesWhoWaits) {
  CatalogueInstance instance(redis_, &clock_);
  test_support::FactLog log(instance.fanout(), kPartitions);
  instance.ImportGansu();
  ApplicationsStream stream(&redis_);
  stream.Publish(ApplicationsStream::Submitted("620102-01HZX3M9Q2V7N8K4T6R5W1Y0AA"));
  log.Await<v1::SubsidyQueued>(1);
  Appropriate(instance, "620000", 2 * kAmount);
  ASSERT_TRUE(Send(instance, "620000", "620100").ok());
  log.Await<v1::AllotmentCompleted>(1);
  const auto down = Send(instance, "620100", "620102", kAmount, "send-on");
  ASSERT_TRUE(down.ok()) << down.status();
  log.Await<v1::AllotmentCompleted>(2);
  const auto reserved = log.Await<v1::SubsidyReserved>(1);
  EXPECT_EQ(reserved[0].grant().fund_shares(0).fund_source(), v1::FUND_SOURCE_PROVINCIAL);
  EXPECT_EQ(instance.BudgetOf("620102").allocated_fen(), kAmount);
  v1::GetAllotmentRequest get;
  get.set_name(down->name());
  EXPECT_EQ(instance.Call(&Ledger::GetAllotment, get)->state(), v1::ALLOTMENT_STATE_COMPLETED);
  const v1::TrialBalance trial = Trial(instance);
  EXPECT_EQ(trial.difference_fen(), 0);
  EXPECT_EQ(trial.in_transit_fen(), 0);
  EXPECT_EQ(trial.books_size(), 3);
}

TEST_F(AllotmentTest, GoesBackUp) {
  CatalogueInstance instance(redis_, &clock_);
  test_support::FactLog log(instance.fanout(), kPartitions);
  Appropriate(instance, "620102", kAmount);
  ASSERT_TRUE(Send(instance, "620102", "620000", 40000).ok());
  log.Await<v1::AllotmentCompleted>(1);
  EXPECT_EQ(Balance(instance, "620102", v1::LEDGER_ACCOUNT_AVAILABLE), kAmount - 40000);
  EXPECT_EQ(Balance(instance, "620102", v1::LEDGER_ACCOUNT_RETURNED), 40000);
  EXPECT_EQ(Balance(instance, "620000", v1::LEDGER_ACCOUNT_AVAILABLE), 40000);
  EXPECT_EQ(Trial(instance).difference_fen(), 0);
}

TEST_F(AllotmentTest, IsRefusedWithoutMoneyOrWay) {
  CatalogueInstance instance(redis_, &clock_);
  Appropriate(instance, "620000", kAmount);
  const auto too_much = Send(instance, "620000", "620102", kAmount + 1, "r1");
  EXPECT_EQ(chassis::ReasonOf(too_much.status()), "BUDGET_INSUFFICIENT");
  EXPECT_EQ(chassis::MetadataOf(too_much.status(), "left"), "98000");
  const auto beside = Send(instance, "620102", "620103", 1, "r2");
  EXPECT_EQ(chassis::ReasonOf(beside.status()), "FIELD_INVALID");
  // The same request twice is one allotment.
  const auto first = Send(instance, "620000", "620102", kAmount, "r3");
  const auto again = Send(instance, "620000", "620102", kAmount, "r3");
  ASSERT_TRUE(first.ok() && again.ok()) << first.status() << again.status();
  EXPECT_EQ(first->name(), again->name());
  EXPECT_EQ(Balance(instance, "620000", v1::LEDGER_ACCOUNT_ALLOTTED), kAmount);
}

// `GetParam()` steps behind the sending were committed when the process died, and no fact was
// acknowledged; another one does the rest.
class KilledSaga : public AllotmentTest, public testing::WithParamInterface<int> {};

TEST_P(KilledSaga, CreatesOrLosesNothing) {
  std::string name;
  {
    CatalogueInstance dies(redis_, &clock_, "dies", /*reacts=*/false);
    Appropriate(dies, "620000", kAmount);
    const auto sent = Send(dies, "620000", "620102");
    ASSERT_TRUE(sent.ok()) << sent.status();
    name = sent->name();
    EXPECT_EQ(Trial(dies).in_transit_fen(), kAmount);
    EXPECT_EQ(Trial(dies).difference_fen(), 0);
    chassis::Command command;
    command.actor = "system:catalogue";
    if (GetParam() >= 1) {
      absl::Notification received;
      dies.stores().receipts.Update(
          ReceiptId(*sent), command,
          [&](const auto& current) { return ReceiveAllotment(current, *sent, TestTime()); },
          [&](const auto& committed) {
            EXPECT_TRUE(committed.ok()) << committed.status();
            received.Notify();
          });
      received.WaitForNotification();
      EXPECT_EQ(Trial(dies).in_transit_fen(), 0);
      EXPECT_EQ(Trial(dies).difference_fen(), 0);
    }
    if (GetParam() >= 2) {
      absl::Notification completed;
      dies.stores().allotments.Update(
          name.substr(std::string("allotments/").size()), command,
          [&](const auto& current) { return CompleteAllotment(current, name, TestTime()); },
          [&](const auto& committed) {
            EXPECT_TRUE(committed.ok()) << committed.status();
            completed.Notify();
          });
      completed.WaitForNotification();
    }
  }
  CatalogueInstance lives(redis_, &clock_, "lives");
  v1::GetAllotmentRequest get;
  get.set_name(name);
  test_support::Eventually("the sender knows", [&] {
    return lives.Call(&Ledger::GetAllotment, get)->state() == v1::ALLOTMENT_STATE_COMPLETED;
  });
  const v1::TrialBalance trial = Trial(lives);
  EXPECT_EQ(trial.difference_fen(), 0);
  EXPECT_EQ(trial.in_transit_fen(), 0);
  EXPECT_EQ(Balance(lives, "620000", v1::LEDGER_ACCOUNT_AVAILABLE), 0);
  EXPECT_EQ(Balance(lives, "620000", v1::LEDGER_ACCOUNT_ALLOTTED), kAmount);
  EXPECT_EQ(Balance(lives, "620102", v1::LEDGER_ACCOUNT_AVAILABLE), kAmount);
  EXPECT_EQ(Balance(lives, "620102", v1::LEDGER_ACCOUNT_APPROPRIATED), kAmount);
}

INSTANTIATE_TEST_SUITE_P(AfterStep, KilledSaga, testing::Range(0, 3));

}  // namespace
}  // namespace fuju::catalogue
