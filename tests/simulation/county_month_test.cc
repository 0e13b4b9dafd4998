// One month of a county: every way that a case can go, on a fake clock, to the end of the last one.

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "applications/moves.h"
#include "simulation/invented.h"
#include "simulation/month.h"
#include "simulation/plan.h"
#include "simulation/simulation.h"

namespace fuju::simulation {
namespace {

using applications::StateName;
using testing::ElementsAreArray;

constexpr char kTables[] = "deploy/data/gansu";
// Out of a thousand steps.
constexpr uint32_t kFaultRate = 10;

// What must become of a case.
struct End {
  std::string fate;
  std::string state;
  // Of a case that was stopped: where it was then. Empty: the moment was short, it may be the next.
  std::string stopped_in = "";
  // Limits that were missed, each told once.
  std::vector<std::string> missed = {};
};

const std::vector<End>& Ends() {
  static const auto* const ends = new std::vector<End>{
      {"straight through", "CLOSED"},
      {"follow-up never answered", "CLOSED"},
      {"draft forgotten", "EXPIRED"},

      {"supplemented in time", "CLOSED"},
      {"never supplemented", "EXPIRED"},
      {"held and resumed", "CLOSED"},
      {"held and rejected", "REJECTED"},
      {"hold forgotten", "CLOSED", "", {"hold PREFECTURE"}},
      {"lower price", "CLOSED"},
      {"invoiced less", "CLOSED"},
      {"objection cleared up", "CLOSED"},
      {"objection upheld", "REJECTED"},
      {"rejected", "REJECTED"},

      {"appeal dismissed", "REJECTED"},
      {"appeal granted", "CLOSED"},
      {"appeal forgotten", "REJECTED", "", {"appeal"}},
      {"ineligible", "INELIGIBLE"},
      {"ineligible, appeal dismissed", "INELIGIBLE"},
      {"ineligible, appeal granted", "INELIGIBLE"},
      {"waits for money, withdrawn", "WITHDRAWN", "SUBMITTED"},

      {"withdrawn: draft", "WITHDRAWN", "DRAFT"},
      {"withdrawn: submitted", "WITHDRAWN"},
      {"withdrawn: review", "WITHDRAWN", "UNDER_REVIEW"},
      {"withdrawn: supplement", "WITHDRAWN", "SUPPLEMENT"},
      {"withdrawn: on hold", "WITHDRAWN", "ON_HOLD"},
      {"withdrawn: pricing", "WITHDRAWN"},
      {"withdrawn: public notice", "WITHDRAWN", "PUBLIC_NOTICE"},
      {"withdrawn: appealed", "WITHDRAWN", "APPEALED"},
      {"withdrawn: approved", "WITHDRAWN", "APPROVED"},
      {"withdrawn: dispatched", "WITHDRAWN", "DISPATCHED"},
      {"withdrawn: scheduled", "WITHDRAWN", "SCHEDULED"},

      {"death: review", "TERMINATED", "UNDER_REVIEW"},
      {"death: scheduled", "TERMINATED", "SCHEDULED"},
      {"certificate cancelled: supplement", "TERMINATED", "SUPPLEMENT"},
      {"certificate cancelled: dispatched", "TERMINATED", "DISPATCHED"},

      {"moved: review", "CLOSED"},
      {"moved: public notice", "CLOSED"},
      {"moved: dispatched", "CLOSED"},

      {"one vendor declines", "CLOSED"},
      {"all vendors decline, the desk finds one", "CLOSED"},
      {"all vendors decline", "UNSERVED"},
      {"the vendor gives it back", "CLOSED"},
      {"once nobody at home", "CLOSED"},
      {"nobody at home", "UNSERVED"},
      {"receipt forgotten", "CLOSED", "", {"receipt"}},

      {"late: reminded", "CLOSED", "", {"review form_check REMINDER"}},
      {"late: supervisor told", "CLOSED", "", {"review price REMINDER", "review price SUPERVISOR"}},
      {"late: prefecture told",
       "CLOSED",
       "",
       {"review form_check REMINDER", "review form_check SUPERVISOR",
        "review form_check PREFECTURE"}},
  };
  return *ends;
}

const End* EndOf(std::string_view fate) {
  const auto found = std::find_if(Ends().begin(), Ends().end(),
                                  [fate](const End& end) { return end.fate == fate; });
  return found == Ends().end() ? nullptr : &*found;
}

class CountyMonthTest : public testing::Test {
 protected:
  static Commons& commons() {
    static auto* const commons = new Commons(kTables);
    return *commons;
  }

