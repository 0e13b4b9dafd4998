#pragma once

#include <array>
#include <map>
#include <string>

#include "absl/time/time.h"
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include "audit/archive_log.h"

namespace fuju::audit {

// Services whose streams are archived; the archive's own has what operators did with its dead
// letters.
inline constexpr std::array<const char*, 5> kSources = {"applications", "audit", "catalogue",
                                                        "dispatch", "fitting"};

// The archive's metrics, with a handle for each label kept. Thread-safe.
//   fuju_audit_events_archived_total{source}   events appended
//   fuju_audit_repeats_total                   events that were archived already
//   fuju_audit_version_gaps_total              events whose aggregate skipped versions: lost events
//   fuju_audit_findings_total{kind}            the other findings
//   fuju_audit_batch_size                      events of one transaction
//   fuju_audit_commit_seconds                  time of one transaction, with its fsync
//   fuju_audit_commit_failures_total           transactions that failed; their events come again
//   fuju_audit_lag_seconds                     from an event's decision to its commit here
//   fuju_audit_chain_broken_at                 sequence at which the hash chain broke, at the last
//                                              check; 0: it is whole
class AuditMetrics {
 public:
  explicit AuditMetrics(prometheus::Registry& registry);

  void CountArchived(const event::v1::Event& event, const Archived& archived, absl::Time now);
  void CountCommit(size_t events, absl::Duration duration);
  void CountFailure() { failures_->Increment(); }
  void SetChainBrokenAt(int64_t sequence);

 private:
  std::map<std::string, prometheus::Counter*> archived_;
  prometheus::Counter* other_sources_;
  prometheus::Counter* repeats_;
  std::array<prometheus::Counter*, kFindingKinds> findings_;
  prometheus::Histogram* batch_size_;
  prometheus::Histogram* commit_seconds_;
  prometheus::Counter* failures_;
  prometheus::Histogram* lag_seconds_;
  prometheus::Gauge* chain_broken_at_;
};

}  // namespace fuju::audit
