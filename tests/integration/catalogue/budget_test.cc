#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "catalogue_instance.h"
#include "chassis/values/refusal.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "support/fact_log.h"

namespace fuju::catalogue {
namespace {

using Stub = v1::CatalogueService::Stub;

class BudgetTest : public testing::Test {
 protected:
  test_support::RedisServer redis_;
  test_support::FakeClock clock_{TestTime()};
  CatalogueInstance instance_{redis_, &clock_};
};

TEST_F(BudgetTest, GetsAndGivesBackMoney) {
  test_support::FactLog log(instance_.fanout(), kPartitions);
  const auto first = instance_.Allocate("620102", 100000, "r1");
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->name(), "budgets/620102-2026");
  EXPECT_EQ(first->allocated_fen(), 100000);
  EXPECT_EQ(first->available_fen(), 100000);
  ASSERT_TRUE(instance_.Allocate("620102", -40000, "r2").ok());
  const v1::Budget budget = instance_.BudgetOf("620102");
  EXPECT_EQ(budget.allocated_fen(), 60000);
  EXPECT_EQ(budget.available_fen(), 60000);
  EXPECT_EQ(budget.reserved_fen(), 0);
  EXPECT_EQ(budget.paid_fen(), 0);
  EXPECT_EQ(log.AwaitEvents<v1::BudgetAllocated>(2)[1].subject(), "books/620102-2026-4");
}

TEST_F(BudgetTest, KeepsWhatIsNotFree) {
  ASSERT_TRUE(instance_.Allocate("620102", 100000, "r1").ok());
  for (const int64_t amount : {-100001, -100000000}) {
    const auto refused = instance_.Allocate("620102", amount, absl::StrCat("take", amount));
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(chassis::ReasonOf(refused.status()), "BUDGET_INSUFFICIENT");
    EXPECT_EQ(chassis::MetadataOf(refused.status(), "left"), "100000");
  }
  const auto never_allocated = instance_.Allocate("620103", -1, "r3");
  EXPECT_EQ(chassis::ReasonOf(never_allocated.status()), "BUDGET_INSUFFICIENT");
  EXPECT_EQ(chassis::MetadataOf(never_allocated.status(), "left"), "0");
  EXPECT_EQ(instance_.BudgetOf("620102").available_fen(), 100000);
}

TEST_F(BudgetTest, IsOfSeveralFunds) {
  ASSERT_TRUE(instance_.Allocate("620102", 100000, "county").ok());
  v1::AllocateBudgetRequest request;
  request.set_county_code("620102");
  request.set_fiscal_year(2026);
  request.set_amount_fen(50000);
  request.set_request_id("national");
  request.set_fund_source(v1::FUND_SOURCE_NATIONAL);
  const auto budget = instance_.Call(&Stub::AllocateBudget, request);
  ASSERT_TRUE(budget.ok()) << budget.status();
  EXPECT_EQ(budget->allocated_fen(), 150000);
  // Each fund gives back its own.
  request.set_amount_fen(-50001);
  request.set_request_id("too-much");
  const auto refused = instance_.Call(&Stub::AllocateBudget, request);
  EXPECT_EQ(chassis::ReasonOf(refused.status()), "BUDGET_INSUFFICIENT");
  EXPECT_EQ(chassis::MetadataOf(refused.status(), "left"), "50000");
}

TEST_F(BudgetTest, CountsARepeatedRequestOnce) {
  std::vector<std::thread> callers;
  for (int i = 0; i < 50; ++i) {
    callers.emplace_back([this] {
      const auto budget = instance_.Allocate("620102", 100000, "the-same");
      ASSERT_TRUE(budget.ok()) << budget.status();
      EXPECT_EQ(budget->allocated_fen(), 100000);
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(instance_.BudgetOf("620102").allocated_fen(), 100000);
  const auto other_body = instance_.Allocate("620102", 100001, "the-same");
  EXPECT_EQ(chassis::ReasonOf(other_body.status()), "REQUEST_ID_REUSED");
}

TEST_F(BudgetTest, AddsConcurrentAllocations) {
  std::vector<std::thread> callers;
  for (int i = 0; i < 16; ++i) {
    callers.emplace_back([this, i] {
      for (int j = 0; j < 4;) {
        const auto budget = instance_.Allocate("620102", 1000, absl::StrCat("r", i, "-", j));
        // Many writers of one record: the caller repeats with the same id.
        if (absl::IsAborted(budget.status())) continue;
        ASSERT_TRUE(budget.ok()) << budget.status();
        ++j;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(instance_.BudgetOf("620102").allocated_fen(), 64000);
}

TEST_F(BudgetTest, IsNotFoundBeforeItsFirstAllocation) {
  for (const char* name : {"budgets/620102-2026", "budgets/620102-2099", "budgets/nonsense"}) {
    v1::GetBudgetRequest request;
    request.set_name(name);
    const auto budget = instance_.Call(&Stub::GetBudget, request, "");
    EXPECT_EQ(budget.status().code(), absl::StatusCode::kNotFound) << name;
    EXPECT_EQ(chassis::ReasonOf(budget.status()), "RESOURCE_NOT_FOUND");
  }
}

TEST_F(BudgetTest, IsListedByCountyInPages) {
  const std::vector<std::string> counties = {"620102", "620103", "620104", "620921",
                                             "622901", "623027", "620171"};
  for (const std::string& county : counties) {
    ASSERT_TRUE(instance_.Allocate(county, 1000, absl::StrCat("r", county)).ok()) << county;
  }
  v1::AllocateBudgetRequest next_year;
  next_year.set_county_code("620105");
  next_year.set_fiscal_year(2027);
  next_year.set_amount_fen(5);
  next_year.set_request_id("next");
  ASSERT_TRUE(instance_.Call(&Stub::AllocateBudget, next_year).ok());

  v1::ListBudgetsRequest request;
  request.set_fiscal_year(2026);
  request.set_page_size(3);
  std::vector<std::string> seen;
  do {
    const auto page = instance_.Call(&Stub::ListBudgets, request, "");
    ASSERT_TRUE(page.ok()) << page.status();
    for (const v1::Budget& budget : page->budgets()) {
      seen.push_back(budget.county_code());
      EXPECT_EQ(budget.fiscal_year(), 2026);
      EXPECT_EQ(budget.allocated_fen(), 1000);
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  std::vector<std::string> sorted = counties;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(seen, sorted);

  request.clear_page_token();
  const std::string token = instance_.Call(&Stub::ListBudgets, request, "")->next_page_token();
  request.set_fiscal_year(2027);
  EXPECT_EQ(instance_.Call(&Stub::ListBudgets, request, "")->budgets_size(), 1);
  request.set_page_token(token);
  EXPECT_EQ(chassis::ReasonOf(instance_.Call(&Stub::ListBudgets, request, "").status()),
            "PAGE_TOKEN_INVALID")
      << "a token belongs to its query";
  request.clear_page_token();
  request.set_fiscal_year(2030);
  EXPECT_EQ(instance_.Call(&Stub::ListBudgets, request, "")->budgets_size(), 0);
}

}  // namespace
}  // namespace fuju::catalogue
