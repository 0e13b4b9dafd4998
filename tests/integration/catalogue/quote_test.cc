#include <string>

#include <gtest/gtest.h>

#include "applications_stream.h"
#include "catalogue_instance.h"
#include "chassis/values/refusal.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "support/fact_log.h"

namespace fuju::catalogue {
namespace {

using Stub = v1::CatalogueService::Stub;

class QuoteTest : public testing::Test {
 protected:
  absl::StatusOr<v1::SubsidyDecision> Quote(const v1::QuoteInput& input) {
    v1::QuoteSubsidyRequest request;
    *request.mutable_input() = input;
    return instance_.Call(&Stub::QuoteSubsidy, request, "");
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_{TestTime()};
  CatalogueInstance instance_{redis_, &clock_};
};

TEST_F(QuoteTest, NeedsACatalogue) {
  const auto decision = Quote(WheelchairQuote());
  EXPECT_EQ(decision.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(chassis::ReasonOf(decision.status()), "CATALOGUE_MISSING");
}

TEST_F(QuoteTest, SaysWhatThePersonGetsAndPays) {
  instance_.ImportGansu();
  v1::QuoteInput input = WheelchairQuote();
  input.set_quote_fen(150000);
  const auto decision = Quote(input);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_TRUE(decision->eligible());
  EXPECT_EQ(decision->rules_size(), 9);
  EXPECT_EQ(decision->subsidy_fen(), 120000);
  EXPECT_EQ(decision->self_pay_fen(), 30000);
  EXPECT_EQ(decision->catalogue_version(), "gansu-test");
  EXPECT_EQ(decision->decision_date(), "2026-03-02");
}

TEST_F(QuoteTest, ExplainsWhyNot) {
  instance_.ImportGansu();
  v1::QuoteInput input = WheelchairQuote();
  input.set_grade(3);
  const auto decision = Quote(input);
  ASSERT_TRUE(decision.ok());
  EXPECT_FALSE(decision->eligible());
  EXPECT_EQ(decision->self_pay_fen(), 98000);
}

// Every input of the calculator counts.
TEST_F(QuoteTest, TakesSeveralDisabilitiesPiecesAndADiagnosis) {
  instance_.ImportGansu();
  v1::QuoteInput input = WheelchairQuote();
  input.set_category(type::v1::DISABILITY_CATEGORY_MULTIPLE);
  type::v1::GradedCategory& single = *input.add_single_categories();
  single.set_category(type::v1::DISABILITY_CATEGORY_PHYSICAL);
  single.set_grade(2);
  EXPECT_TRUE(Quote(input)->eligible());
  input.set_quantity(2);
  const auto two = Quote(input);
  ASSERT_TRUE(two.ok());
  EXPECT_FALSE(two->eligible()) << "one wheelchair at a time";
  input.set_quantity(1);
  input.set_uncertified(true);
  EXPECT_EQ(Quote(input).status().code(), absl::StatusCode::kInvalidArgument)
      << "a grade without a certificate";
  input.set_grade(0);
  EXPECT_TRUE(Quote(input)->eligible());
  input.set_uncertified(false);
  EXPECT_EQ(Quote(input).status().code(), absl::StatusCode::kInvalidArgument)
      << "a certificate without a grade";
}

TEST_F(QuoteTest, RefusesAnUnknownItem) {
  instance_.ImportGansu();
  v1::QuoteInput input = WheelchairQuote();
  input.set_item_code("Z99");
  const auto decision = Quote(input);
  EXPECT_EQ(decision.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(chassis::ReasonOf(decision.status()), "ITEM_UNKNOWN");
}

TEST_F(QuoteTest, CountsEarlierDeliveriesOfAKnownPerson) {
  instance_.ImportGansu();
  ASSERT_TRUE(instance_.Allocate("620102", 1000000, "a1").ok());
  test_support::FactLog log(instance_.fanout(), kPartitions);
  ApplicationsStream stream(&redis_);
  const std::string id = "620102-01HZX3M9Q2V7N8K4T6R5W1Y0AB";
  stream.Publish(ApplicationsStream::Submitted(id));
  stream.Publish(ApplicationsStream::Accepted(id, "2026-03-01"));
  log.Await<v1::DeliveryRecorded>(1);

  v1::QuoteInput input = WheelchairQuote();
  EXPECT_TRUE(Quote(input)->eligible()) << "nobody in particular";
  input.set_person_key(std::string(64, 'a'));
  EXPECT_FALSE(Quote(input)->eligible());
  input.set_person_key(std::string(64, 'b'));
  EXPECT_TRUE(Quote(input)->eligible());
  input.set_person_key(std::string(64, 'a'));
  clock_.Set(absl::FromCivil(absl::CivilDay(2029, 3, 1), absl::FixedTimeZone(8 * 3600)));
  EXPECT_TRUE(Quote(input)->eligible()) << "three years after the acceptance";
  EXPECT_EQ(instance_.BudgetOf("620102").reserved_fen(), 0) << "a quote changes nothing";
}

}  // namespace
}  // namespace fuju::catalogue
