#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalogue/decision/decision_digest.h"
#include "catalogue/decision/decision_replay.h"
#include "catalogue/decision/replay_run.h"
#include "unit/catalogue/decision/stored_decisions.h"
#include "unit/catalogue/examples.h"

namespace fuju::catalogue {
namespace {

using testing::Contains;

class ReplayTest : public testing::Test {
 protected:
  v1::DecisionReplay Replay(const v1::Grant& grant) const {
    const bool known = grant.decision().catalogue_version() == catalogue_.label();
    return replayer_.ReplayBy(grant, known ? &catalogue_ : nullptr);
  }
  static std::vector<std::string> Paths(const v1::DecisionReplay& replay) {
    std::vector<std::string> paths;
    for (const v1::DecisionDifference& difference : replay.differences()) {
      paths.push_back(difference.path());
    }
    return paths;
  }

  const Catalogue catalogue_{ManyRules("many-rules")};
  const vocabulary::RegionTable regions_ = TwoCounties();
  const PreparedPolicy policy_ = DefaultPolicy();
  const Replayer replayer_{nullptr, &regions_, &policy_};
};

TEST_F(ReplayTest, FindsNothingInWhatWasNotTouched) {
  const v1::Grant grant = StoredGrant(1, catalogue_);
  const v1::DecisionReplay replay = Replay(grant);
  EXPECT_EQ(replay.result(), v1::REPLAY_RESULT_EQUAL) << replay.DebugString();
  EXPECT_FALSE(replay.hash_broken());
  EXPECT_EQ(replay.sha256(), grant.decision().sha256());
  EXPECT_EQ(replay.sha256().size(), 64u);
  EXPECT_EQ(replay.catalogue_version(), "many-rules");
}

// How a stored decision may have been changed. `sealed`: whoever did it made the hash anew, too.
struct Planted {
  const char* name;
  void (*plant)(v1::Grant& grant);
  bool sealed;
};

// Only changes that mean something can be found once the hash was made anew, so facts that no rule
// turned on are changed beneath the old hash.
constexpr Planted kPlanted[] = {
    {"amount",
     [](v1::Grant& grant) {
       grant.mutable_decision()->set_subsidy_fen(grant.decision().subsidy_fen() + 1);
     },
     true},
    {"amount_held", [](v1::Grant& grant) { grant.set_amount_fen(grant.amount_fen() + 1); }, true},
    {"amount_beneath_the_hash",
     [](v1::Grant& grant) {
       grant.mutable_decision()->set_self_pay_fen(grant.decision().self_pay_fen() + 1);
     },
     false},
    {"rule",
     [](v1::Grant& grant) {
       v1::RuleResult& rule = *grant.mutable_decision()->mutable_rules(3);
       rule.set_passed(!rule.passed());
     },
     true},
    {"rule_removed",
     [](v1::Grant& grant) { grant.mutable_decision()->mutable_rules()->RemoveLast(); }, true},
    {"values",
     [](v1::Grant& grant) { grant.mutable_decision()->mutable_rules(5)->set_values("age 40"); },
     true},
    {"words",
     [](v1::Grant& grant) { grant.mutable_decision()->mutable_rules(0)->set_text_zh("可以"); },
     false},
    {"fact_birth", [](v1::Grant& grant) { grant.mutable_facts()->set_birth_date("1901-01-01"); },
     true},
    {"fact_other_payer",
     [](v1::Grant& grant) { grant.mutable_facts()->set_other_payer(!grant.facts().other_payer()); },
     true},
    {"fact_person", [](v1::Grant& grant) { grant.mutable_facts()->set_person_key("b"); }, false},
    {"history",
     [](v1::Grant& grant) {
       v1::Delivery delivery = DeliveryOn("2020-01-01", "999999");
       *grant.add_history() = delivery;
     },
     false},
    {"catalogue",
     [](v1::Grant& grant) { grant.mutable_decision()->set_catalogue_version("another"); }, true},
    {"hash", [](v1::Grant& grant) { grant.mutable_decision()->set_sha256(std::string(64, '0')); },
     false},
};

// The kind of change of a grant; null: none.
const Planted* PlantedIn(int number) {
  constexpr int kEvery = 37;
  if (number % kEvery != 0) return nullptr;
  return &kPlanted[static_cast<size_t>(number / kEvery) % std::size(kPlanted)];
}

// What the grant holds is its own only while it holds something.
bool Applies(const Planted& planted, const v1::Grant& grant) {
  return std::string(planted.name) != "amount_held" || grant.state() == v1::GRANT_STATE_RESERVED;
}

TEST_F(ReplayTest, FindsAllPlantedChangesAmongTenThousandAndNothingElse) {
  std::set<std::string> planted;
  std::set<std::string> found;
  std::set<std::string> kinds;
  int eligible = 0;
  for (int number = 1; number <= 10000; ++number) {
    v1::Grant grant = StoredGrant(number, catalogue_);
    eligible += grant.decision().eligible() ? 1 : 0;
    ASSERT_EQ(Replay(grant).result(), v1::REPLAY_RESULT_EQUAL) << Replay(grant).DebugString();
    if (const Planted* change = PlantedIn(number); change != nullptr && Applies(*change, grant)) {
      change->plant(grant);
      if (change->sealed) SealDecision(grant);
      planted.insert(grant.name());
      kinds.insert(change->name);
    }
    if (Replay(grant).result() == v1::REPLAY_RESULT_DIFFERENT) found.insert(grant.name());
  }
  EXPECT_EQ(found, planted);
  EXPECT_EQ(kinds.size(), std::size(kPlanted));
  EXPECT_GT(planted.size(), 200u);
  EXPECT_GT(eligible, 1500) << "not all of the same kind";
  EXPECT_LT(eligible, 8500);
}

TEST_F(ReplayTest, SaysWhereAndWhat) {
  v1::Grant grant = StoredGrant(1, catalogue_);
  const std::string before = std::to_string(grant.decision().subsidy_fen());
  grant.mutable_decision()->set_subsidy_fen(grant.decision().subsidy_fen() + 5);
  const v1::DecisionReplay replay = Replay(grant);
  EXPECT_TRUE(replay.hash_broken());
  ASSERT_THAT(Paths(replay), Contains("decision.subsidy_fen"));
  EXPECT_EQ(replay.differences(0).recomputed(), before);
}

// The catalogue is what decided: a version that was changed, or is gone, is found.
TEST_F(ReplayTest, ComparesWithTheCatalogueThatDecided) {
  const v1::Grant grant = StoredGrant(1, catalogue_);
  storage::v1::CatalogueRecord changed = ManyRules("many-rules");
  for (v1::Item& item : *changed.mutable_items()) item.set_cap_fen(item.cap_fen() + 1);
  const Catalogue other(changed);
  v1::DecisionReplay replay = replayer_.ReplayBy(grant, &other);
  EXPECT_EQ(replay.result(), v1::REPLAY_RESULT_DIFFERENT);
  EXPECT_FALSE(replay.hash_broken());
  EXPECT_THAT(Paths(replay), Contains("decision.cap_fen"));
  replay = replayer_.ReplayBy(grant, nullptr);
  EXPECT_EQ(replay.result(), v1::REPLAY_RESULT_DIFFERENT);
  EXPECT_THAT(Paths(replay), Contains("decision.catalogue_version"));
}

TEST_F(ReplayTest, ADecisionFromBeforeHashesWereKeptIsNotReplayable) {
  v1::Grant grant = StoredGrant(1, catalogue_);
  grant.mutable_decision()->clear_sha256();
  EXPECT_EQ(Replay(grant).result(), v1::REPLAY_RESULT_NOT_REPLAYABLE);
}

TEST_F(ReplayTest, FactsThatNoDecisionCanBeMadeOfAreADifference) {
  v1::Grant grant = StoredGrant(1, catalogue_);
  grant.mutable_facts()->set_birth_date("yesterday");
  SealDecision(grant);
  const v1::DecisionReplay replay = Replay(grant);
  EXPECT_EQ(replay.result(), v1::REPLAY_RESULT_DIFFERENT);
  EXPECT_THAT(Paths(replay), Contains("facts"));
}

TEST_F(ReplayTest, AnUnknownItemAndAnotherDivisionReplayToo) {
  GrantApplication application = EligibleApplication();
  application.item_code = "Z99";
  for (const char* item : {"Z99", "M01"}) {
    application.item_code = item;
    application.device_division = "120303";
    const auto decision =
        AssessApplication(application, catalogue_, true, DecisionTime(), DefaultPolicy());
    ASSERT_TRUE(decision.ok());
    EXPECT_FALSE(decision->eligible());
    const auto grant = OpenGrant({}, application, *decision, Plenty(), DecisionTime());
    EXPECT_EQ(Replay(grant->next).result(), v1::REPLAY_RESULT_EQUAL)
        << Replay(grant->next).DebugString();
  }
}

// A fixed price is part of the decision.
TEST_F(ReplayTest, ARepricedDecisionReplays) {
  const auto decision =
      AssessApplication(EligibleApplication(), catalogue_, true, DecisionTime(), DefaultPolicy());
  const auto opened = OpenGrant({}, EligibleApplication(), *decision, Plenty(), DecisionTime());
  const auto repriced = RepriceGrant({opened->next, 1}, vocabulary::Fen(70001), 2, Plenty(),
                                     DecisionTime(), catalogue_, DefaultPolicy());
  ASSERT_TRUE(repriced.ok());
  EXPECT_NE(repriced->next.decision().sha256(), opened->next.decision().sha256());
  EXPECT_EQ(Replay(repriced->next).result(), v1::REPLAY_RESULT_EQUAL);
}

// What happens to the grant later is no part of the digest.
TEST(DecisionDigestTest, IsOverTheDecisionAlone) {
  const Catalogue catalogue(ManyRules("many-rules"));
  v1::Grant grant = StoredGrant(7, catalogue);
  const std::string digest = DecisionDigest(grant);
  grant.set_state(v1::GRANT_STATE_SETTLED);
  grant.set_vendor("vendors/1");
  grant.mutable_update_time()->set_seconds(1);
  EXPECT_EQ(DecisionDigest(grant), digest);
  grant.mutable_decision()->mutable_rules(1)->set_code("RESIDENCE");
  EXPECT_NE(DecisionDigest(grant), digest);
}

}  // namespace
}  // namespace fuju::catalogue
