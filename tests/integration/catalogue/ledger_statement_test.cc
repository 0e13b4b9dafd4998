// Statements, the trial balance, and corrections, over what really happened.

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include <gtest/gtest.h>

#include "applications_stream.h"
#include "catalogue_instance.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/catalogue/v1/ledger_events.pb.h"
#include "support/fact_log.h"

namespace fuju::catalogue {
namespace {

using Ledger = v1::LedgerService::Stub;

std::string Id(int number) { return absl::StrFormat("620102-01HZX3M9Q2V7N8K4T6R5W1Y%03d", number); }

class StatementsTest : public testing::Test {
 protected:
  int64_t Balance(v1::LedgerAccount account) {
    v1::GetBookRequest request;
    request.set_name("books/620102-2026-4");
    const auto book = instance_.Call(&Ledger::GetBook, request);
    EXPECT_TRUE(book.ok()) << book.status();
    if (!book.ok()) return -1;
    for (const v1::AccountBalance& balance : book->balances()) {
      if (balance.account() == account) return balance.amount_fen();
    }
    return -1;
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_{TestTime()};
  CatalogueInstance instance_{redis_, &clock_};
  test_support::FactLog log_{instance_.fanout(), kPartitions};
  ApplicationsStream stream_{&redis_};
};

// Each account over each period: opening + transfers = closing, and at the end the balance.
TEST_F(StatementsTest, AddUp) {
  instance_.ImportGansu();
  ASSERT_TRUE(instance_.Allocate("620102", 20 * 98000, "money").ok());
  for (int i = 0; i < 12; ++i)
    stream_.Publish(ApplicationsStream::Submitted(Id(i), static_cast<char>('!' + i)));
  log_.Await<v1::SubsidyReserved>(12);
  const absl::Time first_hour = clock_.Now() + absl::Minutes(30);
  clock_.Advance(absl::Hours(1));
  for (int i = 0; i < 4; ++i) stream_.Publish(ApplicationsStream::Ended(Id(i)));
  log_.Await<v1::SubsidyReleased>(4);
  for (int i = 4; i < 9; ++i)
    stream_.Publish(ApplicationsStream::Accepted(Id(i), "2026-03-02", static_cast<char>('!' + i)));
  log_.Await<v1::SubsidySettled>(5);
  clock_.Advance(absl::Hours(1));
  v1::CreatePaymentBatchRequest create;
  create.set_area_code("620102");
  create.set_fiscal_year(2026);
  create.set_limit(2);
  create.set_request_id("batch");
  const auto batch = instance_.Call(&Ledger::CreatePaymentBatch, create);
  ASSERT_TRUE(batch.ok()) << batch.status();
  const std::string name = batch->payment_batch().name();
  v1::ImportPaymentResultRequest import;
  import.set_name(name);
  import.set_csv(absl::StrCat("batch,line,amount_fen,result,reason\n", name, ",1,98000,paid,\n",
                              name, ",2,98000,paid,\n"));
  import.set_request_id("result");
  ASSERT_TRUE(instance_.Call(&Ledger::ImportPaymentResult, import).ok());

  struct Period {
    absl::Time start;
    absl::Time end;
  };
  for (const Period& period :
       {Period{absl::UnixEpoch(), absl::InfiniteFuture()}, Period{absl::UnixEpoch(), first_hour},
        Period{first_hour, absl::InfiniteFuture()}}) {
    for (int number = v1::LedgerAccount_MIN + 1; number <= v1::LedgerAccount_MAX; ++number) {
      const auto account = static_cast<v1::LedgerAccount>(number);
      v1::GetStatementRequest request;
      request.set_book("books/620102-2026-4");
      request.set_account(account);
      *request.mutable_start_time() = chassis::ToTimestamp(period.start);
      if (period.end != absl::InfiniteFuture())
        *request.mutable_end_time() = chassis::ToTimestamp(period.end);
      request.set_page_size(5);
      int64_t sum = 0;
      int64_t closing = 0;
      bool first = true;
      do {
        const auto page = instance_.Call(&Ledger::GetStatement, request);
        ASSERT_TRUE(page.ok()) << page.status();
        if (first) sum = page->opening_fen();
        first = false;
        for (const v1::Transfer& transfer : page->transfers()) {
          EXPECT_TRUE((transfer.debit() == account) != (transfer.credit() == account));
          const bool adds =
              (transfer.debit() == account) != (account == v1::LEDGER_ACCOUNT_APPROPRIATED);
          sum += adds ? transfer.amount_fen() : -transfer.amount_fen();
        }
        closing = page->closing_fen();
        request.set_page_token(page->next_page_token());
      } while (!request.page_token().empty());
      EXPECT_EQ(sum, closing) << v1::LedgerAccount_Name(account);
      if (period.end == absl::InfiniteFuture()) {
        EXPECT_EQ(closing, Balance(account)) << v1::LedgerAccount_Name(account);
      }
    }
  }
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_PAID), 2 * 98000);
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_PAYABLE), 3 * 98000);
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_RESERVED), 3 * 98000);
}

TEST_F(StatementsTest, AMistakeIsReversedWhereTheMoneyIsStillFree) {
  instance_.ImportGansu();
  ASSERT_TRUE(instance_.Allocate("620102", 98000, "right").ok());
  ASSERT_TRUE(instance_.Allocate("620102", 50000, "wrong").ok());
  v1::ReverseTransferRequest request;
  request.set_name("books/620102-2026-4/transfers/2");
  request.set_reason("录入重复");
  request.set_request_id("reverse");
  const auto book = instance_.Call(&Ledger::ReverseTransfer, request);
  ASSERT_TRUE(book.ok()) << book.status();
  ASSERT_TRUE(instance_.Call(&Ledger::ReverseTransfer, request).ok()) << "the same request again";
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_AVAILABLE), 98000);
  request.set_request_id("reverse-again");
  EXPECT_EQ(chassis::ReasonOf(instance_.Call(&Ledger::ReverseTransfer, request).status()),
            "STATE_FORBIDS");
  stream_.Publish(ApplicationsStream::Submitted(Id(1)));
  log_.Await<v1::SubsidyReserved>(1);
  request.set_name("books/620102-2026-4/transfers/1");
  request.set_request_id("too-late");
  EXPECT_EQ(chassis::ReasonOf(instance_.Call(&Ledger::ReverseTransfer, request).status()),
            "BUDGET_INSUFFICIENT");
  request.set_name("books/620102-2026-4/transfers/9");
  request.set_request_id("none");
  EXPECT_EQ(chassis::ReasonOf(instance_.Call(&Ledger::ReverseTransfer, request).status()),
            "RESOURCE_NOT_FOUND");
}

}  // namespace
}  // namespace fuju::catalogue
