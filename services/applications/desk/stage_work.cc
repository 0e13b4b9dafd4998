#include "applications/desk/stage_work.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "applications/desk/desk_place.h"
#include "applications/staff_roles.h"
#include "chassis/values/timestamps.h"
#include "vocabulary/civil_date.h"

namespace fuju::applications {
namespace {

// 1, 2, 3, 4, 6, ... 131,072 minutes, which are 91 days; the last step takes what took longer.
constexpr size_t kSteps = 34;

constexpr std::array<int64_t, kSteps> StepMinutes() {
  std::array<int64_t, kSteps> minutes = {1};
  for (size_t i = 1; i < kSteps; ++i) {
    // Odd places are the powers of two, the even ones lie half way to the next.
    minutes[i] = i % 2 == 1 ? int64_t{1} << ((i + 1) / 2) : int64_t{3} << (i / 2 - 1);
  }
  return minutes;
}

constexpr std::array<int64_t, kSteps> kStepMinutes = StepMinutes();

size_t StepOf(int64_t minutes) {
  const auto* found = std::lower_bound(kStepMinutes.begin(), kStepMinutes.end(), minutes);
  return found == kStepMinutes.end() ? kSteps - 1 : static_cast<size_t>(found - &kStepMinutes[0]);
}

std::string CounterBase(absl::string_view office, WorkMonth month, const WorkKey& key) {
  return absl::StrCat("work:", office, ":", absl::StrFormat("%04d-%02d", month.year, month.month),
                      ":", WorkMember(key));
}

std::string StepCounter(absl::string_view base, size_t step) {
  return absl::StrCat(base, "|", step);
}

std::string LateCounter(absl::string_view base) { return absl::StrCat(base, "|late"); }

WorkMonth MonthOf(absl::Time time) {
  const absl::CivilDay day = vocabulary::TodayInShanghai(time);
  return {static_cast<int>(day.year()), day.month()};
}

void AddWork(storage::v1::ApplicationRecord& record, int act, absl::Time now) {
  storage::v1::StageWork* work = record.add_stage_work();
  work->set_act(act);
  work->set_minutes(
      std::max<int64_t>(absl::ToInt64Minutes(now - WaitingSince(record)), int64_t{0}));
  work->set_late(now >= DueTimeOf(record.application()));
}

// An appeal with the county that had the case then.
struct DecidedAppeal {
  const v1::Appeal* appeal;
  std::string county_code;
};

// Oldest first; each county that had the case may have had one.
std::vector<DecidedAppeal> DecidedAppeals(const v1::Application& application) {
  std::vector<DecidedAppeal> appeals;
  for (const v1::CountyTransfer& transfer : application.transfers()) {
    if (!transfer.appeal().has_decide_time()) continue;
    appeals.push_back({&transfer.appeal(), transfer.from_county_code()});
  }
  if (application.review().appeal().has_decide_time()) {
    appeals.push_back({&application.review().appeal(), application.county_code()});
  }
  return appeals;
}

// What one decision adds.
void AddEntries(const storage::v1::StageWork& work, absl::string_view stage,
                absl::string_view actor, absl::Time time, absl::string_view county_code,
                chassis::Footprint& footprint) {
  const WorkMonth month = MonthOf(time);
  const std::string office = OfficeOf(county_code, RoleOf(actor));
  const WorkKey key{std::string(stage), std::string(PersonOf(actor))};
  footprint.index.push_back({WorkIndex(office, month), WorkMember(key), 0});
  const std::string base = CounterBase(office, month, key);
  footprint.holdings.push_back({StepCounter(base, StepOf(work.minutes())), 1});
  if (work.late()) footprint.holdings.push_back({LateCounter(base), 1});
}

}  // namespace

void AddStageWork(storage::v1::ApplicationRecord& record, absl::Time now) {
  AddWork(record, record.application().review().acts_size(), now);
}

void AddAppealWork(storage::v1::ApplicationRecord& record, absl::Time now) {
  AddWork(record, 0, now);
}

// What was decided for a county stays its officers' work when the case moves to another one.
void AddWorkEntries(const storage::v1::ApplicationRecord& record, chassis::Footprint& footprint) {
  const v1::Application& application = record.application();
  const std::vector<DecidedAppeal> appeals = DecidedAppeals(application);
  size_t appeal = 0;
  for (const storage::v1::StageWork& work : record.stage_work()) {
    if (work.act() == 0) {
      if (appeal == appeals.size()) continue;
      const auto& [decided, county_code] = appeals[appeal++];
      AddEntries(work, kAppealStage, decided->actor(), chassis::ToTime(decided->decide_time()),
                 county_code, footprint);
      continue;
    }
    const v1::StageAct& act = application.review().acts(work.act() - 1);
    AddEntries(work, act.stage(), act.actor(), chassis::ToTime(act.time()),
               act.county_code().empty() ? application.county_code() : act.county_code(),
               footprint);
  }
}

std::string WorkIndex(absl::string_view office, WorkMonth month) {
  return absl::StrCat("work:", office, ":", absl::StrFormat("%04d-%02d", month.year, month.month));
}

std::string WorkMember(const WorkKey& key) { return absl::StrCat(key.stage, "|", key.officer); }

std::optional<WorkKey> WorkKeyOf(absl::string_view member) {
  // The name of a stage has no bar.
  const size_t bar = member.find('|');
  if (bar == absl::string_view::npos) return std::nullopt;
  return WorkKey{std::string(member.substr(0, bar)), std::string(member.substr(bar + 1))};
}

std::vector<std::string> WorkCounters(absl::string_view office, WorkMonth month,
                                      const WorkKey& key) {
  const std::string base = CounterBase(office, month, key);
  std::vector<std::string> names;
  names.reserve(kSteps + 1);
  for (size_t step = 0; step < kSteps; ++step) names.push_back(StepCounter(base, step));
  names.push_back(LateCounter(base));
  return names;
}

WorkSummary SummaryOf(absl::Span<const int64_t> amounts) {
  std::array<int64_t, kSteps> by_step = {};
  WorkSummary summary;
  for (size_t i = 0; i < amounts.size(); ++i) {
    const size_t place = i % (kSteps + 1);
    if (place == kSteps) {
      summary.late += amounts[i];
    } else {
      by_step[place] += amounts[i];
      summary.decided += amounts[i];
    }
  }
  int64_t so_far = 0;
  for (size_t step = 0; step < kSteps; ++step) {
    if (by_step[step] == 0) continue;
    const bool first_half = 2 * so_far < summary.decided;
    so_far += by_step[step];
    if (first_half) summary.median = absl::Minutes(kStepMinutes[step]);
    summary.longest = absl::Minutes(kStepMinutes[step]);
  }
  return summary;
}

}  // namespace fuju::applications
