#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "applications_stream.h"
#include "catalogue/decision/render_decision.h"
#include "catalogue_instance.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/catalogue/v1/ledger_events.pb.h"
#include "support/fact_log.h"

namespace fuju::catalogue {
namespace {

using testing::ElementsAre;
using Stub = v1::CatalogueService::Stub;

constexpr char kFirst[] = "620102-01HZX3M9Q2V7N8K4T6R5W1Y0AA";
constexpr char kSecond[] = "620102-01HZX3M9Q2V7N8K4T6R5W1Y0BB";
constexpr char kMarker[] = "620102-01HZX3M9Q2V7N8K4T6R5W1Y0ZZ";

class ReactionsTest : public testing::Test {
 protected:
  void Prepare(int64_t budget_fen = 1000000) {
    instance_.ImportGansu();
    ASSERT_TRUE(instance_.Allocate("620102", budget_fen, "prepare").ok());
  }
  absl::StatusOr<v1::Grant> Grant(const std::string& id) {
    v1::GetGrantRequest request;
    request.set_name("grants/" + id);
    return instance_.Call(&Stub::GetGrant, request, "");
  }
  void ExpectBudget(int64_t available, int64_t reserved, int64_t payable) {
    const v1::Budget budget = instance_.BudgetOf("620102");
    EXPECT_EQ(budget.available_fen(), available);
    EXPECT_EQ(budget.reserved_fen(), reserved);
    EXPECT_EQ(budget.payable_fen(), payable);
    EXPECT_EQ(budget.paid_fen(), 0);
    EXPECT_EQ(budget.allocated_fen(), available + reserved + payable);
  }
  // Events of one partition are read in their order, so once the marker's reservation came, all
  // that was published before it has been handed out; ending it as well waits for what runs beside
  // it.
  void AwaitMarker(size_t reserved_before) {
    stream_.Publish(ApplicationsStream::Submitted(kMarker, 'z'));
    stream_.Publish(ApplicationsStream::Ended(kMarker));
    log_.Await<v1::SubsidyReserved>(reserved_before + 1);
    log_.Await<v1::SubsidyReleased>(1);
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_{TestTime()};
  CatalogueInstance instance_{redis_, &clock_};
  test_support::FactLog log_{instance_.fanout(), kPartitions};
  ApplicationsStream stream_{&redis_};
};

TEST_F(ReactionsTest, ReserveThenSettleAndRecordTheDelivery) {
  Prepare();
  stream_.Publish(ApplicationsStream::Submitted(kFirst));
  const auto reserved = log_.AwaitEvents<v1::SubsidyReserved>(1);
  ASSERT_EQ(reserved.size(), 1u);
  EXPECT_EQ(reserved[0].subject(), std::string("grants/") + kFirst);
  EXPECT_EQ(reserved[0].correlation_id(), std::string("applications/") + kFirst);
  EXPECT_EQ(reserved[0].causation_id(), std::string("applications/") + kFirst + "@1");
  EXPECT_EQ(reserved[0].actor(), "system:catalogue");
  ExpectBudget(902000, 98000, 0);

  stream_.Publish(ApplicationsStream::Accepted(kFirst, "2026-03-02"));
  const auto delivered = log_.Await<v1::DeliveryRecorded>(1);
  ASSERT_EQ(delivered.size(), 1u);
  ExpectBudget(902000, 0, 98000);
  const auto grant = Grant(kFirst);
  ASSERT_TRUE(grant.ok()) << grant.status();
  EXPECT_EQ(grant->state(), v1::GRANT_STATE_SETTLED);
  EXPECT_EQ(grant->vendor(), "vendors/91620100MA00000000");
  EXPECT_EQ(grant->decision().subsidy_fen(), 98000);
  EXPECT_EQ(log_.Count<v1::SubsidySettled>(), 1u);

  // The next application of the same person falls into the replacement interval.
  stream_.Publish(ApplicationsStream::Submitted(kSecond));
  log_.Await<v1::SubsidyRefused>(1);
  EXPECT_THAT(Grant(kSecond)->refusal_codes(), ElementsAre("REPLACEMENT_INTERVAL"));
  ExpectBudget(902000, 0, 98000);
}

TEST_F(ReactionsTest, SettleWhatWasInvoiced) {
  Prepare();
  stream_.Publish(ApplicationsStream::Submitted(kFirst));
  auto accepted = ApplicationsStream::Accepted(kFirst, "2026-03-02");
  accepted.mutable_application()->mutable_service()->set_invoice_fen(60000);
  stream_.Publish(accepted);
  stream_.RepeatLast();
  EXPECT_EQ(log_.Await<v1::DeliveryRecorded>(1)[0].delivery().subsidy_fen(), 60000);
  ExpectBudget(940000, 0, 60000);
  EXPECT_EQ(Grant(kFirst)->decision().approved_price_fen(), 60000);
}

TEST_F(ReactionsTest, ReleaseWhatACaseThatEndedHeld) {
  Prepare();
  stream_.Publish(ApplicationsStream::Submitted(kFirst));
  stream_.Publish(ApplicationsStream::Ended(kFirst));
  log_.Await<v1::SubsidyReleased>(1);
  ExpectBudget(1000000, 0, 0);
  EXPECT_EQ(Grant(kFirst)->state(), v1::GRANT_STATE_RELEASED);
}

// A rejected case whose appeal was granted.
TEST_F(ReactionsTest, ReserveAnewWhatWasGivenBack) {
  Prepare();
  stream_.Publish(ApplicationsStream::Submitted(kFirst));
  stream_.Publish(ApplicationsStream::Ended(kFirst));
  stream_.Publish(ApplicationsStream::Reopened(kFirst));
  log_.Await<v1::SubsidyReserved>(2);
  ExpectBudget(902000, 98000, 0);
  EXPECT_EQ(Grant(kFirst)->state(), v1::GRANT_STATE_RESERVED);
  stream_.Publish(ApplicationsStream::Ended(kFirst));
  log_.Await<v1::SubsidyReleased>(2);
  ExpectBudget(1000000, 0, 0);
}

// Its money went to another case meanwhile.
TEST_F(ReactionsTest, LetACaseWaitThatIsReopenedWithoutMoney) {
  Prepare();
  stream_.Publish(ApplicationsStream::Submitted(kFirst));
  stream_.Publish(ApplicationsStream::Ended(kFirst));
  log_.Await<v1::SubsidyReleased>(1);

  ASSERT_TRUE(instance_.Allocate("620102", -950000, "taken").ok());
  stream_.Publish(ApplicationsStream::Reopened(kFirst));
  log_.Await<v1::SubsidyQueued>(1);
  EXPECT_EQ(Grant(kFirst)->state(), v1::GRANT_STATE_QUEUED);
  ExpectBudget(50000, 0, 0);
}

// The old county gets its money back, the new one pays; then the person comes home again. A repeat
// of each fact has no effect.
TEST_F(ReactionsTest, MoveTheMoneyOfATransferredCase) {
  Prepare();
  ASSERT_TRUE(instance_.Allocate("620103", 500000, "other-county").ok());
  const std::string elsewhere = "620103" + std::string(kFirst).substr(6);
  const auto other = [&] { return instance_.BudgetOf("620103"); };
  stream_.Publish(ApplicationsStream::Submitted(kFirst));
  stream_.Publish(ApplicationsStream::Transferred(kFirst, "620102", "620103", 2));
  stream_.RepeatLast();
  log_.Await<v1::SubsidyReserved>(2);
  ExpectBudget(1000000, 0, 0);
  EXPECT_EQ(other().available_fen(), 402000);
  EXPECT_EQ(other().reserved_fen(), 98000);
  EXPECT_EQ(Grant(kFirst)->state(), v1::GRANT_STATE_RELEASED);
  EXPECT_EQ(Grant(elsewhere)->state(), v1::GRANT_STATE_RESERVED);
  EXPECT_EQ(Grant(elsewhere)->application(), std::string("applications/") + kFirst);
  EXPECT_EQ(Grant(elsewhere)->funding_request(), 2);

  stream_.Publish(ApplicationsStream::Transferred(kFirst, "620103", "620102", 3));
  stream_.RepeatLast();
  log_.Await<v1::SubsidyReserved>(3);
  ExpectBudget(902000, 98000, 0);
  EXPECT_EQ(other().available_fen(), 500000);
  EXPECT_EQ(Grant(kFirst)->funding_request(), 3);

  stream_.Publish(ApplicationsStream::Ended(kFirst));
  log_.Await<v1::SubsidyReleased>(3);
  ExpectBudget(1000000, 0, 0);
  EXPECT_EQ(log_.Count<v1::SubsidyReserved>(), 3u);
}

TEST_F(ReactionsTest, LetATransferredCaseWaitWithoutMoney) {
  Prepare();
  ASSERT_TRUE(instance_.Allocate("620103", 50000, "other-county").ok());
  stream_.Publish(ApplicationsStream::Submitted(kFirst));
  stream_.Publish(ApplicationsStream::Transferred(kFirst, "620102", "620103", 2));
  const auto queued = log_.Await<v1::SubsidyQueued>(1);
  EXPECT_EQ(queued[0].grant().county_code(), "620103");
  EXPECT_EQ(queued[0].grant().funding_request(), 2);
  ExpectBudget(1000000, 0, 0);
}

TEST_F(ReactionsTest, HoldTheAmountOfAFixedPrice) {
  Prepare(98000);
  stream_.Publish(ApplicationsStream::Submitted(kFirst));
  stream_.Publish(ApplicationsStream::PriceFixed(kFirst, 90000, 2));
  stream_.RepeatLast();
  const auto repriced = log_.Await<v1::SubsidyRepriced>(1);
  EXPECT_EQ(repriced[0].grant().decision().self_pay_fen(), 0);
  ExpectBudget(8000, 90000, 0);

  // The rest is given to somebody else; then the officer thinks better of it.
  ASSERT_TRUE(instance_.Allocate("620102", -8000, "taken").ok());
  stream_.Publish(ApplicationsStream::PriceFixed(kFirst, 95000, 3));
  const auto refused = log_.Await<v1::SubsidyRepriced>(2);
  EXPECT_TRUE(refused[1].refused());
  EXPECT_EQ(refused[1].grant().funding_request(), 3);
  EXPECT_EQ(refused[1].grant().decision().approved_price_fen(), 90000);
  ExpectBudget(0, 90000, 0);
  EXPECT_EQ(log_.Count<v1::SubsidyRepriced>(), 2u);
}

TEST_F(ReactionsTest, DoNothingForADraftThatEnded) {
  Prepare();
  stream_.Publish(ApplicationsStream::Ended(kFirst));
  AwaitMarker(0);
  EXPECT_EQ(Grant(kFirst).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(log_.Count<v1::SubsidyReleased>(), 1u) << "the marker's only";
}

TEST_F(ReactionsTest, RefuseWithReasons) {
  Prepare();
  auto unknown_item = ApplicationsStream::Submitted("620102-01HZX3M9Q2V7N8K4T6R5W1Y001", '1');
  unknown_item.mutable_application()->mutable_request()->set_item_code("Z99");
  auto other_division = ApplicationsStream::Submitted("620102-01HZX3M9Q2V7N8K4T6R5W1Y002", '2');
  other_division.mutable_application()->mutable_request()->set_device_division("120303");
  auto two_reasons = ApplicationsStream::Submitted("620102-01HZX3M9Q2V7N8K4T6R5W1Y003", '3');
  two_reasons.mutable_facts()->set_grade(4);
  two_reasons.mutable_facts()->set_other_payer(true);
  auto two_pieces = ApplicationsStream::Submitted("620102-01HZX3M9Q2V7N8K4T6R5W1Y004", '4');
  two_pieces.mutable_application()->mutable_request()->set_quantity(2);
  stream_.Publish(two_pieces);
  stream_.Publish(unknown_item);
  stream_.Publish(other_division);
  stream_.Publish(two_reasons);
  log_.Await<v1::SubsidyRefused>(4);
  EXPECT_THAT(Grant("620102-01HZX3M9Q2V7N8K4T6R5W1Y004")->refusal_codes(),
              ElementsAre("QUANTITY_LIMIT"));
  EXPECT_THAT(Grant("620102-01HZX3M9Q2V7N8K4T6R5W1Y001")->refusal_codes(),
              ElementsAre("ITEM_UNKNOWN"));
  EXPECT_THAT(Grant("620102-01HZX3M9Q2V7N8K4T6R5W1Y002")->refusal_codes(),
              ElementsAre("DIVISION_MISMATCH"));
  EXPECT_THAT(Grant("620102-01HZX3M9Q2V7N8K4T6R5W1Y003")->refusal_codes(),
              ElementsAre("DISABILITY_GRADE", "OTHER_PAYER"));
  ExpectBudget(1000000, 0, 0);
}

TEST_F(ReactionsTest, QueueWithoutMoneyOrBudget) {
  Prepare(97999);
  stream_.Publish(ApplicationsStream::Submitted(kFirst));
  // A county that never got a budget has no money either.
  const std::string elsewhere = "620103-01HZX3M9Q2V7N8K4T6R5W1Y0AA";
  stream_.Publish(ApplicationsStream::Submitted(elsewhere, 'b'));
  log_.Await<v1::SubsidyQueued>(2);
  for (const std::string& id : {std::string(kFirst), elsewhere}) {
    EXPECT_EQ(Grant(id)->state(), v1::GRANT_STATE_QUEUED);
    EXPECT_TRUE(Grant(id)->decision().eligible());
  }
  ExpectBudget(97999, 0, 0);
}

TEST_F(ReactionsTest, HaveNoSecondEffectWhenRepeated) {
  Prepare();
  stream_.Publish(ApplicationsStream::Submitted(kFirst));
  stream_.RepeatLast();
  stream_.RepeatLast();
  stream_.Publish(ApplicationsStream::Accepted(kFirst, "2026-03-02"));
  stream_.RepeatLast();
  stream_.RepeatLast();
  log_.Await<v1::DeliveryRecorded>(1);
  AwaitMarker(1);
  EXPECT_EQ(log_.Count<v1::SubsidyReserved>(), 2u) << "with the marker's";
  EXPECT_EQ(log_.Count<v1::SubsidySettled>(), 1u);
  EXPECT_EQ(log_.Count<v1::DeliveryRecorded>(), 1u);
  ExpectBudget(902000, 0, 98000);
}

// The applicant does not suffer from a province that has not published yet.
TEST_F(ReactionsTest, WaitForTheFirstCatalogue) {
  ASSERT_TRUE(instance_.Allocate("620102", 1000000, "early").ok());
  stream_.Publish(ApplicationsStream::Submitted(kFirst));
  instance_.ImportGansu();
  log_.Await<v1::SubsidyReserved>(1);
  EXPECT_EQ(Grant(kFirst)->state(), v1::GRANT_STATE_RESERVED);
  EXPECT_EQ(log_.Count<v1::SubsidyRefused>(), 0u);
}

TEST_F(ReactionsTest, ReserveInTheYearOfTheDecision) {
  Prepare();
  clock_.Set(absl::FromCivil(absl::CivilDay(2027, 1, 1), absl::FixedTimeZone(8 * 3600)));
  stream_.Publish(ApplicationsStream::Submitted(kFirst));
  log_.Await<v1::SubsidyQueued>(1);
  EXPECT_EQ(Grant(kFirst)->fiscal_year(), 2027);
  ExpectBudget(1000000, 0, 0);
}

// An acceptance of what was refused can not be right: an operator has to see it, and the money
// stays.
TEST_F(ReactionsTest, LeaveAContradictionToAnOperator) {
  Prepare();
  auto refused = ApplicationsStream::Submitted(kFirst);
  refused.mutable_facts()->set_grade(4);
  stream_.Publish(refused);
  stream_.Publish(ApplicationsStream::Accepted(kFirst, "2026-03-02"));
  log_.Await<v1::SubsidyRefused>(1);
  const std::vector<chassis::DeadLetter> letters = instance_.AwaitDeadLetters(1);
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(letters[0].subject, std::string("applications/") + kFirst);
  EXPECT_EQ(letters[0].type, "fuju.applications.v1.ApplicationAccepted");
  EXPECT_EQ(letters[0].attempts, 3);
  ExpectBudget(1000000, 0, 0);
  EXPECT_EQ(log_.Count<v1::DeliveryRecorded>(), 0u);
}

TEST_F(ReactionsTest, TellsNobodysName) {
  Prepare();
  stream_.Publish(ApplicationsStream::Submitted(kFirst));
  const auto events = log_.AwaitEvents<v1::SubsidyReserved>(1);
  v1::SubsidyReserved fact;
  ASSERT_TRUE(events[0].data().UnpackTo(&fact));
  EXPECT_EQ(fact.grant().facts().person_key(), std::string(64, 'a'));
  // Who reads the grant gets the sources, too.
  AddSources(*fact.mutable_grant()->mutable_decision());
  EXPECT_EQ(fact.grant().SerializeAsString(), Grant(kFirst)->SerializeAsString());
}

}  // namespace
}  // namespace fuju::catalogue
