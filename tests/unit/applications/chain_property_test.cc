// Whatever chain an area has and whatever people do with a case: no stage is a dead end, no clock
// is lost, and an end before the hand-over gives the money back.

#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "applications/appeal_decisions.h"
#include "applications/chain_check.h"
#include "applications/deadline_decisions.h"
#include "applications/footprint.h"
#include "applications/review_decisions.h"
#include "applications/staff_roles.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "unit/applications/random_chain.h"
#include "unit/applications/shipped_chains.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using testing::BookWith;
using testing::Calendar;
using testing::Chance;
using testing::DefaultLimits;
using testing::DefaultRules;
using testing::Number;
using testing::Random;
using testing::RandomChain;
using testing::TestCase;

bool IsInReview(ApplicationState state) {
  return state == v1::APPLICATION_STATE_UNDER_REVIEW || state == v1::APPLICATION_STATE_SUPPLEMENT ||
         state == v1::APPLICATION_STATE_PUBLIC_NOTICE || state == v1::APPLICATION_STATE_ON_HOLD;
}

// Somebody has still to do something before the approval.
bool IsUnderWay(ApplicationState state) {
  return IsInReview(state) || state == v1::APPLICATION_STATE_APPEALED ||
         state == v1::APPLICATION_STATE_SUBMITTED;
}

class Walk {
 public:
  explicit Walk(unsigned seed)
      : random_(seed),
        config_(RandomChain(random_)),
        chains_(BookWith(config_)),
        case_(
            TestCase::Drafted(Rules{DefaultLimits(), Calendar(), chains_, DefaultRules().intake})) {
    case_.Do(Move::kSubmit);
    catalogue::v1::Grant grant = testing::ReservedGrant();
    grant.mutable_decision()->set_assessment_level(Chance(random_, 50)
                                                       ? catalogue::v1::ASSESSMENT_LEVEL_NONE
                                                       : catalogue::v1::ASSESSMENT_LEVEL_BASIC);
    case_.Take(DecideSubsidyReserved(case_.record(), grant, case_.rules(), case_.act()));
  }

  const v1::Chain& config() const { return config_; }
  const TestCase& the_case() const { return case_; }

  // Something that somebody does, or a timer.
  void RandomStep() {
    constexpr Move kMoves[] = {Move::kApprove,  Move::kApprove,  Move::kReject,     Move::kReturn,
                               Move::kHold,     Move::kResume,   Move::kSupplement, Move::kObject,
                               Move::kWithdraw, Move::kTerminate};
    if (Chance(random_, 30)) case_.Advance(absl::Hours(Number(random_, 1, 60)));
    FireDueTimer();
    const Move move = kMoves[Number(random_, 0, std::size(kMoves) - 1)];
    const bool ends = move == Move::kWithdraw || move == Move::kTerminate;
    if (ends && !Chance(random_, 10)) return;
    if (move == Move::kReject && !Chance(random_, 40)) return;
    ActAsSomebody();
    // Refused more often than not: that changes nothing.
    Result result = case_.Try(move);
    if (result.ok()) case_.Take(std::move(result));
  }

  // What a diligent office and applicant do: the case must come to its approval.
  void DiligentStep() {
    const v1::Review& review = case_.application().review();
    switch (case_.state()) {
      case v1::APPLICATION_STATE_UNDER_REVIEW:
        ActFor(review.stage());
        EXPECT_TRUE(case_.Do(Move::kApprove));
        return;
      case v1::APPLICATION_STATE_ON_HOLD:
        ActFor(review.stage());
        EXPECT_TRUE(case_.Do(Move::kResume));
        return;
      case v1::APPLICATION_STATE_SUPPLEMENT:
        EXPECT_TRUE(case_.Do(Move::kSupplement));
        return;
      case v1::APPLICATION_STATE_APPEALED:
        EXPECT_TRUE(case_.Take(DecideGrantAppeal(case_.record(), "", case_.rules(),
                                                 {case_.now(), "prefecture_officer:only"})));
        return;
      case v1::APPLICATION_STATE_SUBMITTED:
        EXPECT_TRUE(case_.Do(Move::kSubsidyReserved));
        return;
      default:
        case_.MoveTo(std::max(case_.now(), chassis::ToTime(case_.record().limit().due_time())));
        FireDueTimer();
    }
  }

  // The applicant does not agree with a rejection.
  bool Appeal() {
    return case_.state() == v1::APPLICATION_STATE_REJECTED && case_.Do(Move::kAppeal);
  }

