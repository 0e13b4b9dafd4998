#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "chassis/values/decision.h"
#include "fuju/applications/storage/v1/application_record.pb.h"

namespace fuju::applications {

// What officers did, as counters that the commits of their decisions move: the counter is the sum
// over all cases of what their states say, so a repeated request or fact counts once, and an
// auditor can count again. Part of the stored format, as footprint.h.
//
// Times are kept as how many decisions fell between two steps: 1, 2, 3, 4, 6, 8, 12, 16 minutes and
// so on, each a third or a half more than the one before. So the middle and the longest are known
// to a step, and a decision costs one counter.

// Keeps how long the newest of Review.acts took, or the decision of the appeal; before the case
// leaves its place.
void AddStageWork(storage::v1::ApplicationRecord& record, absl::Time now);
void AddAppealWork(storage::v1::ApplicationRecord& record, absl::Time now);

// The counters and the month's list of officers, for every decision that is kept.
void AddWorkEntries(const storage::v1::ApplicationRecord& record, chassis::Footprint& footprint);

// A month of Asia/Shanghai.
struct WorkMonth {
  int year = 0;
  int month = 0;
};

// Who decided something in a month: members "<stage>|<officer>", score 0. An entry is shared by all
// cases of the officer and stays, as the counters do.
std::string WorkIndex(absl::string_view office, WorkMonth month);

// An officer in a stage.
struct WorkKey {
  std::string stage;
  std::string officer;
  auto operator<=>(const WorkKey&) const = default;
};
std::string WorkMember(const WorkKey& key);
// None if it is no such member.
std::optional<WorkKey> WorkKeyOf(absl::string_view member);

// The counters of an officer in a stage and month: decisions by step, and behind them the late
// ones.
std::vector<std::string> WorkCounters(absl::string_view office, WorkMonth month,
                                      const WorkKey& key);

// What some months' counters say.
struct WorkSummary {
  int64_t decided = 0;
  int64_t late = 0;
  // The steps under which half of the decisions, and all of them, are.
  absl::Duration median = absl::ZeroDuration();
  absl::Duration longest = absl::ZeroDuration();
};
// `amounts` as WorkCounters has them, once or several times.
WorkSummary SummaryOf(absl::Span<const int64_t> amounts);

}  // namespace fuju::applications
