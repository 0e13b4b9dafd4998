// The whole life of a case, in random chains: every command, fact and timer at any time, facts of
// old attempts and answers to old questions among them. Whatever happens, a case that waits has
// somebody or a clock, the money is where the case is, and there is a way to the end.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "applications/appeal_decisions.h"
#include "applications/county_transfer.h"
#include "applications/deadline_decisions.h"
#include "applications/desk/claim_decisions.h"
#include "applications/footprint.h"
#include "applications/price_decisions.h"
#include "applications/review_decisions.h"
#include "applications/service_decisions.h"
#include "applications/staff_roles.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "fuju/applications/v1/review_events.pb.h"
#include "fuju/applications/v1/transfer_events.pb.h"
#include "unit/applications/random_chain.h"
#include "unit/applications/shipped_chains.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using testing::BookWith;
using testing::Chance;
using testing::kNewAddress;
using testing::kNote;
using testing::Number;
using testing::OrderOf;
using testing::Random;
using testing::RoundOf;
using testing::TestCase;

constexpr const char* kCounties[] = {"620102", "620103", "620104"};

// Plays the catalogue: what it holds for whom follows from the facts alone, in their order.
class Money {
 public:
  void Follow(const google::protobuf::Message& fact) {
    if (const auto* ended = dynamic_cast<const v1::ApplicationEnded*>(&fact)) {
      held_.erase(ended->application().county_code());
    } else if (const auto* moved = dynamic_cast<const v1::ApplicationTransferred*>(&fact)) {
      held_.erase(moved->from_county_code());
      Ask(moved->application());
    } else if (const auto* submitted = dynamic_cast<const v1::ApplicationSubmitted*>(&fact)) {
      Ask(submitted->application());
    } else if (const auto* reopened = dynamic_cast<const v1::ApplicationReopened*>(&fact)) {
      Ask(reopened->application());
    } else if (const auto* priced = dynamic_cast<const v1::ApplicationPriceFixed*>(&fact)) {
      price_ = priced->price_fen();
      question_ = priced->application().funding_request();
    }
  }

  // The answer to the last question.
  catalogue::v1::Grant Reserved() const {
    catalogue::v1::Grant grant = testing::ReservedGrant();
    grant.set_funding_request(question_);
    return grant;
  }
  catalogue::v1::Grant Repriced() const {
    catalogue::v1::Grant grant = Reserved();
    grant.mutable_decision()->set_approved_price_fen(price_);
    grant.mutable_decision()->set_subsidy_fen(price_);
    return grant;
  }
  // The catalogue refuses, and holds nothing.
  void Refuse() { held_.clear(); }

  const std::set<std::string>& held() const { return held_; }
  int question() const { return question_; }

 private:
  void Ask(const v1::Application& application) {
    held_.insert(application.county_code());
    question_ = application.funding_request();
  }

  std::set<std::string> held_;
  int question_ = 0;
  int64_t price_ = 0;
};

class Life {
 public:
  explicit Life(unsigned seed)
      : random_(seed),
        config_(testing::RandomChain(random_)),
        chains_(BookWith(config_)),
        case_(TestCase::Drafted(Rules{testing::DefaultLimits(), testing::Calendar(), chains_,
                                      testing::DefaultRules().intake})) {}

  const TestCase& the_case() const { return case_; }
  const std::map<std::string, int>& done() const { return done_; }

