#include "applications/desk/queue_reader.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

#include "applications/desk/case_view.h"
#include "applications/desk/queue_filter.h"
#include "applications/desk/queue_index.h"
#include "chassis/rpc/page_token.h"
#include "chassis/store/list_cursor.h"

namespace fuju::applications {
namespace {

using chassis::IndexEntry;
using chassis::RawStore;

// Cases that one call looks at, and reads at once, beyond the first page's worth.
constexpr int kMostExamined = 1000;
constexpr int kLargeBatch = 200;

// One call on its way; its steps come one after the other. The counts and the page are read at the
// same time; the last of the two answers.
class QueueRead : public std::enable_shared_from_this<QueueRead> {
 public:
  using Done = std::function<void(absl::StatusOr<v1::ListQueuedCasesResponse>)>;

  QueueRead(const Wiring& wiring, const v1::ListQueuedCasesRequest& request, std::string officer,
            absl::Time deadline, Done done)
      : wiring_(wiring),
        request_(request),
        officer_(std::move(officer)),
        deadline_(deadline),
        now_(wiring.clock().Now()),
        page_size_(chassis::PageSize(request.page_size())),
        done_(std::move(done)) {}

  void Start(const Rules& rules) {
    absl::StatusOr<std::string> cursor = chassis::CursorOf(request_);
    if (!cursor.ok()) return done_(cursor.status());
    if (cursor->empty()) {
      left_ = 2;
      CountStages(wiring_, rules, request_.office_code(), deadline_,
                  [self = shared_from_this()](absl::StatusOr<std::vector<v1::StageCount>> counts) {
                    self->counts_ = std::move(counts);
                    self->EndHalf();
                  });
    }
    ReadOn(*std::move(cursor), page_size_);
  }

 private:
  void ReadOn(std::string cursor, int batch) {
    wiring_.store().raw()->ListIndexes(
        {IndexFor(request_, officer_)}, "", std::move(cursor), batch, deadline_,
        [self = shared_from_this()](absl::StatusOr<RawStore::IndexPage> page) {
          if (!page.ok()) return self->EndPage(page.status());
          self->ReadCases(*std::move(page));
        });
  }

  void ReadCases(RawStore::IndexPage page) {
    if (request_.late_only()) {
      // The least time left comes first, so nothing late comes behind what is not.
      const auto in_time =
          std::find_if(page.entries.begin(), page.entries.end(),
                       [this](const IndexEntry& entry) { return DueOfScore(entry.score) > now_; });
      if (in_time != page.entries.end()) page.next_cursor.clear();
      page.entries.erase(in_time, page.entries.end());
    }
    std::vector<std::string> ids;
    ids.reserve(page.entries.size());
    for (const IndexEntry& entry : page.entries) ids.push_back(entry.member);
    wiring_.store().GetMany(std::move(ids), deadline_,
                            [self = shared_from_this(), page = std::move(page)](
                                absl::StatusOr<std::vector<chassis::Versioned<Record>>> found) {
                              if (!found.ok()) return self->EndPage(found.status());
                              self->Take(page, *found);
                            });
  }

  void Take(const RawStore::IndexPage& page, const std::vector<chassis::Versioned<Record>>& found) {
    for (size_t i = 0; i < found.size(); ++i) {
      if (!IsAskedFor(request_, officer_, found[i].state, now_)) continue;
      *answer_.add_cases() =
          QueuedCaseView(found[i].state, chassis::EtagOf(found[i].version), now_);
      if (answer_.cases_size() < page_size_) continue;
      const bool last = i + 1 == found.size() && page.next_cursor.empty();
      if (!last) SetNext(chassis::EncodeListCursor(page.entries[i]));
      return EndPage(absl::OkStatus());
    }
    examined_ += static_cast<int>(found.size());
    if (page.next_cursor.empty()) return EndPage(absl::OkStatus());
    if (examined_ >= kMostExamined) {
      SetNext(page.next_cursor);
      return EndPage(absl::OkStatus());
    }
    ReadOn(page.next_cursor, kLargeBatch);
  }

  void SetNext(const std::string& cursor) {
    answer_.set_next_page_token(chassis::MakePageToken(request_, cursor));
  }

  void EndPage(absl::Status status) {
    status_ = std::move(status);
    EndHalf();
  }

  void EndHalf() {
    if (--left_ > 0) return;
    if (!status_.ok()) return done_(status_);
    if (!counts_.ok()) return done_(counts_.status());
    for (v1::StageCount& count : *counts_) *answer_.add_stage_counts() = std::move(count);
    done_(std::move(answer_));
  }

  const Wiring& wiring_;
  const v1::ListQueuedCasesRequest& request_;
  const std::string officer_;
  const absl::Time deadline_;
  const absl::Time now_;
  const int page_size_;
  const Done done_;
  int examined_ = 0;
  v1::ListQueuedCasesResponse answer_;
  absl::Status status_;
  absl::StatusOr<std::vector<v1::StageCount>> counts_ = std::vector<v1::StageCount>();
  std::atomic<int> left_ = 1;
};

void Count(const Wiring& wiring, std::vector<CountRange> ranges, absl::Time deadline,
           std::function<void(absl::StatusOr<std::vector<int64_t>>)> done) {
  std::vector<RawStore::IndexRange> asked;
  asked.reserve(ranges.size());
  for (CountRange& range : ranges) {
    asked.push_back({std::move(range.index), range.min_score, range.max_score});
  }
  wiring.store().raw()->CountIndexes(std::move(asked), deadline, std::move(done));
}

}  // namespace

void ReadQueue(const Wiring& wiring, const Rules& rules, const v1::ListQueuedCasesRequest& request,
               std::string officer, absl::Time deadline,
               std::function<void(absl::StatusOr<v1::ListQueuedCasesResponse>)> done) {
  std::make_shared<QueueRead>(wiring, request, std::move(officer), deadline, std::move(done))
      ->Start(rules);
}

void CountStages(const Wiring& wiring, const Rules& rules, const std::string& office,
                 absl::Time deadline,
                 std::function<void(absl::StatusOr<std::vector<v1::StageCount>>)> done) {
  std::vector<v1::StageCount> stages = StagesOf(rules.chains, office);
  std::vector<CountRange> ranges = OpenRangesOf(stages, office);
  Count(wiring, std::move(ranges), deadline,
        [&wiring, &rules, office, deadline, stages = std::move(stages),
         done = std::move(done)](const absl::StatusOr<std::vector<int64_t>>& open) mutable {
          if (!open.ok()) return done(open.status());
          stages = WithOpenCounts(std::move(stages), *open, rules.chains, office);
          std::vector<CountRange> details = DetailRangesOf(stages, office, wiring.clock().Now());
          Count(wiring, std::move(details), deadline,
                [stages = std::move(stages),
                 done = std::move(done)](const absl::StatusOr<std::vector<int64_t>>& counts) {
                  if (!counts.ok()) return done(counts.status());
                  done(WithDetails(stages, *counts));
                });
        });
}

}  // namespace fuju::applications