  // Plays the month and checks all that it left.
  void Play(uint64_t seed, uint32_t fault_rate) {
    const Plan plan = MonthPlan(commons(), fault_rate);
    Schedule schedule(seed);
    Simulation month(&commons(), &schedule, plan, nullptr);
    month.Run();
    std::printf("seed %" PRIu64 ": %zu cases, %" PRIu64 " steps, until %s\n", seed,
                plan.cases.size(), month.steps(),
                absl::FormatTime("%Y-%m-%d", commons().clock.Now(), absl::UTCTimeZone()).c_str());
    ASSERT_EQ(month.broken(), "") << month.evidence();

    const auto missed = MissedLimits(month.redis());
    for (size_t i = 0; i < plan.cases.size(); ++i) {
      const auto* record = month.ApplicationOf(i);
      ASSERT_NE(record, nullptr) << plan.cases[i].fate->name;
      const std::string& name = record->application().name();
      SCOPED_TRACE(testing::Message() << plan.cases[i].fate->name << ": " << name);
      CheckCase(*plan.cases[i].fate, *record);
      const End* end = EndOf(plan.cases[i].fate->name);
      const auto of_case = missed.find(name);
      EXPECT_THAT(of_case == missed.end() ? std::vector<std::string>() : of_case->second,
                  ElementsAreArray(end->missed));
    }
    CheckMoney(plan, month);
    CheckStates(month);
    month.committed().ForEach<applications::storage::v1::ApplicationRecord>(
        "application", [](const Aggregate& aggregate, const auto&) {
          EXPECT_TRUE(aggregate.footprint.timers.empty()) << aggregate.name;
          EXPECT_TRUE(aggregate.footprint.claims.empty()) << aggregate.name;
        });
  }

 private:
  static void CheckCase(const Fate& fate,
                        const applications::storage::v1::ApplicationRecord& record) {
    const applications::v1::Application& application = record.application();
    const End* end = EndOf(fate.name);
    ASSERT_NE(end, nullptr);
    EXPECT_EQ(StateName(application.state()), end->state);
    EXPECT_EQ(WordsFault(record), "");
    if (!end->stopped_in.empty()) {
      EXPECT_EQ(StateName(StateBeforeStop(application)), end->stopped_in);
    }
    const bool moved = fate.name.starts_with("moved: ");
    if (moved) {
      EXPECT_EQ(application.county_code(), kCounties[0]);
    }
    EXPECT_EQ(application.transfers_size(), moved ? 1 : 0);
    if (end->state != "CLOSED") return;
    EXPECT_EQ(application.follow_up().satisfaction(),
              fate.name == "follow-up never answered" ? 0 : 5);
    EXPECT_EQ(application.subsidy().subsidy_fen(),
              fate.name == "lower price" || fate.invoiced_less ? kLowerPrice : kQuote);
    EXPECT_TRUE(application.subsidy().settled());
  }

  // The month is worth something only if it gets everywhere.
  static void CheckStates(const Simulation& month) {
    std::set<applications::ApplicationState> seen;
    std::map<std::string, int> stopped;
    month.committed().ForEach<applications::storage::v1::ApplicationRecord>(
        "application", [&](const Aggregate&, const auto& record) {
          for (const auto& entry : record.application().timeline()) seen.insert(entry.state());
          const auto state = record.application().state();
          if (state != applications::v1::APPLICATION_STATE_WITHDRAWN &&
              state != applications::v1::APPLICATION_STATE_TERMINATED) {
            return;
          }
          ++stopped[StateName(StateBeforeStop(record.application()))];
        });
    // Cases end UNFUNDED by a catalogue only that has no queue for money.
    auto states = applications::AllStates();
    std::erase(states, applications::v1::APPLICATION_STATE_UNFUNDED);
    EXPECT_THAT(seen, testing::ElementsAreArray(states));
    for (const auto& [state, times] : stopped)
      std::printf("  %d stopped in %s\n", times, state.c_str());
  }

  static void CheckMoney(const Plan& plan, const Simulation& month) {
    for (const auto& [county, budget] : plan.budgets) {
      SCOPED_TRACE(county);
      const CountyMoney money = MoneyOf(month.redis(), county);
      EXPECT_EQ(money.allocated, budget);
      EXPECT_EQ(money.reserved, 0);
      EXPECT_EQ(money.allocated, money.available + money.reserved + money.paid);
      EXPECT_EQ(money.paid, SettledOf(month.committed(), county));
      EXPECT_EQ(money.paid > 0, county != kPoorCounty);
    }
  }
};

TEST_F(CountyMonthTest, EveryFateHasItsEnd) {
  EXPECT_EQ(Ends().size(), AllFates().size());
  for (const Fate& fate : AllFates()) EXPECT_NE(EndOf(fate.name), nullptr) << fate.name;
}

TEST_F(CountyMonthTest, EveryCaseComesToItsEnd) { Play(/*seed=*/1, /*fault_rate=*/0); }

// The fates do not depend on what breaks on the way.
TEST_F(CountyMonthTest, EveryCaseComesToItsEndWhateverBreaks) {
  for (const uint64_t seed : {2, 3, 4}) Play(seed, kFaultRate);
}

}  // namespace
}  // namespace fuju::simulation
