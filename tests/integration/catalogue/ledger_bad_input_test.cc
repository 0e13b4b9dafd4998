#include <memory>

#include <gtest/gtest.h>

#include "catalogue_instance.h"
#include "support/bad_input.h"

namespace fuju::catalogue {
namespace {

test_support::BadInput::Requests GoodRequests() {
  const auto appropriate = std::make_shared<v1::AppropriateRequest>();
  appropriate->set_area_code("620000");
  appropriate->set_fiscal_year(2026);
  appropriate->set_fund_source(v1::FUND_SOURCE_COUNTY);
  appropriate->set_amount_fen(1);
  appropriate->set_request_id("good");
  const auto book = std::make_shared<v1::GetBookRequest>();
  book->set_name("books/620102-2026-4");
  const auto allot = std::make_shared<v1::CreateAllotmentRequest>();
  allot->set_from_area_code("620000");
  allot->set_to_area_code("620102");
  allot->set_fiscal_year(2026);
  allot->set_fund_source(v1::FUND_SOURCE_COUNTY);
  allot->set_amount_fen(1);
  allot->set_request_id("good");
  const auto allotment = std::make_shared<v1::GetAllotmentRequest>();
  allotment->set_name("allotments/620000-01HZX3M9Q2V7N8K4T6R5W1Y0AA");
  const auto reverse = std::make_shared<v1::ReverseTransferRequest>();
  reverse->set_name("books/620102-2026-4/transfers/1");
  reverse->set_reason("why");
  reverse->set_request_id("good");
  const auto create = std::make_shared<v1::CreatePaymentBatchRequest>();
  create->set_area_code("620102");
  create->set_fiscal_year(2026);
  create->set_request_id("good");
  const auto file = std::make_shared<v1::GetPaymentBatchFileRequest>();
  file->set_name("paymentBatches/620102-01HZX3M9Q2V7N8K4T6R5W1Y0AA");
  const auto batch = std::make_shared<v1::GetPaymentBatchRequest>();
  batch->set_name("paymentBatches/620102-01HZX3M9Q2V7N8K4T6R5W1Y0AA");
  const auto batches = std::make_shared<v1::ListPaymentBatchesRequest>();
  batches->set_area_code("620102");
  const auto import = std::make_shared<v1::ImportPaymentResultRequest>();
  import->set_name("paymentBatches/620102-01HZX3M9Q2V7N8K4T6R5W1Y0AA");
  import->set_csv("batch\n");
  import->set_request_id("good");
  const auto close = std::make_shared<v1::CloseFiscalYearRequest>();
  close->set_area_code("620102");
  close->set_fiscal_year(2025);
  close->set_fund_source(v1::FUND_SOURCE_COUNTY);
  close->set_request_id("good");
  const auto statement = std::make_shared<v1::GetStatementRequest>();
  statement->set_book("books/620102-2026-4");
  statement->set_account(v1::LEDGER_ACCOUNT_AVAILABLE);
  const auto trial = std::make_shared<v1::GetTrialBalanceRequest>();
  trial->set_fiscal_year(2026);
  trial->set_area_code("620000");
  return {appropriate, book,    allot,  allotment, reverse,   create, file,
          batch,       batches, import, close,     statement, trial};
}

class LedgerBadInputTest : public testing::Test {
 protected:
  test_support::RedisServer redis_;
  test_support::FakeClock clock_{TestTime()};
  CatalogueInstance instance_{redis_, &clock_};
  const test_support::BadInput input_{
      v1::GetBookRequest::descriptor()->file()->FindServiceByName("LedgerService"),
      instance_.address(), GoodRequests()};
};

TEST_F(LedgerBadInputTest, EachBadValueIsNamed) {
  EXPECT_GT(input_.ExpectEachBadValueIsNamed(), 60);
}

TEST_F(LedgerBadInputTest, EveryBadFieldIsNamedAtOnce) { input_.ExpectEveryBadFieldIsNamed(); }

TEST_F(LedgerBadInputTest, EveryMissingFieldIsNamedAtOnce) {
  input_.ExpectEveryMissingFieldIsNamed();
}

TEST_F(LedgerBadInputTest, NamesOfAnotherFormAreRefused) {
  input_.ExpectNamesOfAnotherFormAreRefused();
}

TEST_F(LedgerBadInputTest, MutationsNeedAnActor) {
  EXPECT_EQ(input_.ExpectMutationsNeedAnActor(), 6);
}

}  // namespace
}  // namespace fuju::catalogue
