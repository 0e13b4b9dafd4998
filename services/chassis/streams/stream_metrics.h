#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

namespace prometheus {
class Registry;
}

namespace fuju::chassis {

// The consumer's metrics, with a handle for each label kept. Thread-safe.
//
//   fuju_stream_events_total{source,result}         ends of reactions; result: done, ignored,
//                                                   retried, failed, fenced, dead, parked
//   fuju_stream_reaction_seconds{source}            from the call of a handler to its answer
//   fuju_stream_backlog{source}                     entries not acknowledged yet, of the held
//                                                   partitions; NaN: unknown
//   fuju_stream_dead_letters_total{source}
//   fuju_partitions_held
//   fuju_timer_fired_total{kind,result}             result: done, failed
//   fuju_timer_late_seconds                         from due to called
//   fuju_group_recreated_total                      consumer groups that were missing
//   fuju_stream_trim_overdue_seconds                for how long the oldest entry of the own
//   streams
//                                                   could have been trimmed, but for a group
//   fuju_pending_without_body_total                 entries in hand that were removed from their
//                                                   stream before they were handled
//   fuju_stream_end_lost_total                      streams that ended before what a group had read
//   fuju_stream_entries_removed_total               entries that were removed, but not by trimming
class StreamMetrics {
 public:
  struct Source {
    prometheus::Counter* done;
    prometheus::Counter* ignored;
    prometheus::Counter* retried;
    prometheus::Counter* failed;
    prometheus::Counter* fenced;
    prometheus::Counter* dead;
    prometheus::Counter* parked;
    prometheus::Counter* dead_letters;
    prometheus::Histogram* seconds;
    prometheus::Gauge* backlog;
  };
  struct TimerKind {
    prometheus::Counter* done;
    prometheus::Counter* failed;
  };

  // `registry` outlives this.
  StreamMetrics(prometheus::Registry& registry, const std::vector<std::string>& sources,
                const std::vector<std::string>& timer_kinds);

  const Source& source(int index) const { return sources_[index]; }
  const TimerKind& timer_kind(const std::string& kind) const { return timer_kinds_.at(kind); }
  prometheus::Gauge& partitions_held() { return *partitions_held_; }
  prometheus::Histogram& timer_late() { return *timer_late_; }
  prometheus::Counter& group_recreated() { return *group_recreated_; }
  prometheus::Counter& pending_without_body() { return *pending_without_body_; }
  prometheus::Counter& stream_end_lost() { return *stream_end_lost_; }
  prometheus::Counter& entries_removed() { return *entries_removed_; }

  // Backlog of one partition, NaN if unknown; the gauge is the sum over the held ones.
  void SetBacklog(int source, int partition, double backlog);
  // For how long the oldest entry of a partition's stream is kept for a group alone; the gauge is
  // the greatest of the held ones.
  void SetTrimOverdue(int partition, double seconds);
  // The partition is not held any more.
  void ForgetPartition(int partition);

 private:
  void ShowBacklog(int source) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ShowTrimOverdue() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  std::vector<Source> sources_;
  std::map<std::string, TimerKind> timer_kinds_;
  prometheus::Gauge* partitions_held_;
  prometheus::Histogram* timer_late_;
  prometheus::Counter* group_recreated_;
  prometheus::Counter* pending_without_body_;
  prometheus::Gauge* trim_overdue_;
  prometheus::Counter* stream_end_lost_;
  prometheus::Counter* entries_removed_;

  absl::Mutex mutex_;
  // By source: partition -> backlog.
  std::vector<std::map<int, double>> backlogs_ ABSL_GUARDED_BY(mutex_);
  // partition -> seconds.
  std::map<int, double> trims_overdue_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fuju::chassis
