// From acceptance to the treasury's payment, and the end of a fiscal year.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "applications_stream.h"
#include "catalogue_instance.h"
#include "chassis/values/refusal.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/catalogue/v1/ledger_events.pb.h"
#include "support/fact_log.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

using Ledger = v1::LedgerService::Stub;
using Stub = v1::CatalogueService::Stub;

constexpr int64_t kSubsidy = 98000;
constexpr char kVendor[] = "vendors/91620100MA00000000";
constexpr char kOtherVendor[] = "vendors/91620100MA00000001";

std::string Id(int number) { return absl::StrFormat("620102-01HZX3M9Q2V7N8K4T6R5W1Y%03d", number); }

class PaymentTest : public testing::Test {
 protected:
  // So many accepted devices, the last one of another vendor.
  void Settle(CatalogueInstance& instance, int count) {
    test_support::FactLog log(instance.fanout(), kPartitions);
    instance.ImportGansu();
    ASSERT_TRUE(instance.Allocate("620102", count * kSubsidy, "money").ok());
    for (int i = 0; i < count; ++i)
      stream_.Publish(ApplicationsStream::Submitted(Id(i), static_cast<char>('!' + i)));
    log.Await<v1::SubsidyReserved>(static_cast<size_t>(count));
    for (int i = 0; i < count; ++i) {
      auto accepted = ApplicationsStream::Accepted(Id(i), "2026-03-02", static_cast<char>('!' + i));
      if (i == count - 1)
        accepted.mutable_application()->mutable_service()->set_vendor(kOtherVendor);
      stream_.Publish(accepted);
    }
    log.Await<v1::SubsidySettled>(static_cast<size_t>(count));
  }
  absl::StatusOr<v1::PaymentBatchFile> Create(CatalogueInstance& instance,
                                              const std::string& request_id,
                                              const std::string& vendor = "", int limit = 0) {
    v1::CreatePaymentBatchRequest request;
    request.set_area_code("620102");
    request.set_fiscal_year(2026);
    request.set_vendor(vendor);
    request.set_limit(limit);
    request.set_request_id(request_id);
    return instance.Call(&Ledger::CreatePaymentBatch, request);
  }
  absl::StatusOr<v1::PaymentBatch> Import(CatalogueInstance& instance, const std::string& batch,
                                          const std::string& rows, const std::string& request_id) {
    v1::ImportPaymentResultRequest request;
    request.set_name(batch);
    request.set_csv("batch,line,amount_fen,result,reason\n" + rows);
    request.set_request_id(request_id);
    return instance.Call(&Ledger::ImportPaymentResult, request);
  }
  v1::PaymentBatch Batch(CatalogueInstance& instance, const std::string& name) {
    v1::GetPaymentBatchRequest request;
    request.set_name(name);
    const auto batch = instance.Call(&Ledger::GetPaymentBatch, request);
    EXPECT_TRUE(batch.ok()) << batch.status();
    return batch.value_or(v1::PaymentBatch());
  }
  v1::Grant Grant(CatalogueInstance& instance, int number) {
    v1::GetGrantRequest request;
    request.set_name("grants/" + Id(number));
    return instance.Call(&Stub::GetGrant, request, "").value_or(v1::Grant());
  }
  static void ExpectBudget(CatalogueInstance& instance, int64_t payable, int64_t paid) {
    const v1::Budget budget = instance.BudgetOf("620102");
    EXPECT_EQ(budget.payable_fen(), payable);
    EXPECT_EQ(budget.paid_fen(), paid);
    EXPECT_EQ(budget.allocated_fen(), budget.available_fen() + budget.reserved_fen() +
                                          budget.payable_fen() + budget.paid_fen() +
                                          budget.returned_fen());
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_{TestTime()};
  ApplicationsStream stream_{&redis_};
};

TEST_F(PaymentTest, PaysWhatWasAcceptedLineByLine) {
  CatalogueInstance instance(redis_, &clock_);
  test_support::FactLog log(instance.fanout(), kPartitions);
  Settle(instance, 3);
  const auto made = Create(instance, "b1");
  ASSERT_TRUE(made.ok()) << made.status();
  const std::string name = made->payment_batch().name();
  EXPECT_EQ(made->payment_batch().total_fen(), 3 * kSubsidy);
  EXPECT_THAT(made->csv(),
              testing::EndsWith(absl::StrCat(name, ",total,,,county:294000,294000\n")));
  // The same request is the same batch; its file is the same whenever it is asked.
  EXPECT_EQ(Create(instance, "b1")->csv(), made->csv());
  v1::GetPaymentBatchFileRequest file;
  file.set_name(name);
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(instance.Call(&Ledger::GetPaymentBatchFile, file)->csv(), made->csv());
  // What is in an open batch is in no other.
  EXPECT_EQ(chassis::ReasonOf(Create(instance, "b2").status()), "NOTHING_PAYABLE");
  ExpectBudget(instance, 3 * kSubsidy, 0);

  // One bad line, and nothing is applied.
  const auto bad = Import(
      instance, name,
      absl::StrCat(name, ",1,98000,paid,\n", name, ",2,98001,paid,\n", name, ",3,98000,paid,\n"),
      "i1");
  EXPECT_EQ(chassis::ReasonOf(bad.status()), "PAYMENT_RESULT_INVALID");
  ExpectBudget(instance, 3 * kSubsidy, 0);
  const std::string good = absl::StrCat(name, ",1,98000,paid,\n", name, ",2,98000,bounced,销户\n",
                                        name, ",3,98000,paid,\n");
  ASSERT_TRUE(Import(instance, name, good, "i2").ok());
  ASSERT_TRUE(Import(instance, name, good, "i3").ok()) << "the same file changes nothing";
  log.Await<v1::PaymentBatchClosed>(1);
  EXPECT_EQ(log.Await<v1::SubsidyPaid>(2).size(), 2u);
  ExpectBudget(instance, kSubsidy, 2 * kSubsidy);
  const v1::PaymentBatch batch = Batch(instance, name);
  EXPECT_EQ(batch.state(), v1::PAYMENT_BATCH_STATE_CLOSED);
  const std::string bounced = batch.lines(1).application();

  // What bounced is in the next one.
  const auto next = Create(instance, "b3");
  ASSERT_TRUE(next.ok()) << next.status();
  const std::string next_name = next->payment_batch().name();
  EXPECT_EQ(Batch(instance, next_name).lines(0).application(), bounced);
  ASSERT_TRUE(Import(instance, next_name, next_name + ",1,98000,paid,\n", "i4").ok());
  log.Await<v1::PaymentBatchClosed>(2);
  ExpectBudget(instance, 0, 3 * kSubsidy);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Grant(instance, i).state(), v1::GRANT_STATE_PAID);