  void RandomStep() {
    if (Chance(random_, 30)) case_.Advance(absl::Hours(Number(random_, 1, 90)));
    FireDueTimer();
    // Of moves at random alone few lives would come to a vendor.
    const bool appealed = case_.state() == v1::APPLICATION_STATE_APPEALED;
    if (Chance(random_, appealed ? 2 : 20) && !IsFinal(case_.state())) return DiligentStep();
    const MoveInfo& info = RandomMove();
    if (info.mover == Mover::kTimer) return;
    // What ends the case is seldom, or none would get far.
    const bool ends = info.move == Move::kWithdraw || info.move == Move::kTerminate;
    if (ends && !Chance(random_, 12)) return;
    const bool refuses = info.move == Move::kReject || info.move == Move::kSubsidyRefused;
    if (refuses && !Chance(random_, 50)) return;
    const bool fails = info.move == Move::kDispatchFailed || info.move == Move::kOrderAbandoned;
    if (fails && !Chance(random_, 40)) return;
    ActAsSomebody();
    Result result = Try(info.move);
    if (info.mover == Mover::kFact) {
      // A fact is never an error, however late it comes.
      ASSERT_TRUE(result.ok()) << info.name << ": " << result.status();
    }
    if (!result.ok()) {
      EXPECT_NE(result.status().code(), absl::StatusCode::kInternal) << result.status();
      return;
    }
    Take(info, std::move(result));
  }

  // Any, but what comes after a refusal more often: else there would hardly be an appeal.
  const MoveInfo& RandomMove() {
    if (IsLegal(case_.state(), Move::kAppeal) && Chance(random_, 20)) return InfoOf(Move::kAppeal);
    if (IsLegal(case_.state(), Move::kDismissAppeal) && Chance(random_, 20)) {
      return InfoOf(Move::kDismissAppeal);
    }
    return AllMoves()[Number(random_, 0, static_cast<int>(AllMoves().size()) - 1)];
  }

  // Everybody does at once what brings the case to its end.
  void DiligentStep() {
    const int attempt = NextAttempt();
    GiveBack();
    switch (case_.state()) {
      case v1::APPLICATION_STATE_DRAFT:
        return Do(Move::kSubmit, case_.Try(Move::kSubmit));
      case v1::APPLICATION_STATE_SUBMITTED:
        return Do(Move::kSubsidyReserved, DecideSubsidyReserved(case_.record(), money_.Reserved(),
                                                                case_.rules(), case_.act()));
      case v1::APPLICATION_STATE_PRICING:
        return Do(Move::kSubsidyRepriced, DecideSubsidyRepriced(case_.record(), money_.Repriced(),
                                                                false, case_.rules(), case_.act()));
      case v1::APPLICATION_STATE_UNDER_REVIEW:
        ActForTheStage();
        return Do(Move::kApprove, case_.Try(Move::kApprove));
      case v1::APPLICATION_STATE_ON_HOLD:
        ActForTheStage();
        return Do(Move::kResume, case_.Try(Move::kResume));
      case v1::APPLICATION_STATE_SUPPLEMENT:
        return Do(Move::kSupplement, case_.Try(Move::kSupplement));
      case v1::APPLICATION_STATE_APPEALED:
        return Do(Move::kGrantAppeal, DecideGrantAppeal(case_.record(), "", case_.rules(),
                                                        {case_.now(), "prefecture_officer:only"}));
      case v1::APPLICATION_STATE_APPROVED:
        return Do(
            Move::kDispatchAccepted,
            DecideDispatchAccepted(
                case_.record(), RoundOf(attempt, dispatch::v1::ROUND_STATE_ASSIGNED), case_.act()));
      case v1::APPLICATION_STATE_DISPATCHED:
        return Do(
            Move::kOrderScheduled,
            DecideOrderScheduled(
                case_.record(), OrderOf(attempt, fitting::v1::ORDER_STATE_SCHEDULED), case_.act()));
      case v1::APPLICATION_STATE_SCHEDULED:
        return Do(Move::kOrderCompleted,
                  DecideOrderCompleted(case_.record(),
                                       OrderOf(attempt, fitting::v1::ORDER_STATE_COMPLETED),
                                       case_.rules(), case_.act()));
      case v1::APPLICATION_STATE_WITHDRAWING:
      case v1::APPLICATION_STATE_TRANSFERRING:
        return Do(Move::kDispatchCancelled,
                  DecideDispatchCancelled(case_.record(),
                                          RoundOf(attempt, dispatch::v1::ROUND_STATE_CANCELLED),
                                          case_.rules(), case_.act()));
      case v1::APPLICATION_STATE_FITTED:
        return Do(Move::kConfirmReceipt, case_.Try(Move::kConfirmReceipt));
      case v1::APPLICATION_STATE_ACCEPTED:
        return Do(Move::kSubsidySettled, case_.Try(Move::kSubsidySettled));
      case v1::APPLICATION_STATE_FOLLOW_UP:
        return Do(Move::kAnswerFollowUp, case_.Try(Move::kAnswerFollowUp));
      default:
        // A notice, and what comes after the payment, end by themselves.
        ASSERT_TRUE(case_.record().has_limit()) << StateName(case_.state());
        case_.MoveTo(std::max(case_.now(), chassis::ToTime(case_.record().limit().due_time())));
        FireDueTimer();
    }
  }

