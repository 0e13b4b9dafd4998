#include "chassis/streams/stream_metrics.h"

#include <algorithm>
#include <limits>

#include <prometheus/registry.h>

namespace fuju::chassis {
namespace {

const prometheus::Histogram::BucketBoundaries kReactionSeconds = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
const prometheus::Histogram::BucketBoundaries kLateSeconds = {0.05, 0.1, 0.25, 0.5, 1,  2.5,
                                                              5,    10,  30,   60,  300};

}  // namespace

StreamMetrics::StreamMetrics(prometheus::Registry& registry,
                             const std::vector<std::string>& sources,
                             const std::vector<std::string>& timer_kinds) {
  auto& events = prometheus::BuildCounter()
                     .Name("fuju_stream_events_total")
                     .Help("Ends of reactions to stream entries, by source and result")
                     .Register(registry);
  auto& seconds = prometheus::BuildHistogram()
                      .Name("fuju_stream_reaction_seconds")
                      .Help("Time from calling a reaction to its answer")
                      .Register(registry);
  auto& backlog = prometheus::BuildGauge()
                      .Name("fuju_stream_backlog")
                      .Help("Entries of the held partitions not acknowledged yet; NaN when unknown")
                      .Register(registry);
  auto& dead_letters = prometheus::BuildCounter()
                           .Name("fuju_stream_dead_letters_total")
                           .Help("Events given up and moved to the dead letters")
                           .Register(registry);
  auto& fired = prometheus::BuildCounter()
                    .Name("fuju_timer_fired_total")
                    .Help("Timers handled, by kind of aggregate and result")
                    .Register(registry);
  for (const std::string& source : sources) {
    const auto result = [&](const char* name) {
      return &events.Add({{"source", source}, {"result", name}});
    };
    sources_.push_back(Source{.done = result("done"),
                              .ignored = result("ignored"),
                              .retried = result("retried"),
                              .failed = result("failed"),
                              .fenced = result("fenced"),
                              .dead = result("dead"),
                              .parked = result("parked"),
                              .dead_letters = &dead_letters.Add({{"source", source}}),
                              .seconds = &seconds.Add({{"source", source}}, kReactionSeconds),
                              .backlog = &backlog.Add({{"source", source}})});
  }
  for (const std::string& kind : timer_kinds) {
    timer_kinds_[kind] = TimerKind{.done = &fired.Add({{"kind", kind}, {"result", "done"}}),
                                   .failed = &fired.Add({{"kind", kind}, {"result", "failed"}})};
  }
  partitions_held_ = &prometheus::BuildGauge()
                          .Name("fuju_partitions_held")
                          .Help("Partitions whose lease this instance holds")
                          .Register(registry)
                          .Add({});
  timer_late_ = &prometheus::BuildHistogram()
                     .Name("fuju_timer_late_seconds")
                     .Help("Time from a timer's due time to its call")
                     .Register(registry)
                     .Add({}, kLateSeconds);
  group_recreated_ = &prometheus::BuildCounter()
                          .Name("fuju_group_recreated_total")
                          .Help("Consumer groups that were missing and were made at their position")
                          .Register(registry)
                          .Add({});
  trim_overdue_ = &prometheus::BuildGauge()
                       .Name("fuju_stream_trim_overdue_seconds")
                       .Help("How long the oldest entry is kept only because a group needs it")
                       .Register(registry)
                       .Add({});
  stream_end_lost_ =
      &prometheus::BuildCounter()
           .Name("fuju_stream_end_lost_total")
           .Help("Streams that ended before what a group had read, as after a restore")
           .Register(registry)
           .Add({});
  entries_removed_ = &prometheus::BuildCounter()
                          .Name("fuju_stream_entries_removed_total")
                          .Help("Entries that were removed from a stream, but not by trimming")
                          .Register(registry)
                          .Add({});
  pending_without_body_ =
      &prometheus::BuildCounter()
           .Name("fuju_pending_without_body_total")
           .Help("Entries in hand that were removed from their stream before they were handled")
           .Register(registry)
           .Add({});
  const absl::MutexLock lock(&mutex_);
  backlogs_.resize(sources.size());
  for (size_t i = 0; i < sources.size(); ++i) ShowBacklog(static_cast<int>(i));
}

void StreamMetrics::SetBacklog(int source, int partition, double backlog) {
  const absl::MutexLock lock(&mutex_);
  backlogs_[source][partition] = backlog;
  ShowBacklog(source);
}

void StreamMetrics::SetTrimOverdue(int partition, double seconds) {
  const absl::MutexLock lock(&mutex_);
  trims_overdue_[partition] = seconds;
  ShowTrimOverdue();
}

void StreamMetrics::ForgetPartition(int partition) {
  const absl::MutexLock lock(&mutex_);
  for (size_t i = 0; i < backlogs_.size(); ++i) {
    backlogs_[i].erase(partition);
    ShowBacklog(static_cast<int>(i));
  }
  trims_overdue_.erase(partition);
  ShowTrimOverdue();
}

void StreamMetrics::ShowTrimOverdue() {
  double most = 0;
  for (const auto& [partition, seconds] : trims_overdue_) most = std::max(most, seconds);
  trim_overdue_->Set(most);
}

void StreamMetrics::ShowBacklog(int source) {
  // Holding nothing, this instance knows nothing: NaN, which is not the same as no backlog.
  double sum = backlogs_[source].empty() ? std::numeric_limits<double>::quiet_NaN() : 0;
  for (const auto& [partition, backlog] : backlogs_[source]) sum += backlog;
  sources_[source].backlog->Set(sum);
}

}  // namespace fuju::chassis