  v1::ListPaymentBatchesRequest list;
  list.set_area_code("620102");
  list.set_page_size(1);
  const auto page = instance.Call(&Ledger::ListPaymentBatches, list);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->payment_batches(0).name(), next_name);
  list.set_page_token(page->next_page_token());
  EXPECT_EQ(instance.Call(&Ledger::ListPaymentBatches, list)->payment_batches(0).name(), name);
}

TEST_F(PaymentTest, IsOfOneVendorAndOfSoManyLines) {
  CatalogueInstance instance(redis_, &clock_);
  Settle(instance, 4);
  const auto other = Create(instance, "b1", kOtherVendor);
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_EQ(other->payment_batch().line_count(), 1);
  EXPECT_EQ(Create(instance, "b2", kVendor, 2)->payment_batch().line_count(), 2);
  EXPECT_EQ(Create(instance, "b3")->payment_batch().line_count(), 1);
}

// The result is in the books, but the process died before the grants knew.
TEST_F(PaymentTest, TheGrantsLearnAfterAKill) {
  auto first = std::make_unique<CatalogueInstance>(redis_, &clock_, "first");
  Settle(*first, 2);
  first.reset();
  std::string name;
  {
    CatalogueInstance dies(redis_, &clock_, "dies", /*reacts=*/false);
    name = Create(dies, "b1")->payment_batch().name();
    ASSERT_TRUE(
        Import(dies, name, absl::StrCat(name, ",1,98000,paid,\n", name, ",2,98000,paid,\n"), "i1")
            .ok());
    EXPECT_EQ(Grant(dies, 0).state(), v1::GRANT_STATE_SETTLED);
    ExpectBudget(dies, 0, 2 * kSubsidy);
    EXPECT_EQ(chassis::ReasonOf(Create(dies, "b2").status()), "NOTHING_PAYABLE")
        << "nobody is paid twice";
  }
  CatalogueInstance lives(redis_, &clock_, "lives");
  test_support::Eventually("the batch is closed", [&] {
    return Batch(lives, name).state() == v1::PAYMENT_BATCH_STATE_CLOSED;
  });
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(Grant(lives, i).state(), v1::GRANT_STATE_PAID);
    EXPECT_EQ(Grant(lives, i).payment_batch(), name);
  }
}