  void CheckInvariants() const {
    const Record& record = case_.record();
    const v1::Application& application = case_.application();
    const ApplicationState state = case_.state();
    SCOPED_TRACE(StateName(state));
    // The county that has the case holds its money, and nobody else does.
    EXPECT_LE(money_.held().size(), 1u);
    for (const std::string& county : money_.held()) EXPECT_EQ(county, application.county_code());
    if (application.subsidy().reserved()) {
      EXPECT_EQ(money_.held().size(), 1u);
    }
    EXPECT_EQ(application.funding_request(), money_.question());
    const bool before_hand_over =
        !MayLead(v1::APPLICATION_STATE_FITTED, Move::kConfirmReceipt, state) &&
        state != v1::APPLICATION_STATE_FITTED && state != v1::APPLICATION_STATE_PAID &&
        state != v1::APPLICATION_STATE_FOLLOW_UP && state != v1::APPLICATION_STATE_CLOSED;
    if (IsFinal(state) && before_hand_over) {
      EXPECT_TRUE(money_.held().empty());
      EXPECT_FALSE(application.subsidy().reserved());
    }
    // A clock of a stage runs exactly in the stage, and what stands still has something left.
    const bool in_stage =
        state == v1::APPLICATION_STATE_UNDER_REVIEW || state == v1::APPLICATION_STATE_SUPPLEMENT ||
        state == v1::APPLICATION_STATE_PUBLIC_NOTICE || state == v1::APPLICATION_STATE_ON_HOLD ||
        state == v1::APPLICATION_STATE_PRICING;
    EXPECT_EQ(record.has_review_clock(), in_stage);
    EXPECT_EQ(!application.review().stage().empty(), in_stage);
    if (in_stage) {
      EXPECT_TRUE(record.review_clock().has_due_time());
      if (record.review_clock().paused()) {
        EXPECT_GT(record.review_clock().working_days(), 0);
      }
    }
    // Who has it, until when: nobody at the end, and a person always has a date.
    EXPECT_EQ(application.holder().party().empty(), IsFinal(state));
    if (in_stage && state != v1::APPLICATION_STATE_PRICING) {
      EXPECT_TRUE(application.holder().has_due_time());
      EXPECT_TRUE(application.review().has_promise());
    }
    if (WaitsForATimer(state)) {
      EXPECT_TRUE(record.has_limit());
    }
    if (IsFinal(state)) {
      EXPECT_TRUE(FootprintOf(testing::kId, record).timers.empty());
    }
    // A transfer is under way exactly while the vendor side is asked to stop because of it.
    const bool moving = absl::c_any_of(
        application.transfers(), [](const auto& transfer) { return !transfer.has_end_time(); });
    EXPECT_EQ(moving, state == v1::APPLICATION_STATE_TRANSFERRING);
    EXPECT_EQ(application.name(), NameOf(testing::kId));
    EXPECT_EQ(application.timeline_size(), record.entry_details_size());
  }

 private:
  // Without a timer the case would stay so for ever, if nobody did anything.
  static bool WaitsForATimer(ApplicationState state) {
    return state == v1::APPLICATION_STATE_SUPPLEMENT ||
           state == v1::APPLICATION_STATE_PUBLIC_NOTICE || state == v1::APPLICATION_STATE_PAID ||
           state == v1::APPLICATION_STATE_FOLLOW_UP;
  }

