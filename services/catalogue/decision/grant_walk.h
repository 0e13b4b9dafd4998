#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "catalogue/decision/grant_pages.h"
#include "catalogue/decision/run_thread.h"
#include "fuju/catalogue/v1/decisions_service.pb.h"

namespace fuju::catalogue {

// Walks over the grants that were decided in a period in some counties, a page at a time: the next
// page is read when the last one has been dealt with, so there is one in memory. A grant
// that is decided anew meanwhile moves to another day, and may be missed; that is counted. Its
// steps are turns of a RunThread. Thread-safe.
class GrantWalk : public std::enable_shared_from_this<GrantWalk> {
 public:
  struct Order {
    std::vector<std::string> counties;
    // Days of the decisions, both inclusive.
    absl::CivilDay from;
    absl::CivilDay to;
    // Of one read; the run as a whole lasts as long as who asked for it waits.
    absl::Duration read_limit = absl::Seconds(10);
    int page_size = 250;
  };
  // Deals with a page, on the run's thread, and calls `proceed` once, on any thread; an error ends
  // the walk with it.
  using OnPage = std::function<void(std::vector<v1::Grant> grants, const v1::RunProgress& progress,
                                    std::function<void(absl::Status)> proceed)>;
  // Once, on the run's thread, unless the walk was cancelled.
  using OnEnd = std::function<void(const absl::Status& status, const v1::RunProgress& progress)>;

  // `pages` and `thread` outlive the walk.
  GrantWalk(const GrantPages* pages, RunThread* thread, Order order, OnPage on_page, OnEnd on_end);

  // Once.
  void Start();
  // Nothing is called any more but what runs at this moment.
  void Cancel();

 private:
  void ReadPage();
  void TakePage(absl::StatusOr<GrantPages::Page> page);
  void BeginCounty(size_t number);
  void TakeCount(absl::StatusOr<int64_t> decisions);
  void EndCounty();
  void End(const absl::Status& status);
  // A turn of this walk, unless it is over.
  void Turn(std::function<void()> step);

  const GrantPages* const pages_;
  RunThread* const thread_;
  const Order order_;
  // The beginnings of the first and the last day.
  const int64_t from_ms_;
  const int64_t until_ms_;
  const OnPage on_page_;
  const OnEnd on_end_;
  std::atomic<bool> cancelled_{false};
  // Below: of the turns, which run one after the other.
  v1::RunProgress progress_;
  size_t county_ = 0;
  // Of the county: how many there were at its beginning, and were not met yet.
  int64_t expected_ = 0;
  GrantPages::Place place_;
};

}  // namespace fuju::catalogue
