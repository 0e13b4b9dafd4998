#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "catalogue/decision/simulation_run.h"
#include "catalogue/versions/catalogue_set.h"
#include "catalogue/versions/version_record.h"
#include "unit/catalogue/decision/stored_decisions.h"
#include "unit/catalogue/examples.h"

namespace fuju::catalogue {
namespace {

// The province has this version alone.
std::shared_ptr<const CatalogueSet> Only(const storage::v1::CatalogueRecord& record) {
  return std::make_shared<const CatalogueSet>(
      std::vector<SharedRecord>{ReadRecord(record, "620000")});
}

class SimulationTest : public testing::Test {
 protected:
  SimulationTest() {
    for (int number = 1; number <= 500; ++number) {
      grants_.push_back(StoredGrant(number, *catalogue_));
    }
  }

  const PreparedPolicy policy_ = DefaultPolicy();
  const std::shared_ptr<const Catalogue> catalogue_ =
      std::make_shared<const Catalogue>(ManyRules("many-rules"));
  std::vector<v1::Grant> grants_;
};

TEST_F(SimulationTest, TheSameVersionChangesNothing) {
  SimulationRun run(&policy_);
  run.Try(Only(ManyRules("many-rules")), Day("2026-12-31"));
  ASSERT_TRUE(run.Add(grants_).ok());
  const v1::SimulationCounts& total = run.total();
  EXPECT_EQ(total.applications(), 500);
  EXPECT_GT(total.eligible_before(), 50);
  EXPECT_EQ(total.eligible_after(), total.eligible_before());
  EXPECT_EQ(total.newly_eligible() + total.no_longer_eligible(), 0);
  EXPECT_GT(total.subsidy_before_fen(), 0);
  EXPECT_EQ(total.subsidy_after_fen(), total.subsidy_before_fen());
  EXPECT_EQ(total.self_pay_after_fen(), total.self_pay_before_fen());
}

// Every fen of it can be said beforehand: the general ratio falls from 0.5 to 0.4 for one item.
TEST_F(SimulationTest, CountsWhatADraftWouldCost) {
  storage::v1::CatalogueRecord draft = ExampleRecord("draft");
  draft.mutable_items(0)->mutable_ratios()->set_general_bp(4000);
  const Catalogue before(ExampleRecord());
  std::vector<v1::Grant> grants;
  for (const auto& [county, status] : {std::pair("620102", type::v1::ECONOMIC_STATUS_YB),
                                       std::pair("620102", type::v1::ECONOMIC_STATUS_DB),
                                       std::pair("620103", type::v1::ECONOMIC_STATUS_YB)}) {
    GrantApplication application = EligibleApplication();
    application.county_code = county;
    application.facts.set_county_code(county);
    application.facts.set_economic_status(status);
    const auto decision =
        AssessApplication(application, before, true, DecisionTime(), DefaultPolicy());
    grants.push_back(OpenGrant({}, application, *decision, Plenty(), DecisionTime())->next);
  }
  SimulationRun run(&policy_);
  run.Try(Only(draft), Day("2026-12-31"));
  ASSERT_TRUE(run.Add(grants).ok());
  EXPECT_EQ(run.total().subsidy_before_fen(), 49000 + 98000 + 49000);
  EXPECT_EQ(run.total().subsidy_after_fen(), 39200 + 98000 + 39200);
  EXPECT_EQ(run.total().self_pay_after_fen(), 58800 + 0 + 58800);

  v1::RunProgress progress;
  progress.set_complete(true);
  const std::vector<v1::SimulateCatalogueResponse> results = run.Results(progress);
  ASSERT_EQ(results.size(), 1u);
  EXPECT_TRUE(results[0].progress().complete());
  ASSERT_EQ(results[0].cells_size(), 3);
  const v1::SimulationCell& cell = results[0].cells(1);
  EXPECT_EQ(cell.county_code(), "620102");
  EXPECT_EQ(cell.item_code(), "M01");
  EXPECT_EQ(cell.economic_status(), type::v1::ECONOMIC_STATUS_YB);
  EXPECT_EQ(cell.counts().subsidy_after_fen(), 39200);
}

TEST_F(SimulationTest, AnItemThatAVersionHasNoMoreIsNoLongerPaid) {
  storage::v1::CatalogueRecord draft = ManyRules("draft");
  draft.clear_items();
  SimulationRun run(&policy_);
  run.Try(Only(draft), Day("2026-12-31"));
  ASSERT_TRUE(run.Add(grants_).ok());
  EXPECT_EQ(run.total().eligible_after(), 0);
  EXPECT_EQ(run.total().no_longer_eligible(), run.total().eligible_before());
  EXPECT_EQ(run.total().self_pay_after_fen(),
            run.total().self_pay_before_fen() + run.total().subsidy_before_fen());
}

// An edition of the standard that moves a code does not refuse what was applied for.
TEST_F(SimulationTest, AnotherDivisionOfTheItemIsNoReason) {
  storage::v1::CatalogueRecord draft = ExampleRecord("draft");
  draft.mutable_items(0)->set_iso9999_code("122299");
  const auto decision = AssessApplication(EligibleApplication(), Catalogue(ExampleRecord()), true,
                                          DecisionTime(), DefaultPolicy());
  SimulationRun run(&policy_);
  run.Try(Only(draft), Day("2026-12-31"));
  ASSERT_TRUE(
      run.Add({OpenGrant({}, EligibleApplication(), *decision, Plenty(), DecisionTime())->next})
          .ok());
  EXPECT_EQ(run.total().eligible_after(), 1);
}

TEST_F(SimulationTest, RefusesMoreCellsThanItHasRoomFor) {
  Simulation simulation(1);
  v1::Grant first = grants_.front();
  first.set_county_code("620102");
  EXPECT_TRUE(simulation.Add(first, {}).ok());
  EXPECT_TRUE(simulation.Add(first, {}).ok());
  first.set_county_code("620103");
  EXPECT_EQ(simulation.Add(first, {}).code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(simulation.Cells().size(), 1u);
}

}  // namespace
}  // namespace fuju::catalogue