  int NextAttempt() const {
    const storage::v1::VendorSearch& search = case_.record().vendor_search();
    const int newest = std::max(search.attempt(), search.from_attempt());
    return case_.state() == v1::APPLICATION_STATE_DISPATCHED ||
                   case_.state() == v1::APPLICATION_STATE_SCHEDULED
               ? newest
               : newest + 1;
  }

  Result Try(Move move) {
    const Record& record = case_.record();
    const Rules& rules = case_.rules();
    const Act act = case_.act();
    // Of the newest attempt, the next, or an old one.
    const int n = std::max(1, record.vendor_search().attempt() + Number(random_, -2, 1));
    switch (move) {
      case Move::kDismissAppeal:
        return DecideDismissAppeal(record, kNote, rules, {act.now, "prefecture_officer:only"});
      case Move::kTransfer:
        return DecideTransfer(record, {kCounties[Number(random_, 0, 2)], kNewAddress, kNote}, rules,
                              act);
      case Move::kFixPrice:
        return DecideFixPrice(record, Number(random_, 1, 100000), Verdict{"", {}, ""}, rules, act);
      case Move::kSubsidyReserved:
      case Move::kSubsidyRefused: {
        // The answer to an earlier question comes first, now and then.
        catalogue::v1::Grant grant = move == Move::kSubsidyReserved
                                         ? money_.Reserved()
                                         : testing::RefusedGrant(Chance(random_, 50));
        const int late = Chance(random_, 30) ? 1 : 0;
        grant.set_funding_request(std::max(1, money_.question() - late));
        return move == Move::kSubsidyReserved ? DecideSubsidyReserved(record, grant, rules, act)
                                              : DecideSubsidyRefused(record, grant, rules, act);
      }
      case Move::kSubsidyRepriced:
        return DecideSubsidyRepriced(record, money_.Repriced(), Chance(random_, 20), rules, act);
      case Move::kDispatchAccepted:
        return DecideDispatchAccepted(record, RoundOf(n, dispatch::v1::ROUND_STATE_ASSIGNED), act);
      case Move::kDispatchExhausted:
        return DecideDispatchExhausted(record, RoundOf(n, dispatch::v1::ROUND_STATE_MANUAL), act);
      case Move::kDispatchFailed:
        return DecideDispatchFailed(record, RoundOf(n, dispatch::v1::ROUND_STATE_FAILED), "", rules,
                                    act);
      case Move::kDispatchCancelled:
        return DecideDispatchCancelled(record, RoundOf(n, dispatch::v1::ROUND_STATE_CANCELLED),
                                       rules, act);
      case Move::kDispatchRecalled:
        return DecideDispatchRecalled(record, RoundOf(n, dispatch::v1::ROUND_STATE_RECALLED), rules,
                                      act);
      case Move::kOrderScheduled:
        return DecideOrderScheduled(record, OrderOf(n, fitting::v1::ORDER_STATE_SCHEDULED), act);
      case Move::kOrderUnscheduled:
        return DecideOrderUnscheduled(record, OrderOf(n, fitting::v1::ORDER_STATE_OPEN), act);
      case Move::kOrderCompleted:
        // Else the hand-over would come before everything.
        if (!Chance(random_, 30)) return chassis::Decision<Record>::Unchanged();
        return DecideOrderCompleted(record, OrderOf(n, fitting::v1::ORDER_STATE_COMPLETED), rules,
                                    act);
      case Move::kOrderCancelled:
        return DecideOrderCancelled(record, OrderOf(n, fitting::v1::ORDER_STATE_CANCELLED), rules,
                                    act);
      case Move::kOrderReturned:
        return DecideOrderReturned(record, OrderOf(n, fitting::v1::ORDER_STATE_RETURNED), rules,
                                   act);
      case Move::kOrderAbandoned:
        return DecideOrderAbandoned(record, OrderOf(n, fitting::v1::ORDER_STATE_ABANDONED), rules,
                                    act);
      default:
        return case_.Try(move);
    }
  }

