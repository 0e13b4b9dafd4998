#include "applications/desk/case_view.h"

#include <limits>
#include <set>
#include <utility>

#include "absl/strings/match.h"

#include "applications/desk/desk_place.h"
#include "applications/desk/queue_index.h"
#include "chassis/values/timestamps.h"
#include "vocabulary/civil_date.h"
#include "vocabulary/person_name.h"

namespace fuju::applications {
namespace {

// Of each stage: late, due today, claimed.
constexpr size_t kDetailsOfStage = 3;

constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
constexpr int64_t kGreatest = std::numeric_limits<int64_t>::max();

// Codes of prefectures and the province end with 00 (GB/T 2260).
bool IsCounty(absl::string_view office) { return !absl::EndsWith(office, "00"); }

}  // namespace

v1::QueuedCase QueuedCaseView(const storage::v1::ApplicationRecord& record, std::string etag,
                              absl::Time now) {
  const v1::Application& application = record.application();
  v1::QueuedCase view;
  view.set_application(application.name());
  view.set_etag(std::move(etag));
  view.set_state(application.state());
  view.set_county_code(application.county_code());
  view.set_stage(DeskStageOf(application));
  if (application.state() == v1::APPLICATION_STATE_APPEALED) {
    view.set_stage_text_zh("申诉");
    view.set_stage_text_en("appeal");
  } else {
    view.set_stage_text_zh(application.review().stage_text_zh());
    view.set_stage_text_en(application.review().stage_text_en());
  }
  if (WaitsForOfficer(application.state())) {
    *view.mutable_due_time() = chassis::ToTimestamp(DueTimeOf(application));
    view.set_late(DueTimeOf(application) <= now);
    *view.mutable_since_time() = chassis::ToTimestamp(WaitingSince(record));
  }
  *view.mutable_submit_time() = application.submit_time();
  view.set_applicant_name(vocabulary::MaskPersonName(application.applicant().name()));
  view.set_economic_status(application.applicant().economic_status());
  view.set_item_code(application.request().item_code());
  view.set_device_division(application.request().device_division());
  view.set_quote_fen(application.request().quote_fen());
  view.set_subsidy_fen(application.subsidy().subsidy_fen());
  if (const v1::CaseClaim* claim = RunningClaim(record, now); claim != nullptr) {
    *view.mutable_claim() = *claim;
  }
  return view;
}

std::vector<v1::StageCount> StagesOf(const ChainBook& chains, absl::string_view office) {
  std::vector<const Chain*> in_order;
  if (IsCounty(office)) in_order.push_back(&chains.ChainFor(office));
  for (const Chain* chain : chains.All()) in_order.push_back(chain);
  std::vector<v1::StageCount> stages;
  std::set<std::string> seen;
  for (const Chain* chain : in_order) {
    for (const Stage& stage : chain->stages) {
      if (!seen.insert(stage.id()).second) continue;
      v1::StageCount& count = stages.emplace_back();
      count.set_stage(stage.id());
      count.set_text_zh(stage.config.name_zh());
      count.set_text_en(stage.config.name_en());
    }
  }
  v1::StageCount& appeal = stages.emplace_back();
  appeal.set_stage(std::string(kAppealStage));
  appeal.set_text_zh("申诉");
  appeal.set_text_en("appeal");
  return stages;
}

std::vector<CountRange> OpenRangesOf(absl::Span<const v1::StageCount> stages,
                                     absl::string_view office) {
  std::vector<CountRange> ranges;
  ranges.reserve(stages.size());
  for (const v1::StageCount& stage : stages) {
    ranges.push_back({StageQueueIndex(office, stage.stage()), kLeast, kGreatest});
  }
  return ranges;
}

std::vector<v1::StageCount> WithOpenCounts(std::vector<v1::StageCount> stages,
                                           absl::Span<const int64_t> counts,
                                           const ChainBook& chains, absl::string_view office) {
  std::vector<v1::StageCount> kept;
  for (size_t i = 0; i < stages.size(); ++i) {
    stages[i].set_open_count(static_cast<int32_t>(counts[i]));
    const bool own =
        IsCounty(office) && chains.ChainFor(office).Find(stages[i].stage()).has_value();
    if (own || counts[i] > 0) kept.push_back(std::move(stages[i]));
  }
  return kept;
}

std::vector<CountRange> DetailRangesOf(absl::Span<const v1::StageCount> stages,
                                       absl::string_view office, absl::Time now) {
  const int64_t late = QueueScore(now);
  const int64_t tonight = QueueScore(vocabulary::EndOfDay(vocabulary::TodayInShanghai(now)));
  std::vector<CountRange> ranges;
  ranges.reserve(stages.size() * kDetailsOfStage);
  for (const v1::StageCount& stage : stages) {
    const std::string queue = StageQueueIndex(office, stage.stage());
    ranges.push_back({queue, late, kGreatest});
    // A limit of working days ends with the midnight behind its last day.
    ranges.push_back({queue, tonight, late - 1});
    ranges.push_back({ClaimsIndex(office, stage.stage()), absl::ToUnixMillis(now) + 1, kGreatest});
  }
  return ranges;
}

std::vector<v1::StageCount> WithDetails(std::vector<v1::StageCount> stages,
                                        absl::Span<const int64_t> counts) {
  for (size_t i = 0; i < stages.size(); ++i) {
    const absl::Span<const int64_t> of_stage = counts.subspan(i * kDetailsOfStage, kDetailsOfStage);
    stages[i].set_late_count(static_cast<int32_t>(of_stage[0]));
    stages[i].set_due_today_count(static_cast<int32_t>(of_stage[1]));
    stages[i].set_claimed_count(static_cast<int32_t>(of_stage[2]));
  }
  return stages;
}

}  // namespace fuju::applications
