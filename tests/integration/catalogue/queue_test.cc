// Who is eligible and finds no money waits by the date of the application, and is served when money
// arrives.

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "applications_stream.h"
#include "catalogue/grant.h"
#include "catalogue_instance.h"
#include "chassis/values/timestamps.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/catalogue/v1/ledger_events.pb.h"
#include "support/fact_log.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

using testing::ElementsAre;
using Stub = v1::CatalogueService::Stub;

std::string Id(int number) { return absl::StrFormat("620102-01HZX3M9Q2V7N8K4T6R5W1Y%03d", number); }
std::string Name(int number) { return "grants/" + Id(number); }

class QueueTest : public testing::Test {
 protected:
  // Handed in so many minutes before the test; of a person of its own.
  applications::v1::ApplicationSubmitted Submitted(int number, int minutes_ago,
                                                   int64_t quote_fen = 98000) {
    auto fact = ApplicationsStream::Submitted(Id(number), static_cast<char>('!' + number));
    fact.mutable_application()->mutable_request()->set_quote_fen(quote_fen);
    *fact.mutable_application()->mutable_submit_time() =
        chassis::ToTimestamp(TestTime() - absl::Minutes(minutes_ago));
    return fact;
  }
  void Allocate(CatalogueInstance& instance, int64_t amount_fen, int year = 2026) {
    v1::AllocateBudgetRequest request;
    request.set_county_code("620102");
    request.set_fiscal_year(year);
    request.set_amount_fen(amount_fen);
    request.set_request_id(absl::StrFormat("money-%d", ++allocations_));
    const auto budget = instance.Call(&Stub::AllocateBudget, request);
    ASSERT_TRUE(budget.ok()) << budget.status();
  }
  v1::GrantState StateOf(CatalogueInstance& instance, int number) {
    v1::GetGrantRequest request;
    request.set_name(Name(number));
    const auto grant = instance.Call(&Stub::GetGrant, request, "");
    EXPECT_TRUE(grant.ok()) << grant.status();
    return grant.ok() ? grant->state() : v1::GRANT_STATE_UNSPECIFIED;
  }
  static std::vector<std::string> NamesOf(const std::vector<v1::SubsidyReserved>& facts) {
    std::vector<std::string> names;
    for (const auto& fact : facts) names.push_back(fact.grant().name());
    return names;
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_{TestTime()};
  ApplicationsStream stream_{&redis_};
  int allocations_ = 0;
};

TEST_F(QueueTest, IsServedByTheDateOfTheApplication) {
  CatalogueInstance instance(redis_, &clock_);
  test_support::FactLog log(instance.fanout(), kPartitions);
  instance.ImportGansu();
  stream_.Publish(Submitted(3, /*minutes_ago=*/10));
  stream_.Publish(Submitted(1, 30));
  stream_.Publish(Submitted(2, 20));
  log.Await<v1::SubsidyQueued>(3);
  Allocate(instance, 98000);
  EXPECT_THAT(NamesOf(log.Await<v1::SubsidyReserved>(1)), ElementsAre(Name(1)));
  Allocate(instance, 200000);
  EXPECT_THAT(NamesOf(log.Await<v1::SubsidyReserved>(3)), ElementsAre(Name(1), Name(2), Name(3)));
  EXPECT_EQ(instance.BudgetOf("620102").available_fen(), 4000);
}

// What is free is too little for the first: also for those behind him, whatever they need.
TEST_F(QueueTest, ASmallerClaimDoesNotOvertake) {
  CatalogueInstance instance(redis_, &clock_);
  test_support::FactLog log(instance.fanout(), kPartitions);
  instance.ImportGansu();
  Allocate(instance, 50000);
  stream_.Publish(Submitted(1, 30));
  log.Await<v1::SubsidyQueued>(1);
  stream_.Publish(Submitted(2, 20, /*quote_fen=*/10000));
  log.Await<v1::SubsidyQueued>(2);
  EXPECT_EQ(log.Count<v1::SubsidyReserved>(), 0u);
  EXPECT_EQ(instance.BudgetOf("620102").available_fen(), 50000);

  // The first one gives up.
  stream_.Publish(ApplicationsStream::Ended(Id(1)));
  EXPECT_THAT(NamesOf(log.Await<v1::SubsidyReserved>(1)), ElementsAre(Name(2)));
  EXPECT_EQ(StateOf(instance, 1), v1::GRANT_STATE_RELEASED);
  EXPECT_EQ(instance.BudgetOf("620102").available_fen(), 40000);
}

// All at once, the decisions read what is free before others have taken it: from the moment at
// which one waits, whoever gets money has waited, too.
TEST_F(QueueTest, NobodyOvertakesInACrowd) {
  constexpr size_t kCrowd = 400;
  CatalogueInstance instance(redis_, &clock_);
  test_support::FactLog log(instance.fanout(), kPartitions);
  instance.ImportGansu();
  Allocate(instance, 5'000'000);
  for (size_t i = 0; i < kCrowd; ++i) {
    const std::string id = absl::StrFormat("620102-01HZX3M9Q2V7N8K4T6R5W2%04d", i);
    auto fact = ApplicationsStream::Submitted(id);
    const std::string person = absl::StrFormat("%064x", i + 1);
    fact.mutable_application()->set_person_key(person);
    fact.mutable_facts()->set_person_key(person);
    // Every eighth is dear, the others fit in what it leaves.
    fact.mutable_application()->mutable_request()->set_quote_fen(i % 8 == 7 ? 110000 : 9000);
    stream_.Publish(fact);
  }
  // One that comes into the queue late may be the first in it, by its application, and be served at
  // once: then it was decided twice.
  const auto decided = [&log] {
    std::set<std::string> names;
    for (const event::v1::Event& event : log.All()) {
      if (event.data().Is<v1::SubsidyReserved>() || event.data().Is<v1::SubsidyQueued>()) {
        names.insert(event.subject());
      }
    }
    return names.size();
  };
  test_support::Eventually("all are decided", [&] { return decided() == kCrowd; });
  std::set<std::string> queued;
  for (const event::v1::Event& event : log.All()) {
    if (event.data().Is<v1::SubsidyQueued>()) queued.insert(event.subject());
    if (event.data().Is<v1::SubsidyReserved>() && !queued.empty()) {
      EXPECT_TRUE(queued.contains(event.subject())) << event.subject() << " overtook";
    }
  }
  EXPECT_FALSE(queued.empty());
}

TEST_F(QueueTest, IsServedWithWhatOthersGiveBack) {
  CatalogueInstance instance(redis_, &clock_);
  test_support::FactLog log(instance.fanout(), kPartitions);
  instance.ImportGansu();
  Allocate(instance, 98000);
  stream_.Publish(Submitted(1, 30));
  log.Await<v1::SubsidyReserved>(1);
  stream_.Publish(Submitted(2, 20, /*quote_fen=*/20000));
  stream_.Publish(Submitted(3, 10, /*quote_fen=*/50000));
  log.Await<v1::SubsidyQueued>(2);
  // A lower price for the first, then the end of his case.
  stream_.Publish(ApplicationsStream::PriceFixed(Id(1), 78000, 2));
  EXPECT_THAT(NamesOf(log.Await<v1::SubsidyReserved>(2)), ElementsAre(Name(1), Name(2)));
  stream_.Publish(ApplicationsStream::Ended(Id(1)));
  EXPECT_THAT(NamesOf(log.Await<v1::SubsidyReserved>(3)), ElementsAre(Name(1), Name(2), Name(3)));
}

TEST_F(QueueTest, IsDecidedAnewForTheBooksOfTheNextYear) {
  CatalogueInstance instance(redis_, &clock_);
  test_support::FactLog log(instance.fanout(), kPartitions);
  instance.ImportGansu();
  // Next year's money is there, but this year's case may not have it.
  Allocate(instance, 98000, 2027);
  stream_.Publish(Submitted(1, 30));
  log.Await<v1::SubsidyQueued>(1);
  EXPECT_EQ(StateOf(instance, 1), v1::GRANT_STATE_QUEUED);
  clock_.Set(vocabulary::StartOfDay(absl::CivilDay(2027, 1, 1)) + absl::Seconds(1));
  const auto reserved = log.Await<v1::SubsidyReserved>(1);
  EXPECT_EQ(reserved[0].grant().fiscal_year(), 2027);
  EXPECT_EQ(reserved[0].grant().decision().decision_date(), "2027-01-01");
}

// Nobody is stranded: an expired reservation of a case that goes on gets money again, or its vendor
// is owed as soon as there is some.
TEST_F(QueueTest, AnExpiredReservationWaitsInItsOldPlace) {
  CatalogueInstance instance(redis_, &clock_);
  test_support::FactLog log(instance.fanout(), kPartitions);
  instance.ImportGansu();
  Allocate(instance, 98000);
  stream_.Publish(Submitted(1, 30));
  log.Await<v1::SubsidyReserved>(1);
  clock_.Advance(kTestReservation);
  log.Await<v1::SubsidyExpired>(1);
  EXPECT_EQ(instance.BudgetOf("620102").available_fen(), 98000) << "of a year that is over";
  stream_.Publish(ApplicationsStream::Accepted(Id(1), "2027-03-02"));
  log.Await<v1::SettlementAwaited>(1);
  Allocate(instance, 98000, 2027);
  const auto settled = log.Await<v1::SubsidySettled>(1);
  EXPECT_EQ(settled[0].grant().fiscal_year(), 2027);
  EXPECT_EQ(settled[0].grant().vendor(), "vendors/91620100MA00000000");
}

// The process that was told of the money is gone before it has served all.
TEST_F(QueueTest, SurvivesTheEndOfWhoServesIt) {
  constexpr int kCases = 40;
  auto first = std::make_unique<CatalogueInstance>(redis_, &clock_, "a");
  first->ImportGansu();
  {
    test_support::FactLog log(first->fanout(), kPartitions);
    for (int i = 0; i < kCases; ++i) stream_.Publish(Submitted(i, 100 - i));
    log.Await<v1::SubsidyQueued>(kCases);
    Allocate(*first, kCases * 98000);
  }
  first.reset();
  CatalogueInstance second(redis_, &clock_, "b");
  test_support::FactLog log(second.fanout(), kPartitions);
  const absl::Time end = absl::Now() + absl::Seconds(30);
  while (second.BudgetOf("620102").available_fen() > 0 && absl::Now() < end) {
  }
  EXPECT_EQ(second.BudgetOf("620102").reserved_fen(), kCases * 98000);
  for (int i = 0; i < kCases; ++i) EXPECT_EQ(StateOf(second, i), v1::GRANT_STATE_RESERVED) << i;
}

}  // namespace
}  // namespace fuju::catalogue
