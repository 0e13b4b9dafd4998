// Random moves of many grants over two budgets, applied by the differences of their footprints as
// the store applies them: the counters balance after each, and no counter falls below zero.

#include <map>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "catalogue/budget.h"
#include "catalogue/grant.h"
#include "examples.h"

namespace fuju::catalogue {
namespace {

class Ledger {
 public:
  // Applies the difference, unless a counter would fall below its floor.
  bool Move(const chassis::Footprint& before, const chassis::Footprint& after) {
    std::map<std::string, int64_t> change;
    for (const chassis::Holding& holding : before.holdings)
      change[holding.counter] -= holding.amount;
    for (const chassis::Holding& holding : after.holdings)
      change[holding.counter] += holding.amount;
    for (const auto& [counter, amount] : change) {
      if (amount < 0 && counters_[counter] + amount < 0) return false;
    }
    for (const auto& [counter, amount] : change) counters_[counter] += amount;
    return true;
  }

  v1::Budget Read(const std::string& id) {
    std::vector<int64_t> amounts;
    for (const std::string& counter : BudgetCounters(id)) amounts.push_back(counters_[counter]);
    return ToBudget(id, amounts);
  }

 private:
  std::map<std::string, int64_t> counters_;
};

class LedgerProperty : public testing::TestWithParam<int> {};

TEST_P(LedgerProperty, BalancesAfterEveryMove) {
  std::mt19937 random(GetParam());
  const auto upto = [&random](int most) {
    return std::uniform_int_distribution<int>(0, most)(random);
  };
  Ledger ledger;
  const std::vector<std::string> counties = {"620102", "620103"};
  std::map<std::string, chassis::Versioned<storage::v1::BudgetRecord>> budgets;
  std::vector<chassis::Versioned<v1::Grant>> grants(60);
  std::map<std::string, int64_t> reserved, paid;
  int refused_for_money = 0, moves = 0;

  for (int step = 0; step < 3000; ++step) {
    if (upto(20) == 0) {
      const std::string& county = counties[upto(1)];
      const std::string id = BudgetId(county, 2026);
      chassis::Versioned<storage::v1::BudgetRecord>& budget = budgets[id];
      const auto decision = AllocateBudget(budget, county, 2026, upto(400000) - 150000);
      ASSERT_TRUE(decision.ok());
      if (ledger.Move(BudgetFootprint(id, budget.state), BudgetFootprint(id, decision->next))) {
        budget = {decision->next, budget.version + 1};
        ++moves;
      }
    } else {
      const int index = upto(59);
      chassis::Versioned<v1::Grant>& grant = grants[index];
      const std::string& county = counties[index % 2];
      const std::string id = county + "-" + std::to_string(index);
      const Catalogue catalogue(ExampleRecord());
      GrantApplication application = EligibleApplication();
      application.application = "applications/" + id;
      application.county_code = county;
      application.facts.set_county_code(county);
      application.facts.set_grade(1 + upto(2));
      application.quote = vocabulary::Fen(1 + upto(150000));
      const auto assessed =
          AssessApplication(application, catalogue, true, DecisionTime(), DefaultPolicy());
      ASSERT_TRUE(assessed.ok());
      absl::StatusOr<chassis::Decision<v1::Grant>> decision;
      const int64_t before = grant.state.amount_fen();
      bool repriced = false;
      switch (upto(3)) {
        case 0:
          decision = OpenGrant(grant, application, *assessed, DecisionTime());
          break;
        case 1:
          decision = SettleGrant(grant, id, "vendors/1", DecisionTime());
          break;
        case 2:
          decision =
              RepriceGrant(grant,
                           vocabulary::Fen(1 + upto(static_cast<int>(std::max<int64_t>(
                                                        grant.state.decision().quote_fen(), 1)) -
                                                    1)),
                           2, DecisionTime(), catalogue, DefaultPolicy());
          repriced = true;
          break;
        default:
          decision = ReleaseGrant(grant, id, DecisionTime());
      }
      if (!decision.ok() || !decision->changed) {
        // A finished case is forgotten, so that the next one can begin in its place.
        if (upto(3) == 0 && grant.state.state() != v1::GRANT_STATE_RESERVED) grant = {};
        continue;
      }
      if (!ledger.Move(GrantFootprint(id, grant.state), GrantFootprint(id, decision->next))) {
        ++refused_for_money;
        decision = repriced ? RefuseToReprice(grant, 2, DecisionTime())
                            : OpenUnfundedGrant(grant, application, *assessed, DecisionTime());
        ASSERT_TRUE(
            ledger.Move(GrantFootprint(id, grant.state), GrantFootprint(id, decision->next)));
      }
      const std::string budget = BudgetId(county, 2026);
      const int64_t amount = decision->next.amount_fen();
      if (decision->next.state() == v1::GRANT_STATE_RESERVED) {
        reserved[budget] += repriced ? amount - before : amount;
      }
      if (decision->next.state() == v1::GRANT_STATE_RELEASED) reserved[budget] -= amount;
      if (decision->next.state() == v1::GRANT_STATE_SETTLED) {
        reserved[budget] -= amount;
        paid[budget] += amount;
      }
      grant = {decision->next, grant.version + 1};
      ++moves;
    }
    for (const std::string& county : counties) {
      const std::string id = BudgetId(county, 2026);
      const v1::Budget budget = ledger.Read(id);
      ASSERT_EQ(budget.allocated_fen(),
                budget.available_fen() + budget.reserved_fen() + budget.paid_fen());
      ASSERT_EQ(budget.allocated_fen(), budgets[id].state.allocated_fen());
      ASSERT_EQ(budget.reserved_fen(), reserved[id]);
      ASSERT_EQ(budget.paid_fen(), paid[id]);
      ASSERT_GE(budget.available_fen(), 0);
      ASSERT_GE(budget.reserved_fen(), 0);
    }
  }
  EXPECT_GT(moves, 500);
  EXPECT_GT(refused_for_money, 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, LedgerProperty, testing::Range(1, 9));

}  // namespace
}  // namespace fuju::catalogue
