#include "simulation/plan.h"

#include <algorithm>
#include <array>

#include "simulation/invented.h"
#include "vocabulary/civil_date.h"

namespace fuju::simulation {
namespace {

constexpr uint64_t kMostSteps = 100'000;
constexpr int kMostFaults = 40;
constexpr std::array<uint32_t, 4> kFaultRates = {0, 10, 30, 100};

// Working days of a month, and the hour at which the counter opens.
constexpr int kWorkingDays = 21;
constexpr absl::Duration kOpens = absl::Hours(9);
// Of the cases of a month, beside one of each fate.
constexpr std::array<int, 4> kCommon = {0, 0, 1, 3};
constexpr int kMostCommon = 14;

// Half of them have the plainest.
const Fate* DrawnFate(Schedule* schedule) {
  const uint32_t kind = schedule->Choose(4);
  if (kind == 2) {
    return &AllFates()[schedule->Choose(static_cast<uint32_t>(AllFates().size()))];
  }
  if (kind == 3) {
    return SeldomFates()[schedule->Choose(static_cast<uint32_t>(SeldomFates().size()))];
  }
  return &AllFates().front();
}

}  // namespace

absl::Time StartOfRun() { return absl::FromUnixSeconds(1'767'574'800); }

Plan DrawnPlan(Schedule* schedule) {
  Plan plan;
  const auto count = static_cast<int>(1 + schedule->Choose(4));
  for (int i = 0; i < count; ++i) {
    Plan::Case& of = plan.cases.emplace_back();
    of.fate = DrawnFate(schedule);
    // Now and then the same person asks twice for the same device.
    of.person = i > 0 && schedule->Chance(250) ? plan.cases[static_cast<size_t>(i - 1)].person : i;
    of.county = kCounties[static_cast<size_t>(i) % kCounties.size()];
    of.other_payer = of.fate->other_payer || schedule->Chance(60);
    of.invoiced_less = of.fate->invoiced_less || schedule->Chance(100);
  }
  const int64_t budget = schedule->Chance(250) ? kScarceBudget : kAmpleBudget;
  for (const char* county : kCounties) plan.budgets.emplace_back(county, budget);
  plan.rough_steps = 200 + 200 * static_cast<uint64_t>(schedule->Choose(12));
  plan.fault_rate = kFaultRates[schedule->Choose(kFaultRates.size())];
  plan.most_faults = kMostFaults;
  plan.most_steps = kMostSteps;
  return plan;
}

Plan MonthPlan(const Commons& commons, uint32_t fault_rate) {
  Plan plan;
  std::vector<const Fate*> fates;
  for (const Fate& fate : AllFates()) fates.push_back(&fate);
  for (int i = 0; i < kMostCommon; ++i) {
    fates.push_back(
        &AllFates()[static_cast<size_t>(kCommon[static_cast<size_t>(i) % kCommon.size()])]);
  }
  absl::CivilDay day = vocabulary::TodayInShanghai(StartOfRun());
  const size_t a_day = (fates.size() + kWorkingDays - 1) / kWorkingDays;
  for (size_t i = 0; i < fates.size(); ++i) {
    if (i > 0 && i % a_day == 0) day = commons.calendar.AddWorkingDays(day, 1).value();
    Plan::Case& of = plan.cases.emplace_back();
    of.fate = fates[i];
    of.person = static_cast<int>(i);
    of.county = of.fate->poor_county ? kPoorCounty : kFullChainCounty;
    of.comes = vocabulary::StartOfDay(day) + kOpens + absl::Hours(i % a_day);
    of.other_payer = of.fate->other_payer;
    of.invoiced_less = of.fate->invoiced_less;
  }
  for (const char* county : kCounties) plan.budgets.emplace_back(county, kAmpleBudget);
  plan.budgets.emplace_back(kPoorCounty, kPoorBudget);
  plan.vendor_capacity = static_cast<int>(fates.size());
  plan.keeps_fates = true;
  plan.fault_rate = fault_rate;
  plan.most_faults = 400;
  plan.most_steps = 5 * kMostSteps;
  return plan;
}

}  // namespace fuju::simulation
