#include "applications/desk/workload_reader.h"

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "applications/desk/case_view.h"
#include "applications/desk/queue_index.h"
#include "applications/desk/queue_reader.h"
#include "applications/desk/stage_work.h"
#include "chassis/values/refusal.h"

namespace fuju::applications {
namespace {

using chassis::IndexEntry;

// More than the officers of an office, times its stages; and than they work on at once.
constexpr int kMostEntries = 5000;
// Counters that are asked for at once: Redis does nothing else meanwhile.
constexpr size_t kMostCounters = 2000;

google::protobuf::Duration ToDuration(absl::Duration time) {
  google::protobuf::Duration duration;
  duration.set_seconds(absl::ToInt64Seconds(time));
  return duration;
}

// One call on its way: a step after the other.
class WorkloadRead : public std::enable_shared_from_this<WorkloadRead> {
 public:
  using Done = std::function<void(absl::StatusOr<v1::Workload>)>;

  WorkloadRead(const Wiring& wiring, const Rules& rules, const v1::GetWorkloadRequest& request,
               absl::Time deadline, Done done)
      : wiring_(wiring),
        rules_(rules),
        office_(request.office_code()),
        year_(request.year()),
        month_(request.first_month() == 0 ? 1 : request.first_month()),
        last_month_(request.last_month() == 0 ? kLastMonth : request.last_month()),
        deadline_(deadline),
        done_(std::move(done)) {}

  void Start() {
    if (last_month_ < month_) {
      return done_(chassis::InvalidFields()
                       .Field("last_month", "不能早于first_month", "must not be before first_month")
                       .Build());
    }
    CountStages(wiring_, rules_, office_, deadline_,
                [self = shared_from_this()](absl::StatusOr<std::vector<v1::StageCount>> stages) {
                  if (!stages.ok()) return self->done_(stages.status());
                  self->stages_ = *std::move(stages);
                  self->ReadClaims(0);
                });
  }

 private:
  static constexpr int kLastMonth = 12;

  struct Work {
    int32_t claimed = 0;
    std::vector<int64_t> amounts;
  };

  // Stages without a case have no claim either, and are left out of what is counted.
  void ReadClaims(size_t stage) {
    if (stage == stages_.size()) return ReadMonth();
    const std::string& id = stages_[stage].stage();
    wiring_.store().raw()->RangeIndex(ClaimsIndex(office_, id), "",
                                      absl::ToUnixMillis(wiring_.clock().Now()) + 1,
                                      std::numeric_limits<int64_t>::max(), kMostEntries, deadline_,
                                      [self = shared_from_this(), stage,
                                       id](const absl::StatusOr<std::vector<IndexEntry>>& claims) {
                                        if (!claims.ok()) return self->done_(claims.status());
                                        for (const IndexEntry& claim : *claims) {
                                          if (const auto officer = OfficerOfClaim(claim.member)) {
                                            ++self->work_[WorkKey{id, *officer}].claimed;
                                          }
                                        }
                                        self->ReadClaims(stage + 1);
                                      });
  }

  void ReadMonth() {
    if (month_ > last_month_) return Answer();
    wiring_.store().raw()->RangeIndex(
        WorkIndex(office_, WorkMonth{year_, month_}), "", 0, 0, kMostEntries, deadline_,
        [self = shared_from_this()](const absl::StatusOr<std::vector<IndexEntry>>& entries) {
          if (!entries.ok()) return self->done_(entries.status());
          self->keys_.clear();
          for (const IndexEntry& entry : *entries) {
            if (auto key = WorkKeyOf(entry.member)) self->keys_.push_back(*std::move(key));
          }
          // An officer can stand in several partitions.
          std::sort(self->keys_.begin(), self->keys_.end());
          self->keys_.erase(std::unique(self->keys_.begin(), self->keys_.end()), self->keys_.end());
          self->ReadCounters(0);
        });
  }

  void ReadCounters(size_t first) {
    if (first >= keys_.size()) {
      ++month_;
      return ReadMonth();
    }
    std::vector<std::string> names;
    size_t behind = first;
    size_t of_each = 0;
    while (behind < keys_.size() && names.size() + of_each <= kMostCounters) {
      std::vector<std::string> more =
          WorkCounters(office_, WorkMonth{year_, month_}, keys_[behind++]);
      of_each = more.size();
      std::move(more.begin(), more.end(), std::back_inserter(names));
    }
    wiring_.store().raw()->GetCounters(
        "", std::move(names), deadline_,
        [self = shared_from_this(), first, behind,
         of_each](const absl::StatusOr<std::vector<int64_t>>& amounts) {
          if (!amounts.ok()) return self->done_(amounts.status());
          for (size_t i = first; i < behind; ++i) {
            const auto begin = amounts->begin() + static_cast<ptrdiff_t>((i - first) * of_each);
            std::vector<int64_t>& all = self->work_[self->keys_[i]].amounts;
            all.insert(all.end(), begin, begin + static_cast<ptrdiff_t>(of_each));
          }
          self->ReadCounters(behind);
        });
  }

  void Answer() {
    v1::Workload answer;
    for (v1::StageCount& stage : stages_) *answer.add_stages() = std::move(stage);
    for (const auto& [key, work] : work_) {
      const WorkSummary summary = SummaryOf(work.amounts);
      v1::OfficerWork* line = answer.add_officers();
      line->set_officer(key.officer);
      line->set_stage(key.stage);
      line->set_claimed_count(work.claimed);
      line->set_decided_count(summary.decided);
      line->set_late_count(summary.late);
      *line->mutable_median_time() = ToDuration(summary.median);
      *line->mutable_longest_time() = ToDuration(summary.longest);
    }
    std::sort(answer.mutable_officers()->pointer_begin(), answer.mutable_officers()->pointer_end(),
              [](const v1::OfficerWork* a, const v1::OfficerWork* b) {
                return std::tie(a->officer(), a->stage()) < std::tie(b->officer(), b->stage());
              });
    done_(std::move(answer));
  }

  const Wiring& wiring_;
  const Rules& rules_;
  const std::string office_;
  const int year_;
  int month_;
  const int last_month_;
  const absl::Time deadline_;
  const Done done_;
  std::vector<v1::StageCount> stages_;
  std::map<WorkKey, Work> work_;
  // Of the month that is being read.
  std::vector<WorkKey> keys_;
};

}  // namespace

void ReadWorkload(const Wiring& wiring, const Rules& rules, const v1::GetWorkloadRequest& request,
                  absl::Time deadline, std::function<void(absl::StatusOr<v1::Workload>)> done) {
  std::make_shared<WorkloadRead>(wiring, rules, request, deadline, std::move(done))->Start();
}

}  // namespace fuju::applications