TEST_F(PaymentTest, AYearEndsByTheRuleOfItsFund) {
  CatalogueInstance instance(redis_, &clock_);
  test_support::FactLog log(instance.fanout(), kPartitions);
  instance.ImportGansu();
  ASSERT_TRUE(instance.Allocate("620102", kSubsidy + 500, "county").ok());
  v1::AllocateBudgetRequest gift;
  gift.set_county_code("620102");
  gift.set_fiscal_year(2026);
  gift.set_fund_source(v1::FUND_SOURCE_CHARITY);
  gift.set_amount_fen(700);
  gift.set_request_id("gift");
  ASSERT_TRUE(instance.Call(&Stub::AllocateBudget, gift).ok());
  stream_.Publish(ApplicationsStream::Submitted(Id(0)));
  log.Await<v1::SubsidyReserved>(1);
  const auto close = [&](v1::FundSource fund, const std::string& request_id) {
    v1::CloseFiscalYearRequest request;
    request.set_area_code("620102");
    request.set_fiscal_year(2026);
    request.set_fund_source(fund);
    request.set_request_id(request_id);
    return instance.Call(&Ledger::CloseFiscalYear, request);
  };
  EXPECT_EQ(chassis::ReasonOf(close(v1::FUND_SOURCE_COUNTY, "early").status()), "FISCAL_YEAR_RUNS");
  clock_.Set(vocabulary::StartOfDay(absl::CivilDay(2027, 1, 1)));
  ASSERT_TRUE(close(v1::FUND_SOURCE_COUNTY, "c1").ok());
  ASSERT_TRUE(close(v1::FUND_SOURCE_CHARITY, "c2").ok());
  ASSERT_TRUE(close(v1::FUND_SOURCE_CHARITY, "c3").ok()) << "again: nothing is free";
  EXPECT_EQ(instance.BudgetOf("620102").returned_fen(), 1200);
  EXPECT_EQ(instance.BudgetOf("620102").reserved_fen(), kSubsidy) << "stays in its year";
  v1::GetBookRequest get;
  get.set_name("books/620102-2027-5");
  const auto next = instance.Call(&Ledger::GetBook, get);
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_EQ(next->balances(1).account(), v1::LEDGER_ACCOUNT_AVAILABLE);
  EXPECT_EQ(next->balances(1).amount_fen(), 700);
  // The case ends without a device: what it held lapses with another closing.
  stream_.Publish(ApplicationsStream::Ended(Id(0)));
  log.Await<v1::SubsidyReleased>(1);
  ASSERT_TRUE(close(v1::FUND_SOURCE_COUNTY, "c4").ok());
  EXPECT_EQ(instance.BudgetOf("620102").returned_fen(), 1200 + kSubsidy);
  EXPECT_EQ(instance.BudgetOf("620102").available_fen(), 0);
}

}  // namespace
}  // namespace fuju::catalogue