  void CheckInvariants() {
    const Record& record = case_.record();
    const v1::Application& application = case_.application();
    if (IsInReview(case_.state())) {
      // It is in a stage of its chain, somebody has it until some time, and the money is there.
      EXPECT_TRUE(absl::c_any_of(config_.stages(), [&](const v1::Stage& stage) {
        return stage.id() == application.review().stage();
      }));
      EXPECT_FALSE(application.holder().party().empty());
      EXPECT_TRUE(application.holder().has_due_time());
      EXPECT_TRUE(application.subsidy().reserved());
      EXPECT_TRUE(application.review().has_promise());
      // A clock runs, or it stands still with something left on it.
      EXPECT_TRUE(record.review_clock().has_due_time());
      if (record.review_clock().paused()) {
        EXPECT_GT(record.review_clock().working_days(), 0);
        EXPECT_NE(case_.state(), v1::APPLICATION_STATE_UNDER_REVIEW);
        EXPECT_NE(case_.state(), v1::APPLICATION_STATE_PUBLIC_NOTICE);
      }
      // Something comes by itself, unless all who are to hear of it have.
      if (!record.has_limit()) {
        const int steps = StageConfig().escalations_size();
        EXPECT_TRUE(case_.state() == v1::APPLICATION_STATE_ON_HOLD ||
                    (case_.state() == v1::APPLICATION_STATE_UNDER_REVIEW &&
                     record.review_clock().escalations() == steps));
      } else {
        EXPECT_EQ(FootprintOf(testing::kId, record).timers.size(), 1u);
      }
    } else {
      EXPECT_EQ(application.review().stage(), "");
      EXPECT_FALSE(record.has_review_clock());
    }
    if (IsFinal(case_.state())) {
      EXPECT_FALSE(application.subsidy().reserved());
      EXPECT_NE(dynamic_cast<const v1::ApplicationEnded*>(&case_.last_fact()), nullptr);
    }
    // No person decided where another one must have.
    for (const v1::Stage& stage : config_.stages()) {
      for (const v1::StageAct& act : application.review().acts()) {
        if (act.stage() != stage.id()) continue;
        for (const v1::StageAct& other : application.review().acts()) {
          if (&other == &act) break;
          if (!absl::c_linear_search(stage.other_officer_than(), other.stage())) continue;
          EXPECT_NE(PersonOf(act.actor()), PersonOf(other.actor()));
        }
      }
    }
  }

 private:
  const v1::Stage& StageConfig() const {
    return *absl::c_find_if(config_.stages(), [&](const v1::Stage& stage) {
      return stage.id() == case_.application().review().stage();
    });
  }
  void ActAsSomebody() {
    const auto& role = StaffRoles()[Number(random_, 0, 4)];
    case_.ActAs(absl::StrCat(std::string(role.name), ":p", Number(random_, 1, 3)));
  }
  // An officer who did nothing else on this case.
  void ActFor(const std::string& stage) {
    case_.ActAs(absl::StrCat(StageConfig().roles(0), ":only-of-", stage));
  }
  void FireDueTimer() {
    if (!case_.record().has_limit()) return;
    if (case_.now() < chassis::ToTime(case_.record().limit().due_time())) return;
    case_.Take(DecideDeadline(case_.record(), case_.record().limit().name(), case_.rules(),
                              {case_.now(), "system:applications"}));
  }

  Random random_;
  v1::Chain config_;
  ChainBook chains_;
  TestCase case_;
};

TEST(ChainPropertyTest, EveryRandomChainIsRight) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    Random random(seed);
    const v1::Chain chain = RandomChain(random);
    for (const ConfigProblem& problem : CheckChain(chain, DefaultLimits())) {
      ADD_FAILURE() << "seed " << seed << ": " << problem.place << ": " << problem.text << "\n"
                    << chain.DebugString();
    }
  }
}

TEST(ChainPropertyTest, NoDeadEndNoLostClockAndTheMoneyComesBack) {
  int approved = 0, ended = 0, held = 0, lapsed = 0, appealed = 0, terminated = 0;
  for (unsigned seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Walk walk(seed);
    const int steps = 5 + static_cast<int>(seed % 40);
    for (int i = 0; i < steps && IsInReview(walk.the_case().state()); ++i) {
      walk.RandomStep();
      walk.CheckInvariants();
      held += walk.the_case().state() == v1::APPLICATION_STATE_ON_HOLD ? 1 : 0;
    }
    appealed += walk.Appeal() ? 1 : 0;
    walk.CheckInvariants();
    // Whatever came of it, diligence brings it to its approval within a few steps.
    for (int i = 0; i < 20 && IsUnderWay(walk.the_case().state()); ++i) {
      walk.DiligentStep();
      walk.CheckInvariants();
    }
    ASSERT_FALSE(IsUnderWay(walk.the_case().state())) << walk.config().DebugString();
    approved += walk.the_case().state() == v1::APPLICATION_STATE_APPROVED ? 1 : 0;
    ended += IsFinal(walk.the_case().state()) ? 1 : 0;
    terminated += walk.the_case().state() == v1::APPLICATION_STATE_TERMINATED ? 1 : 0;
    lapsed += walk.the_case().state() == v1::APPLICATION_STATE_EXPIRED ? 1 : 0;
  }
  // The walks went everywhere.
  EXPECT_GT(approved, 50);
  EXPECT_GT(ended, 50);
  EXPECT_GT(held, 50);
  EXPECT_GT(lapsed, 5);
  EXPECT_GT(appealed, 10);
  EXPECT_GT(terminated, 5);
}

}  // namespace
}  // namespace fuju::applications
