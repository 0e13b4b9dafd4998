#include "support/bad_input.h"

#include <memory>

#include <gtest/gtest.h>

#include "catalogue_instance.h"
#include "support/violations.h"

namespace fuju::catalogue {
namespace {

using Stub = v1::CatalogueService::Stub;

test_support::BadInput::Requests GoodRequests() {
  const auto import = std::make_shared<v1::ImportCatalogueRequest>();
  import->set_version("good");
  import->set_csv("item_code\n");
  import->set_request_id("good");
  const auto publish = std::make_shared<v1::PublishCatalogueRequest>();
  publish->set_name("catalogueVersions/good");
  publish->set_effective_date("2026-03-02");
  publish->set_request_id("good");
  const auto discard = std::make_shared<v1::DiscardCatalogueRequest>();
  discard->set_name("catalogueVersions/good");
  discard->set_request_id("good");
  const auto version = std::make_shared<v1::GetCatalogueVersionRequest>();
  version->set_name("catalogueVersions/good");
  const auto exported = std::make_shared<v1::ExportCatalogueRequest>();
  exported->set_name("catalogueVersions/good");
  const auto diff = std::make_shared<v1::DiffCataloguesRequest>();
  diff->set_before("catalogueVersions/good");
  diff->set_after("catalogueVersions/good");
  const auto item = std::make_shared<v1::GetItemRequest>();
  item->set_name("items/M01");
  const auto quote = std::make_shared<v1::QuoteSubsidyRequest>();
  *quote->mutable_input() = WheelchairQuote();
  const auto allocate = std::make_shared<v1::AllocateBudgetRequest>();
  allocate->set_county_code("620102");
  allocate->set_fiscal_year(2026);
  allocate->set_amount_fen(1);
  allocate->set_request_id("good");
  const auto budget = std::make_shared<v1::GetBudgetRequest>();
  budget->set_name("budgets/620102-2026");
  const auto budgets = std::make_shared<v1::ListBudgetsRequest>();
  budgets->set_fiscal_year(2026);
  const auto grant = std::make_shared<v1::GetGrantRequest>();
  grant->set_name("grants/620102-01HZX3M9Q2V7N8K4T6R5W1Y0AA");
  return {import,
          publish,
          discard,
          version,
          std::make_shared<v1::ListCatalogueVersionsRequest>(),
          exported,
          diff,
          item,
          std::make_shared<v1::ListItemsRequest>(),
          quote,
          allocate,
          budget,
          budgets,
          grant};
}

test_support::BadInput::Requests GoodDecisionRequests() {
  const auto one = std::make_shared<v1::ReplayDecisionRequest>();
  one->set_name("grants/620102-01HZX3M9Q2V7N8K4T6R5W1Y0AA");
  const auto period = std::make_shared<v1::ReplayDecisionsRequest>();
  period->set_area_code("620100");
  period->set_from_date("2026-03-01");
  period->set_to_date("2026-03-31");
  const auto simulation = std::make_shared<v1::SimulateCatalogueRequest>();
  simulation->set_version("draft");
  simulation->set_area_code("620000");
  simulation->set_from_date("2026-03-01");
  simulation->set_to_date("2026-03-31");
  return {one, period, simulation};
}

class BadInputTest : public testing::Test {
 protected:
  test_support::RedisServer redis_;
  test_support::FakeClock clock_{TestTime()};
  CatalogueInstance instance_{redis_, &clock_};
  const test_support::BadInput input_{
      v1::GetItemRequest::descriptor()->file()->FindServiceByName("CatalogueService"),
      instance_.address(), GoodRequests()};
  const test_support::BadInput decisions_{
      v1::ReplayDecisionRequest::descriptor()->file()->FindServiceByName("DecisionsService"),
      instance_.address(), GoodDecisionRequests()};
};

TEST_F(BadInputTest, OfDecisionsIsNamed) {
  EXPECT_GT(decisions_.ExpectEachBadValueIsNamed(), 15);
  decisions_.ExpectEveryBadFieldIsNamed();
  decisions_.ExpectEveryMissingFieldIsNamed();
  decisions_.ExpectNamesOfAnotherFormAreRefused();
  EXPECT_EQ(decisions_.ExpectMutationsNeedAnActor(), 0);
}

TEST_F(BadInputTest, EachBadValueIsNamed) { EXPECT_GT(input_.ExpectEachBadValueIsNamed(), 60); }

TEST_F(BadInputTest, EveryBadFieldIsNamedAtOnce) { input_.ExpectEveryBadFieldIsNamed(); }

TEST_F(BadInputTest, EveryMissingFieldIsNamedAtOnce) { input_.ExpectEveryMissingFieldIsNamed(); }

TEST_F(BadInputTest, NamesOfAnotherFormAreRefused) { input_.ExpectNamesOfAnotherFormAreRefused(); }

TEST_F(BadInputTest, MutationsNeedAnActor) { EXPECT_EQ(input_.ExpectMutationsNeedAnActor(), 4); }

TEST_F(BadInputTest, BadAndMissingFieldsAreNamedTogether) {
  v1::QuoteSubsidyRequest quote;
  quote.mutable_input()->set_grade(5);
  quote.mutable_input()->set_county_code("999999");
  quote.mutable_input()->set_birth_date("2026-02-30");
  quote.mutable_input()->set_person_key("short");
  EXPECT_EQ(test_support::PathsOf(instance_.Call(&Stub::QuoteSubsidy, quote).status()),
            "input.birth_date input.category input.county_code input.economic_status input.grade "
            "input.item_code "
            "input.person_key input.quote_fen");
  EXPECT_EQ(test_support::PathsOf(
                instance_.Call(&Stub::AllocateBudget, v1::AllocateBudgetRequest()).status()),
            "amount_fen county_code fiscal_year request_id");
  EXPECT_EQ(test_support::PathsOf(
                instance_.Call(&Stub::ImportCatalogue, v1::ImportCatalogueRequest()).status()),
            "request_id version");
}

}  // namespace
}  // namespace fuju::catalogue