  void Do(Move move, Result result) {
    ASSERT_TRUE(result.ok()) << StateName(case_.state()) << ": " << result.status();
    ASSERT_TRUE(result->changed) << StateName(case_.state());
    Take(InfoOf(move), std::move(result));
  }
  void Take(const MoveInfo& info, Result result) {
    const bool refused = info.move == Move::kSubsidyRefused;
    const size_t before = case_.facts().size();
    if (!case_.Take(std::move(result))) return;
    if (refused) money_.Refuse();
    ++done_[std::string(info.name)];
    for (size_t i = before; i < case_.facts().size(); ++i) money_.Follow(*case_.facts()[i]);
  }
  void FireDueTimer() {
    if (!case_.record().has_limit()) return;
    if (case_.now() < chassis::ToTime(case_.record().limit().due_time())) return;
    Result result = DecideDeadline(case_.record(), case_.record().limit().name(), case_.rules(),
                                   {case_.now(), "system:applications"});
    ASSERT_TRUE(result.ok()) << result.status();
    Take(InfoOf(Move::kReviewOverdue), std::move(result));
  }
  void ActAsSomebody() {
    const storage::v1::DeskPlace& place = case_.record().desk_place();
    // Who has the case goes on with it, mostly: others are refused.
    if (place.has_claim() && Chance(random_, 60)) return case_.ActAs(place.claim().officer());
    const auto& role = StaffRoles()[Number(random_, 0, 5)];
    case_.ActAs(absl::StrCat(std::string(role.name), ":p", Number(random_, 1, 6)));
  }
  // Whoever works on the case gives it back, so that another can.
  void GiveBack() {
    if (!IsLegal(case_.state(), Move::kRelease) || !case_.record().desk_place().has_claim()) return;
    const Act act{case_.now(), case_.record().desk_place().claim().officer()};
    Do(Move::kRelease, DecideRelease(case_.record(), ClaimPolicy(), act));
  }
  // An officer who did nothing else for this county, or for one before.
  void ActForTheStage() {
    const v1::Review& review = case_.application().review();
    const auto stage = absl::c_find_if(
        config_.stages(), [&](const v1::Stage& one) { return one.id() == review.stage(); });
    case_.ActAs(absl::StrCat(stage->roles(0), ":only-of-", review.stage(), "-",
                             case_.application().transfers_size()));
  }

  Random random_;
  v1::Chain config_;
  ChainBook chains_;
  TestCase case_;
  Money money_;
  std::map<std::string, int> done_;
};

TEST(CaseLifePropertyTest, NoDeadEndNoLostClockAndTheMoneyIsWhereTheCaseIs) {
  std::map<std::string, int> done;
  std::map<std::string, int> ends;
  for (unsigned seed = 0; seed < 600; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Life life(seed);
    life.CheckInvariants();
    const int steps = 40 + static_cast<int>(seed % 200);
    for (int i = 0; i < steps && !::testing::Test::HasFailure(); ++i) {
      life.RandomStep();
      life.CheckInvariants();
    }
    // From wherever that led, there is a way to the end.
    for (int i = 0; i < 40 && !IsFinal(life.the_case().state()); ++i) {
      life.DiligentStep();
      if (::testing::Test::HasFailure()) return;
      life.CheckInvariants();
    }
    ASSERT_TRUE(IsFinal(life.the_case().state())) << StateName(life.the_case().state());
    for (const auto& [move, times] : life.done()) done[move] += times;
    ++ends[StateName(life.the_case().state())];
  }
  // The lives went everywhere. What is due by itself is counted as one.
  for (const MoveInfo& info : AllMoves()) {
    if (info.mover == Mover::kTimer && info.move != Move::kReviewOverdue) continue;
    EXPECT_GT(done[std::string(info.name)], 0) << info.name;
  }
  for (const ApplicationState state : AllStates()) {
    if (!IsFinal(state)) continue;
    EXPECT_GT(ends[StateName(state)], 0) << StateName(state);
  }
}

}  // namespace
}  // namespace fuju::applications
