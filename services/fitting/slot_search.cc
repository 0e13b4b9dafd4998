#include "fitting/slot_search.h"

#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

#include "chassis/values/timestamps.h"
#include "fitting/names.h"

namespace fuju::fitting {
namespace {

using chassis::IndexEntry;

// More technicians than any vendor has; the rest would not be searched.
constexpr int kMostTechnicians = 500;
// More visits than fit into a calendar within the range.
constexpr int kMostVisits = 10000;

// Collects the answers for several technicians. Thread-safe.
class Search {
 public:
  using Done = std::function<void(absl::StatusOr<v1::FindSlotsResponse>)>;
  Search(SlotQuery query, size_t technicians, Done done)
      : query_(std::move(query)), waiting_(technicians), done_(std::move(done)) {}

  void Add(const v1::Technician& technician, absl::StatusOr<std::vector<IndexEntry>> busy) {
    absl::ReleasableMutexLock lock(&mutex_);
    if (!busy.ok()) {
      status_.Update(busy.status());
    } else {
      AddFree(technician, *busy);
    }
    if (--waiting_ > 0) return;
    absl::StatusOr<v1::FindSlotsResponse> answer = Answer();
    lock.Release();
    done_(std::move(answer));
  }

 private:
  void AddFree(const v1::Technician& technician, const std::vector<IndexEntry>& entries)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    std::vector<Interval> busy;
    for (const IndexEntry& entry : entries) {
      const absl::StatusOr<Interval> visit = ParseBusyMember(entry.member);
      if (!visit.ok()) return status_.Update(visit.status());
      busy.push_back(*visit);
    }
    for (const Interval& slot :
         FreeSlots(technician, busy, query_.within, query_.grid, query_.limit)) {
      free_.emplace_back(slot, technician.name());
    }
  }

  absl::StatusOr<v1::FindSlotsResponse> Answer() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (!status_.ok()) return status_;
    std::sort(free_.begin(), free_.end());
    if (free_.size() > static_cast<size_t>(query_.limit)) {
      free_.resize(static_cast<size_t>(query_.limit));
    }
    v1::FindSlotsResponse response;
    for (const auto& [slot, technician] : free_) {
      v1::Slot& added = *response.add_slots();
      added.set_technician(technician);
      *added.mutable_start_time() = chassis::ToTimestamp(slot.start);
      *added.mutable_end_time() = chassis::ToTimestamp(slot.end);
    }
    return response;
  }

  const SlotQuery query_;
  absl::Mutex mutex_;
  size_t waiting_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::pair<Interval, std::string>> free_ ABSL_GUARDED_BY(mutex_);
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
  const Done done_;
};

}  // namespace

void SearchSlots(const FittingStores& stores, const SlotQuery& query,
                 std::function<void(absl::StatusOr<v1::FindSlotsResponse>)> done) {
  stores.technicians.List(
      TechnicianIndex(query.uscc), query.uscc, /*cursor=*/"", kMostTechnicians, query.deadline,
      [&stores, query, done = std::move(done)](auto page) {
        if (!page.ok()) return done(page.status());
        std::vector<std::pair<std::string, v1::Technician>> suitable;
        for (const auto& item : page->items) {
          const v1::Technician& technician = item.aggregate.state.technician();
          if (Serves(technician, query.device_division)) suitable.emplace_back(item.id, technician);
        }
        if (suitable.empty()) return done(v1::FindSlotsResponse());
        auto search = std::make_shared<Search>(query, suitable.size(), done);
        // A visit that began before the range may reach into it.
        const int64_t from = absl::ToUnixMillis(query.within.start - absl::Hours(24));
        const int64_t to = absl::ToUnixMillis(query.within.end);
        for (const auto& [id, technician] : suitable) {
          stores.raw()->RangeIndex(
              BusyIndex(id), query.uscc, from, to, kMostVisits, query.deadline,
              [search, technician](auto busy) { search->Add(technician, std::move(busy)); });
        }
      });
}

}  // namespace fuju::fitting
