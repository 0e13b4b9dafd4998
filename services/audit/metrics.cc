#include "audit/metrics.h"

#include <algorithm>

#include "chassis/values/timestamps.h"

namespace fuju::audit {
namespace {

prometheus::Counter* Counter(prometheus::Registry& registry, const std::string& name,
                             const std::string& help) {
  return &prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

prometheus::Histogram* Histogram(prometheus::Registry& registry, const std::string& name,
                                 const std::string& help,
                                 const prometheus::Histogram::BucketBoundaries& bounds) {
  return &prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add({}, bounds);
}

}  // namespace

AuditMetrics::AuditMetrics(prometheus::Registry& registry) {
  auto& archived = prometheus::BuildCounter()
                       .Name("fuju_audit_events_archived_total")
                       .Help("Events appended to the archive.")
                       .Register(registry);
  for (const char* source : kSources) archived_[source] = &archived.Add({{"source", source}});
  other_sources_ = &archived.Add({{"source", "other"}});
  repeats_ = Counter(registry, "fuju_audit_repeats_total",
                     "Events that arrived again and were archived already.");
  auto& findings = prometheus::BuildCounter()
                       .Name("fuju_audit_findings_total")
                       .Help("What was wrong with arriving events, version gaps aside.")
                       .Register(registry);
  for (int kind = 0; kind < kFindingKinds; ++kind) {
    const auto finding = static_cast<FindingKind>(kind);
    findings_[kind] = finding == FindingKind::kVersionGap
                          ? Counter(registry, "fuju_audit_version_gaps_total",
                                    "Events whose aggregate skipped versions: lost events.")
                          : &findings.Add({{"kind", FindingName(finding)}});
  }
  batch_size_ = Histogram(registry, "fuju_audit_batch_size", "Events of one transaction.",
                          {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000});
  commit_seconds_ =
      Histogram(registry, "fuju_audit_commit_seconds", "Time of one transaction, with its fsync.",
                {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10});
  failures_ = Counter(registry, "fuju_audit_commit_failures_total",
                      "Transactions that failed; their events are tried again.");
  lag_seconds_ = Histogram(registry, "fuju_audit_lag_seconds",
                           "Time from the decision of an event to its commit in the archive.",
                           {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600});
  chain_broken_at_ =
      &prometheus::BuildGauge()
           .Name("fuju_audit_chain_broken_at")
           .Help("Sequence at which the hash chain broke at the last check; 0: whole.")
           .Register(registry)
           .Add({});
}

void AuditMetrics::CountArchived(const event::v1::Event& event, const Archived& archived,
                                 absl::Time now) {
  for (FindingKind kind : archived.findings) findings_[static_cast<int>(kind)]->Increment();
  if (archived.result == Archived::Result::kRepeat) repeats_->Increment();
  if (archived.result != Archived::Result::kAppended) return;
  const auto counter = archived_.find(event.source());
  (counter == archived_.end() ? other_sources_ : counter->second)->Increment();
  const absl::Duration lag = now - chassis::ToTime(event.time());
  lag_seconds_->Observe(std::max(0.0, absl::ToDoubleSeconds(lag)));
}

void AuditMetrics::CountCommit(size_t events, absl::Duration duration) {
  batch_size_->Observe(static_cast<double>(events));
  commit_seconds_->Observe(absl::ToDoubleSeconds(duration));
}

void AuditMetrics::SetChainBrokenAt(int64_t sequence) {
  chain_broken_at_->Set(static_cast<double>(sequence));
}

}  // namespace fuju::audit
