// Limits of a person under concurrency: what open grants hold counts against other applications,
// also when they are decided at once in other counties, and nothing is held for longer than it can
// still become a delivery.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "applications_stream.h"
#include "catalogue/decision/beneficiary.h"
#include "catalogue/versions/publication.h"
#include "catalogue_instance.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/catalogue/v1/entitlement_events.pb.h"
#include "support/fact_log.h"

namespace fuju::catalogue {
namespace {

using applications::v1::ApplicationSubmitted;
using testing::ElementsAre;
using Stub = v1::CatalogueService::Stub;

constexpr char kPerson[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const std::vector<std::string>& Counties() {
  static const auto* const kCounties = new std::vector<std::string>{
      "620102", "620103", "620104", "620105", "620111", "620121", "620122", "620123"};
  return *kCounties;
}

// Item and division number `number`: all alike, and each of a kind of its own.
std::string ItemCode(int number) { return absl::StrCat("X0", number); }
std::string Division(int number) { return absl::StrCat("12220", number); }

// Eight items, and at most 1200 yuan a year for a person.
storage::v1::CatalogueRecord Limited(const std::string& label, int64_t yearly_cap_fen) {
  std::vector<v1::Item> items;
  for (int i = 1; i <= 8; ++i) {
    v1::Item item;
    item.set_name("items/" + ItemCode(i));
    item.set_item_code(ItemCode(i));
    item.set_name_zh("辅具");
    item.set_name_en("Device");
    item.set_iso9999_code(Division(i));
    item.add_categories(type::v1::DISABILITY_CATEGORY_PHYSICAL);
    item.add_grades(1);
    item.set_age_max(150);
    item.set_cap_fen(120000);
    item.mutable_ratios()->set_db_bp(10000);
    item.set_replacement_years(3);
    items.push_back(std::move(item));
  }
  storage::v1::CatalogueRecord record = VersionOf(label, std::move(items), TestTime());
  if (yearly_cap_fen > 0) {
    record.mutable_version()->mutable_policy()->set_yearly_cap_fen(yearly_cap_fen);
  }
  return record;
}

// Application `number` of the person: item, division and county of that number.
std::string IdOf(int number) {
  return absl::StrCat(Counties()[static_cast<size_t>(number - 1)], "-01HZX3M9Q2V7N8K4T6R5W1Y0A",
                      number);
}

template <typename Fact>
Fact ForItem(Fact fact, int number) {
  fact.mutable_application()->mutable_request()->set_item_code(ItemCode(number));
  fact.mutable_application()->mutable_request()->set_device_division(Division(number));
  return fact;
}

ApplicationSubmitted Submitted(int number) {
  return ForItem(ApplicationsStream::Submitted(IdOf(number)), number);
}

class EntitlementsTest : public testing::Test {
 protected:
  void Prepare(int64_t yearly_cap_fen = 120000, int64_t budget_fen = 1000000) {
    instance_.Publish(Limited("limited", yearly_cap_fen));
    for (const std::string& county : Counties()) {
      ASSERT_TRUE(instance_.Allocate(county, budget_fen, "prepare" + county).ok());
    }
  }
  v1::Grant Grant(const std::string& id) {
    v1::GetGrantRequest request;
    request.set_name("grants/" + id);
    const auto grant = instance_.Call(&Stub::GetGrant, request, "");
    EXPECT_TRUE(grant.ok()) << grant.status();
    return grant.value_or(v1::Grant());
  }
  storage::v1::BeneficiaryRecord Person() {
    storage::v1::BeneficiaryRecord record;
    absl::Notification read;
    instance_.stores().beneficiaries.Get(kPerson, absl::InfiniteFuture(), [&](const auto& person) {
      EXPECT_TRUE(person.ok()) << person.status();
      if (person.ok()) record = person->state;
      read.Notify();
    });
    read.WaitForNotification();
    return record;
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_{TestTime()};
  CatalogueInstance instance_{redis_, &clock_};
  test_support::FactLog log_{instance_.fanout(), kPartitions};
  ApplicationsStream stream_{&redis_};
};

// Eight counties decide at once, on two instances: together the person gets the year's amount.
TEST_F(EntitlementsTest, SeveralApplicationsAtOnceDoNotExceedTheYearsCap) {
  CatalogueInstance other(redis_, &clock_, "b");
  Prepare();
  other.watcher().Learn(Limited("limited", 120000));
  for (int number = 1; number <= 8; ++number) stream_.Publish(Submitted(number));
  const auto reserved = log_.Await<v1::SubsidyReserved>(2);
  const auto refused = log_.Await<v1::SubsidyRefused>(6);
  ASSERT_EQ(reserved.size(), 2u);
  EXPECT_EQ(reserved[0].grant().amount_fen() + reserved[1].grant().amount_fen(), 120000);
  for (const v1::SubsidyRefused& fact : refused) {
    EXPECT_THAT(fact.grant().refusal_codes(), ElementsAre("YEARLY_CAP"));
  }
  int64_t held = 0;
  const storage::v1::BeneficiaryRecord person = Person();
  for (const v1::Delivery& open : person.open()) held += open.subsidy_fen();
  EXPECT_EQ(held, 120000);
}

TEST_F(EntitlementsTest, WhatIsGivenBackIsThereAgain) {
  Prepare();
  stream_.Publish(Submitted(1));
  log_.Await<v1::EntitlementHeld>(1);
  log_.Await<v1::SubsidyReserved>(1);
  stream_.Publish(Submitted(2));
  log_.Await<v1::SubsidyReserved>(2);
  EXPECT_EQ(Grant(IdOf(2)).amount_fen(), 22000);
  ASSERT_EQ(Grant(IdOf(2)).history_size(), 1) << "what the other one holds is in the snapshot";
  stream_.Publish(ForItem(ApplicationsStream::Ended(IdOf(1)), 1));
  stream_.Publish(ForItem(ApplicationsStream::Ended(IdOf(2)), 2));
  log_.Await<v1::EntitlementDropped>(2);
  EXPECT_EQ(Person().open_size(), 0);
  stream_.Publish(Submitted(3));
  log_.Await<v1::SubsidyReserved>(3);
  EXPECT_EQ(Grant(IdOf(3)).amount_fen(), 98000);
}

TEST_F(EntitlementsTest, AnAcceptanceTurnsItIntoADelivery) {
  Prepare();
  stream_.Publish(Submitted(1));
  stream_.Publish(ForItem(ApplicationsStream::Accepted(IdOf(1), "2026-03-02"), 1));
  log_.Await<v1::DeliveryRecorded>(1);
  const storage::v1::BeneficiaryRecord person = Person();
  EXPECT_EQ(person.open_size(), 0);
  ASSERT_EQ(person.deliveries_size(), 1);
  EXPECT_EQ(person.deliveries(0).subsidy_fen(), 98000);
  EXPECT_EQ(person.deliveries(0).decision_date(), "2026-03-02");
  EXPECT_EQ(person.deliveries(0).item_code(), "X01");
  stream_.Publish(Submitted(2));
  log_.Await<v1::SubsidyReserved>(2);
  EXPECT_EQ(Grant(IdOf(2)).amount_fen(), 22000);
}

// A case that waits for money was granted what it holds of the person's limit, and keeps it until
// it leaves the queue.
TEST_F(EntitlementsTest, WhoWaitsForMoneyHoldsIt) {
  Prepare(120000, 50000);
  stream_.Publish(Submitted(1));
  log_.Await<v1::SubsidyQueued>(1);
  EXPECT_EQ(Person().open_size(), 1);
  stream_.Publish(ForItem(ApplicationsStream::Ended(IdOf(1)), 1));
  log_.Await<v1::EntitlementDropped>(1);
  EXPECT_EQ(Person().open_size(), 0);
}

TEST_F(EntitlementsTest, AFixedPriceChangesWhatIsHeld) {
  Prepare();
  stream_.Publish(Submitted(1));
  stream_.Publish(ForItem(ApplicationsStream::PriceFixed(IdOf(1), 90000, 2), 1));
  log_.Await<v1::EntitlementHeld>(2);
  ASSERT_EQ(Person().open_size(), 1);
  EXPECT_EQ(Person().open(0).subsidy_fen(), 90000);
}

// The first step had been committed when the process was killed: the event comes again.
TEST_F(EntitlementsTest, AKillBetweenTheTwoStepsIsHarmless) {
  Prepare();
  v1::SubsidyDecision decision;
  decision.set_item_code("X01");
  decision.set_device_division("122201");
  decision.set_subsidy_fen(98000);
  decision.set_decision_date("2026-03-02");
  absl::Notification held;
  chassis::Command command;
  command.actor = "system:catalogue";
  instance_.stores().beneficiaries.Update(
      kPerson, std::move(command),
      [&decision](const auto& current) {
        return HoldEntitlement(current, kPerson,
                               EntitlementOf("applications/" + IdOf(1), decision, ""));
      },
      [&held](const auto& committed) {
        EXPECT_TRUE(committed.ok()) << committed.status();
        held.Notify();
      });
  held.WaitForNotification();
  stream_.Publish(Submitted(1));
  log_.Await<v1::SubsidyReserved>(1);
  EXPECT_EQ(Grant(IdOf(1)).amount_fen(), 98000) << "its own does not count against it";
  EXPECT_EQ(Grant(IdOf(1)).history_size(), 0);
  EXPECT_EQ(Person().open_size(), 1);
  EXPECT_EQ(log_.Count<v1::EntitlementHeld>(), 1u);
}

TEST_F(EntitlementsTest, RepeatsHaveNoSecondEffect) {
  Prepare();
  stream_.Publish(Submitted(1));
  stream_.RepeatLast();
  stream_.Publish(ForItem(ApplicationsStream::Ended(IdOf(1)), 1));
  stream_.RepeatLast();
  log_.Await<v1::EntitlementDropped>(1);
  // Behind the repeat, in the same partition.
  stream_.Publish(ForItem(ApplicationsStream::Reopened(IdOf(1)), 1));
  log_.Await<v1::SubsidyReserved>(2);
  EXPECT_EQ(Person().open_size(), 1);
  EXPECT_EQ(log_.Count<v1::EntitlementHeld>(), 2u);
  EXPECT_EQ(log_.Count<v1::EntitlementDropped>(), 1u);
}

// The case holds what it held, wherever it is; a repeat of the move changes nothing.
TEST_F(EntitlementsTest, AMoveToAnotherCountyKeepsIt) {
  Prepare();
  stream_.Publish(Submitted(1));
  stream_.Publish(ForItem(ApplicationsStream::Transferred(IdOf(1), "620102", "620103", 2), 1));
  stream_.RepeatLast();
  log_.Await<v1::SubsidyReserved>(2);
  auto ended = ForItem(ApplicationsStream::Ended(IdOf(1)), 1);
  ended.mutable_application()->set_county_code("620103");
  EXPECT_EQ(Person().open_size(), 1);
  stream_.Publish(ended);
  log_.Await<v1::EntitlementDropped>(1);
  EXPECT_EQ(Person().open_size(), 0);
  EXPECT_EQ(log_.Count<v1::EntitlementHeld>(), 1u);
}

// Without a limit of the person nothing is written about the person before the acceptance.
TEST_F(EntitlementsTest, NoLimitNoCommit) {
  Prepare(0);
  stream_.Publish(Submitted(1));
  stream_.Publish(ForItem(ApplicationsStream::Ended(IdOf(1)), 1));
  log_.Await<v1::SubsidyReleased>(1);
  EXPECT_EQ(log_.Count<v1::EntitlementHeld>(), 0u);
  EXPECT_EQ(Person().person_key(), "");
}

}  // namespace
}  // namespace fuju::catalogue
