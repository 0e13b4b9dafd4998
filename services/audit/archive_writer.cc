#include "audit/archive_writer.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "audit/archive_database.h"
#include "audit/hash_chain.h"
#include "chassis/telemetry/log.h"
#include "chassis/values/refusal.h"

namespace fuju::audit {
namespace {

absl::Status Busy(absl::string_view text_zh, absl::string_view text_en) {
  return chassis::Refusal(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE", std::string(text_zh),
                          std::string(text_en));
}

void LogFindings(const event::v1::Event& event, const Archived& archived) {
  for (FindingKind kind : archived.findings) {
    chassis::LogError("finding", {{"kind", FindingName(kind)},
                                  {"event_id", event.id()},
                                  {"source", event.source()},
                                  {"sequence", archived.sequence}});
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<ArchiveWriter>> ArchiveWriter::Start(Options options,
                                                                    const chassis::Clock* clock,
                                                                    AuditMetrics* metrics) {
  absl::StatusOr<ArchiveLock> lock = ArchiveLock::Take(options.path);
  if (!lock.ok()) return lock.status();
  absl::StatusOr<std::unique_ptr<ArchiveLog>> log = ArchiveLog::Open(options.path);
  if (!log.ok()) return log.status();
  auto writer = std::unique_ptr<ArchiveWriter>(
      new ArchiveWriter(std::move(options), clock, metrics, *std::move(lock), *std::move(log)));
  if (writer->options_.verify_at_start) {
    if (absl::Status status = writer->VerifyChainNow(); !status.ok()) return status;
  }
  writer->thread_ = std::thread([raw = writer.get()] { raw->Run(); });
  return writer;
}

ArchiveWriter::ArchiveWriter(Options options, const chassis::Clock* clock, AuditMetrics* metrics,
                             ArchiveLock lock, std::unique_ptr<ArchiveLog> log)
    : options_(std::move(options)),
      clock_(clock),
      metrics_(metrics),
      lock_(std::move(lock)),
      log_(std::move(log)) {}

ArchiveWriter::~ArchiveWriter() { Stop(); }

absl::Status ArchiveWriter::VerifyChainNow() {
  absl::StatusOr<std::unique_ptr<soci::session>> session = OpenToRead(options_.path);
  if (!session.ok()) return session.status();
  ChainReport report;
  try {
    report = VerifyChain(**session);
  } catch (const std::exception& error) {
    return FromSqlError("verify the hash chain", error);
  }
  metrics_->SetChainBrokenAt(report.broken_at);
  if (report.broken_at == 0) {
    chassis::LogInfo("the hash chain is whole", {{"events", report.events}});
    return absl::OkStatus();
  }
  chassis::LogError("the hash chain is broken",
                    {{"sequence", report.broken_at}, {"reason", report.reason}});
  return log_->NoteBrokenChain(report.broken_at, clock_->Now());
}

void ArchiveWriter::Append(Arrival arrival, Done done) {
  bool full = false;
  {
    absl::MutexLock lock(&mutex_);
    full = queue_.size() >= options_.waiting;
    if (!stopping_ && !full) {
      queue_.push_back({std::move(arrival), std::move(done)});
      return;
    }
  }
  done(full ? Busy("存档繁忙，请稍后重试", "too many events wait for the archive")
            : Busy("存档正在停止", "the archive is stopping"));
}

void ArchiveWriter::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void ArchiveWriter::Run() {
  while (true) {
    std::vector<Waiting> batch;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &ArchiveWriter::HasWork));
      if (queue_.empty()) return;
      const size_t count = std::min(queue_.size(), options_.batch);
      batch.assign(std::make_move_iterator(queue_.begin()),
                   std::make_move_iterator(queue_.begin() + static_cast<ptrdiff_t>(count)));
      queue_.erase(queue_.begin(), queue_.begin() + static_cast<ptrdiff_t>(count));
    }
    Commit(std::move(batch));
  }
}

void ArchiveWriter::Commit(std::vector<Waiting> batch) {
  const absl::StatusOr<std::vector<Archived>> archived = Write(batch);
  if (archived.ok()) {
    for (size_t i = 0; i < batch.size(); ++i) Answer(batch[i], (*archived)[i]);
    return;
  }
  // One event that the database does not take must not hold up the others.
  if (archived.status().code() == absl::StatusCode::kInternal && batch.size() > 1) {
    for (Waiting& waiting : batch) {
      std::vector<Waiting> alone;
      alone.push_back(std::move(waiting));
      Commit(std::move(alone));
    }
    return;
  }
  chassis::LogError("can not archive", {{"events", batch.size()},
                                        {"first_event_id", batch.front().arrival.event->id()},
                                        {"error", std::string(archived.status().message())}});
  for (Waiting& waiting : batch) waiting.done(archived.status());
}

absl::StatusOr<std::vector<Archived>> ArchiveWriter::Write(const std::vector<Waiting>& batch) {
  if (log_ == nullptr) {
    absl::StatusOr<std::unique_ptr<ArchiveLog>> log = ArchiveLog::Open(options_.path);
    if (!log.ok()) {
      metrics_->CountFailure();
      // Whatever is wrong with the file now: the events are not at fault, and must not be lost.
      return Busy("存档暂时无法打开", log.status().message());
    }
    log_ = *std::move(log);
  }
  std::vector<Arrival> arrivals;
  arrivals.reserve(batch.size());
  for (const Waiting& waiting : batch) arrivals.push_back(waiting.arrival);
  const absl::Time started = absl::Now();
  absl::StatusOr<std::vector<Archived>> archived = log_->Append(arrivals, clock_->Now());
  if (!archived.ok()) {
    metrics_->CountFailure();
    log_ = nullptr;
    return archived;
  }
  metrics_->CountCommit(batch.size(), absl::Now() - started);
  return archived;
}

void ArchiveWriter::Answer(Waiting& waiting, const Archived& archived) {
  const event::v1::Event& event = *waiting.arrival.event;
  metrics_->CountArchived(event, archived, clock_->Now());
  LogFindings(event, archived);
  waiting.done(archived.status);
}

}  // namespace fuju::audit
