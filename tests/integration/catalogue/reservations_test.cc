// Many reservations at once from one budget: it ends exactly at its floor.

#include <string>

#include "absl/strings/str_format.h"
#include <gtest/gtest.h>

#include "applications_stream.h"
#include "catalogue_instance.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/catalogue/v1/ledger_events.pb.h"
#include "support/fact_log.h"

namespace fuju::catalogue {
namespace {

constexpr int kApplications = 64;
constexpr int64_t kSubsidy = 98000;

std::string Id(const std::string& county, int number) {
  return absl::StrFormat("%s-01HZX3M9Q2V7N8K4T6R5W1Y%03d", county, number);
}

class ReservationsTest : public testing::Test {
 protected:
  // Submits 64 applications of different people at once; the budgets are made for `funded` of them.
  void Run(test_support::FactLog& log, CatalogueInstance& instance,
           const std::vector<std::string>& counties, int funded) {
    for (const std::string& county : counties) {
      ASSERT_TRUE(instance.Allocate(county, funded * kSubsidy, "a" + county).ok());
    }
    ApplicationsStream stream(&redis_);
    for (int i = 0; i < kApplications; ++i) {
      for (const std::string& county : counties) {
        // Printable characters tell people apart; nobody has an earlier delivery.
        stream.Publish(ApplicationsStream::Submitted(Id(county, i), static_cast<char>('!' + i)));
      }
    }
    const size_t all = counties.size();
    EXPECT_EQ(log.Await<v1::SubsidyReserved>(all * funded).size(), all * funded);
    EXPECT_EQ(log.Await<v1::SubsidyQueued>(all * (kApplications - funded)).size(),
              all * (kApplications - funded));
    for (const std::string& county : counties) {
      const v1::Budget budget = instance.BudgetOf(county);
      EXPECT_EQ(budget.available_fen(), 0);
      EXPECT_EQ(budget.reserved_fen(), funded * kSubsidy);
      EXPECT_EQ(budget.allocated_fen(), funded * kSubsidy);
    }
    // What is released goes to those who wait, until nobody does.
    for (int i = 0; i < kApplications; ++i) {
      for (const std::string& county : counties)
        stream.Publish(ApplicationsStream::Ended(Id(county, i)));
    }
    log.Await<v1::SubsidyReleased>(all * kApplications);
    for (const std::string& county : counties) {
      EXPECT_EQ(instance.BudgetOf(county).available_fen(), funded * kSubsidy);
      EXPECT_EQ(instance.BudgetOf(county).reserved_fen(), 0);
    }
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_{TestTime()};
};

TEST_F(ReservationsTest, EndAtTheFloor) {
  CatalogueInstance instance(redis_, &clock_);
  test_support::FactLog log(instance.fanout(), kPartitions);
  instance.ImportGansu();
  Run(log, instance, {"620102"}, 40);
}

TEST_F(ReservationsTest, EndAtTheFloorWithSeveralInstancesAndBudgets) {
  CatalogueInstance a(redis_, &clock_, "a");
  CatalogueInstance b(redis_, &clock_, "b");
  test_support::FactLog log(a.fanout(), kPartitions);
  a.ImportGansu();
  Run(log, a, {"620102", "620103", "620921", "623027"}, 40);
}

}  // namespace
}  // namespace fuju::catalogue
