#include "applications/chain_check.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/applications/shipped_chains.h"

namespace fuju::applications {
namespace {

using ::testing::IsEmpty;
using testing::ShippedChain;

// Positions in full.v1.json.
enum { kFormCheck, kEligibility, kAssessment, kPrice, kApproval, kNotice };

struct BrokenChain {
  const char* name;
  std::function<void(v1::Chain&)> damage;
  // Where it is told, and a word of how to mend it.
  const char* place;
  const char* word;
};

// One damage to the full chain each; told once, at its place.
const BrokenChain kBroken[] = {
    {"NoId", [](v1::Chain& c) { c.clear_id(); }, "id", "small letter"},
    {"IdWithCapitals", [](v1::Chain& c) { c.set_id("Full"); }, "id", "small letter"},
    {"NoVersion", [](v1::Chain& c) { c.clear_version(); }, "version", "1 or more"},
    {"NoChineseTitle", [](v1::Chain& c) { c.set_title_zh(" "); }, "titleZh", "people read it"},
    {"NoEnglishTitle", [](v1::Chain& c) { c.clear_title_en(); }, "titleEn", "people read it"},
    {"NoSource", [](v1::Chain& c) { c.clear_sources(); }, "sources", "say where"},
    {"BadSupplementLimit", [](v1::Chain& c) { c.set_supplement_limit("15"); }, "supplementLimit",
     "working days as 3wd"},
    {"StageIdWithCapitals", [](v1::Chain& c) { c.mutable_stages(kNotice)->set_id("Notice"); },
     "stages[5].id", "small letter"},
    {"NoKind", [](v1::Chain& c) { c.mutable_stages(kPrice)->set_kind(v1::STAGE_KIND_UNSPECIFIED); },
     "stages[3].kind", "what the stage is for"},
    {"NoName", [](v1::Chain& c) { c.mutable_stages(kPrice)->clear_name_zh(); }, "stages[3].nameZh",
     "people read it"},
    {"NoHolder", [](v1::Chain& c) { c.mutable_stages(kPrice)->clear_holder_en(); },
     "stages[3].holderEn", "people read it"},
    {"NoRole", [](v1::Chain& c) { c.mutable_stages(kPrice)->clear_roles(); }, "stages[3].roles",
     "nobody could decide"},
    {"UnknownRole", [](v1::Chain& c) { c.mutable_stages(kPrice)->set_roles(0, "county_revewer"); },
     "stages[3].roles[0]", "county_reviewer"},
    {"RoleTwice", [](v1::Chain& c) { c.mutable_stages(kPrice)->add_roles("county_reviewer"); },
     "stages[3].roles[1]", "again"},
    {"BadLimit", [](v1::Chain& c) { c.mutable_stages(kPrice)->set_limit("soon"); },
     "stages[3].limit", "working days as 3wd"},
    {"MixedUnits",
     [](v1::Chain& c) {
       c.mutable_stages(kPrice)->set_limit("36h");
       for (auto& step : *c.mutable_stages(kPrice)->mutable_escalations()) {
         if (!step.after().empty()) step.set_after(step.level() == 2 ? "2h" : "3h");
       }
     },
     "stages[3].limit", "another unit"},
    {"CanNotBePassed",
     [](v1::Chain& c) {
       auto* stage = c.mutable_stages(kAssessment);
       stage->clear_decisions();
       stage->add_decisions(v1::STAGE_DECISION_RETURN);
       stage->add_decisions(v1::STAGE_DECISION_HOLD);
     },
     "stages[2].decisions", "could not go on"},
    {"DecisionTwice",
     [](v1::Chain& c) { c.mutable_stages(kPrice)->add_decisions(v1::STAGE_DECISION_PASS); },
     "stages[3].decisions", "once"},
    {"ApprovalThatCanNotBeRefused",
     [](v1::Chain& c) {
       auto* stage = c.mutable_stages(kApproval);
       stage->clear_decisions();
       stage->add_decisions(v1::STAGE_DECISION_PASS);
       stage->add_decisions(v1::STAGE_DECISION_RETURN);
       stage->add_decisions(v1::STAGE_DECISION_HOLD);
     },
     "stages[4].decisions", "STAGE_DECISION_REJECT"},
    {"NoticeThatIsDecided",
     [](v1::Chain& c) { c.mutable_stages(kNotice)->add_decisions(v1::STAGE_DECISION_PASS); },
     "stages[5].decisions", "ends by itself"},
    {"PauseTwice", [](v1::Chain& c) { c.mutable_stages(kPrice)->add_pauses(v1::CLOCK_PAUSE_HOLD); },
     "stages[3].pauses", "once"},
    {"PauseForNoReturn",
     [](v1::Chain& c) {
       auto* stage = c.mutable_stages(kPrice);
       stage->clear_decisions();
       stage->add_decisions(v1::STAGE_DECISION_PASS);
       stage->add_decisions(v1::STAGE_DECISION_HOLD);
     },
     "stages[3].pauses", "STAGE_DECISION_RETURN"},
    {"PauseForNoHold",
     [](v1::Chain& c) {
       auto* stage = c.mutable_stages(kPrice);
       stage->clear_decisions();
       stage->add_decisions(v1::STAGE_DECISION_PASS);
       stage->add_decisions(v1::STAGE_DECISION_RETURN);
     },
     "stages[3].pauses", "STAGE_DECISION_HOLD"},
    {"NoticeThatGoesOnUnderAnObjection",
     [](v1::Chain& c) { c.mutable_stages(kNotice)->clear_pauses(); }, "stages[5].pauses",
     "objection is open"},
    {"OtherOfficerOfNoStage",
     [](v1::Chain& c) { c.mutable_stages(kApproval)->add_other_officer_than("visit"); },
     "stages[4].otherOfficerThan[4]", "no stage before this one"},
    {"OtherOfficerOfALaterStage",
     [](v1::Chain& c) { c.mutable_stages(kPrice)->add_other_officer_than("approval"); },
     "stages[3].otherOfficerThan[0]", "no stage before this one"},
    {"OtherOfficerOfItself",
     [](v1::Chain& c) { c.mutable_stages(kPrice)->add_other_officer_than("price"); },
     "stages[3].otherOfficerThan[0]", "no stage before this one"},
    {"SameOfficerFindsEligibleAndApproves",
     [](v1::Chain& c) {
       auto* stage = c.mutable_stages(kApproval);
       stage->clear_other_officer_than();
       stage->add_other_officer_than("price");
     },
     "stages[4].otherOfficerThan", "'eligibility'"},
    {"ConditionOfAnotherStage",
     [](v1::Chain& c) {
       c.mutable_stages(kPrice)->set_condition(v1::STAGE_CONDITION_ITEM_NEEDS_ASSESSMENT);
     },
     "stages[3].condition", "assessment"},
    {"NobodyHearsOfALateStage", [](v1::Chain& c) { c.mutable_stages(kPrice)->clear_escalations(); },
     "stages[3].escalations", "nobody would hear"},
    {"EscalationToNobody",
     [](v1::Chain& c) {
       c.mutable_stages(kPrice)->mutable_escalations(0)->set_level(
           v1::ESCALATION_LEVEL_UNSPECIFIED);
     },
     "stages[3].escalations[0].level", "who hears"},
    {"EscalationDownwards",
     [](v1::Chain& c) {
       c.mutable_stages(kPrice)->mutable_escalations(2)->set_level(v1::ESCALATION_LEVEL_SUPERVISOR);
     },
     "stages[3].escalations[2].level", "higher"},
    {"EscalationAtOnceTwice",
     [](v1::Chain& c) { c.mutable_stages(kPrice)->mutable_escalations(1)->clear_after(); },
     "stages[3].escalations[1].after", "later"},
    {"EscalationEarlier",
     [](v1::Chain& c) { c.mutable_stages(kPrice)->mutable_escalations(2)->set_after("1wd"); },
     "stages[3].escalations[2].after", "later"},
    {"EscalationInAnotherUnit",
     [](v1::Chain& c) {
       c.mutable_stages(kPrice)->mutable_escalations(1)->set_after("2h");
       c.mutable_stages(kPrice)->mutable_escalations()->RemoveLast();
     },
     "stages[3].escalations[1].after", "unit"},
    {"BadEscalation",
     [](v1::Chain& c) { c.mutable_stages(kPrice)->mutable_escalations(1)->set_after("later"); },
     "stages[3].escalations[1].after", "working days as 3wd"},
    {"EscalationOfANotice",
     [](v1::Chain& c) {
       c.mutable_stages(kNotice)->add_escalations()->set_level(v1::ESCALATION_LEVEL_REMINDER);
     },
     "stages[5].escalations", "never late"},
    {"TwoApprovals",
     [](v1::Chain& c) {
       c.mutable_stages(kPrice)->set_kind(v1::STAGE_KIND_APPROVAL);
       c.mutable_stages(kPrice)->add_other_officer_than("eligibility");
     },
     "stages[4].kind", "have one"},
    {"NoticeBeforeTheApproval",
     [](v1::Chain& c) {
       c.mutable_stages()->SwapElements(kApproval, kNotice);
       c.mutable_stages(kNotice)->clear_other_officer_than();
       c.mutable_stages(kNotice)->add_other_officer_than("eligibility");
     },
     "stages[4].kind", "comes last"},
    {"StageBehindTheApproval",
     [](v1::Chain& c) {
       c.mutable_stages()->RemoveLast();
       c.mutable_stages(kApproval)->clear_other_officer_than();
       c.mutable_stages(kApproval)->add_other_officer_than("eligibility");
       c.mutable_stages()->SwapElements(kPrice, kApproval);
     },
     "stages[4].kind", "only a notice"},
    {"NoHoldLimit", [](v1::Chain& c) { c.clear_hold_limit(); }, "holdLimit", "forgotten"},
    {"BadHoldLimit", [](v1::Chain& c) { c.set_hold_limit("0wd"); }, "holdLimit", "1wd to"},
    {"AppealWithoutEnd", [](v1::Chain& c) { c.mutable_appeal()->clear_file_within(); },
     "appeal.fileWithin", "working days as 3wd"},
    {"AppealWithoutLimit", [](v1::Chain& c) { c.mutable_appeal()->clear_limit(); }, "appeal.limit",
     "working days as 3wd"},
    {"AppealToNobody", [](v1::Chain& c) { c.mutable_appeal()->clear_roles(); }, "appeal.roles",
     "nobody could decide"},
    {"AppealWithoutWords", [](v1::Chain& c) { c.mutable_appeal()->clear_holder_zh(); },
     "appeal.holderZh", "people read it"},
    {"AppealBackToNoStage", [](v1::Chain& c) { c.mutable_appeal()->set_redo_stage("revision"); },
     "appeal.redoStage", "no stage"},
    {"AppealBackToTheNotice",
     [](v1::Chain& c) { c.mutable_appeal()->set_redo_stage("public_notice"); }, "appeal.redoStage",
     "no stage that an officer decides"},
};

class EveryDamage : public ::testing::TestWithParam<BrokenChain> {};

TEST_P(EveryDamage, IsToldOnceAtItsPlaceWithHowToMendIt) {
  v1::Chain chain = ShippedChain("full.v1.json");
  ASSERT_THAT(CheckChain(chain, {}), IsEmpty());
  GetParam().damage(chain);
  const std::vector<ConfigProblem> problems = CheckChain(chain, {});
  ASSERT_EQ(problems.size(), 1u) << ::testing::PrintToString([&] {
    std::vector<std::string> all;
    for (const ConfigProblem& problem : problems)
      all.push_back(problem.place + ": " + problem.text);
    return all;
  }());
  EXPECT_EQ(problems[0].place, GetParam().place);
  EXPECT_THAT(problems[0].text, ::testing::HasSubstr(GetParam().word));
}

INSTANTIATE_TEST_SUITE_P(Chains, EveryDamage, ::testing::ValuesIn(kBroken),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(CheckChainTest, NamesStagesThatShareAnId) {
  v1::Chain chain = ShippedChain("full.v1.json");
  chain.mutable_stages(kPrice)->set_id("assessment");
  const std::vector<ConfigProblem> problems = CheckChain(chain, {});
  ASSERT_FALSE(problems.empty());
  EXPECT_EQ(problems[0].place, "stages[3].id");
}

TEST(CheckChainTest, TellsOfEmptyChainsAndOfThoseWithoutAnApproval) {
  v1::Chain chain = ShippedChain("short.v1.json");
  chain.clear_stages();
  chain.clear_appeal();
  ASSERT_EQ(CheckChain(chain, {}).size(), 1u);
  EXPECT_EQ(CheckChain(chain, {})[0].place, "stages");

  chain = ShippedChain("short.v1.json");
  chain.mutable_stages(0)->set_kind(v1::STAGE_KIND_ELIGIBILITY);
  ASSERT_EQ(CheckChain(chain, {}).size(), 1u);
  EXPECT_THAT(CheckChain(chain, {})[0].text, ::testing::HasSubstr("STAGE_KIND_APPROVAL"));

  chain = ShippedChain("short.v1.json");
  const v1::Stage stage = chain.stages(0);
  for (int i = 0; i < 12; ++i) *chain.add_stages() = stage;
  EXPECT_EQ(CheckChain(chain, {})[0].place, "stages");
}

// A chain without limits of its own has those of the flags; the units must still agree.
TEST(CheckChainTest, LooksAtTheLimitsThatTheFlagsFillIn) {
  v1::Chain chain = ShippedChain("full.v1.json");
  chain.mutable_stages(kPrice)->clear_limit();
  EXPECT_THAT(CheckChain(chain, {}), IsEmpty());
  Limits demo;
  demo.review = Limit::Time(absl::Seconds(30));
  const std::vector<ConfigProblem> problems = CheckChain(chain, demo);
  ASSERT_FALSE(problems.empty());
  EXPECT_EQ(problems[0].place, "stages[3].limit");
}

TEST(CheckChainTest, TellsEverythingAtOnce) {
  v1::Chain chain;
  chain.add_stages();
  chain.mutable_appeal();
  EXPECT_GT(CheckChain(chain, {}).size(), 15u);
}

}  // namespace
}  // namespace fuju::applications
