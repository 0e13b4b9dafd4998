#include "audit/archive_log.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include <soci/soci.h>

#include "audit/archive_database.h"
#include "audit/facts.h"
#include "audit/hash_chain.h"
#include "audit/projections.h"
#include "chassis/values/timestamps.h"

namespace fuju::audit {
namespace {

using soci::into;
using soci::use;

constexpr char kBrokenChain[] = "broken_chain";

// Runs a query to its end: an open one would hold on to its snapshot. True if it had a row.
bool Fetch(soci::statement& statement) {
  if (!statement.execute(true)) return false;
  while (statement.fetch()) {
  }
  return true;
}

void Assign(soci::blob& blob, const std::string& bytes) {
  blob.trim(0);
  blob.append(bytes.data(), bytes.size());
}

Archived Refuse(absl::Status status) {
  Archived archived;
  archived.result = Archived::Result::kRefused;
  archived.status = std::move(status);
  return archived;
}

}  // namespace

std::string FindingName(FindingKind kind) {
  switch (kind) {
    case FindingKind::kVersionGap:
      return "version_gap";
    case FindingKind::kLateVersion:
      return "late_version";
    case FindingKind::kDifferingRepeat:
      return "differing_repeat";
    case FindingKind::kReusedId:
      return "reused_id";
  }
  return "unknown";
}

// The prepared statements and what they are bound to. The columns of the event that is being
// archived are the members without "found" in their name.
class ArchiveLog::Statements {
 public:
  explicit Statements(soci::session& session)
      : data(session),
        found_data(session),
        find_head((session.prepare << "SELECT sequence, hash FROM events"
                                      " ORDER BY sequence DESC LIMIT 1",
                   into(head_sequence), into(head_hash))),
        find_event((session.prepare << "SELECT sequence, source, data FROM events"
                                       " WHERE event_id = :id",
                    into(found_sequence), into(found_source), into(found_data), use(event_id))),
        find_last((session.prepare << "SELECT COALESCE(MAX(version), 0) FROM events"
                                      " WHERE source = :source AND subject = :subject",
                   into(found_version), use(source), use(subject))),
        insert_event(
            (session.prepare
                 << "INSERT INTO events (sequence, event_id, type, source, subject, version,"
                    " time_ms, \"partition\", entry_id, actor, correlation_id, causation_id,"
                    " traceparent, data, previous_hash, hash) VALUES (:sequence, :event_id, :type,"
                    " :source, :subject, :version, :time_ms, :part, :entry_id, :actor,"
                    " :correlation_id, :causation_id, :traceparent, :data, :previous, :hash)",
             use(sequence), use(event_id), use(type), use(source), use(subject), use(version),
             use(time_ms), use(partition), use(entry_id), use(actor), use(correlation_id),
             use(causation_id), use(traceparent), use(data), use(previous_hash), use(hash))),
        insert_finding(
            (session.prepare
                 << "INSERT OR IGNORE INTO findings (kind, source, subject, expected, got, time_ms)"
                    " VALUES (:kind, :source, :subject, :expected, :got, :time_ms)",
             use(finding_kind), use(source), use(subject), use(expected), use(version),
             use(now_ms))),
        projections(session) {}

  void Bind(const Arrival& arrival, const std::string& bytes) {
    const event::v1::Event& event = *arrival.event;
    event_id = event.id();
    type = event.type();
    source = event.source();
    subject = event.subject();
    version = event.aggregate_version();
    time_ms = chassis::ToMillis(event.time());
    partition = event.partition();
    entry_id = arrival.entry_id;
    actor = event.actor();
    correlation_id = event.correlation_id();
    causation_id = event.causation_id();
    traceparent = event.traceparent();
    Assign(data, bytes);
  }

  void Note(const std::string& kind, long long expected_version) {
    finding_kind = kind;
    expected = expected_version;
    insert_finding.execute(true);
  }

  long long sequence = 0, version = 0, time_ms = 0, partition = 0, now_ms = 0;
  std::string event_id, type, source, subject, entry_id, actor, correlation_id, causation_id,
      traceparent, previous_hash, hash;
  soci::blob data;

  // End of the chain, kept over a transaction.
  long long head_sequence = 0;
  std::string head_hash;

  long long found_sequence = 0, found_version = 0;
  std::string found_source;
  soci::blob found_data;

  std::string finding_kind;
  long long expected = 0;

  soci::statement find_head;
  soci::statement find_event;
  soci::statement find_last;
  soci::statement insert_event;
  soci::statement insert_finding;
  Projections projections;
};

absl::StatusOr<std::unique_ptr<ArchiveLog>> ArchiveLog::Open(const std::string& path) {
  absl::StatusOr<std::unique_ptr<soci::session>> session = OpenToWrite(path);
  if (!session.ok()) return session.status();
  try {
    return std::unique_ptr<ArchiveLog>(new ArchiveLog(*std::move(session)));
  } catch (const std::exception& error) {
    return FromSqlError(absl::StrCat("prepare the archive ", path), error);
  }
}

ArchiveLog::ArchiveLog(std::unique_ptr<soci::session> session)
    : session_(std::move(session)), statements_(std::make_unique<Statements>(*session_)) {}

ArchiveLog::~ArchiveLog() = default;

absl::StatusOr<std::vector<Archived>> ArchiveLog::Append(absl::Span<const Arrival> arrivals,
                                                         absl::Time now) {
  std::vector<Archived> results;
  results.reserve(arrivals.size());
  try {
    soci::transaction transaction(*session_);
    Statements& s = *statements_;
    s.now_ms = absl::ToUnixMillis(now);
    if (!Fetch(s.find_head)) {
      s.head_sequence = 0;
      s.head_hash = FirstPreviousHash();
    }
    for (const Arrival& arrival : arrivals) results.push_back(AppendOne(arrival));
    transaction.commit();
  } catch (const std::exception& error) {
    return FromSqlError(absl::StrCat("archive ", arrivals.size(), " events"), error);
  }
  return results;
}

Archived ArchiveLog::AppendOne(const Arrival& arrival) {
  if (absl::Status status = CheckEnvelope(*arrival.event); !status.ok()) return Refuse(status);
  Statements& s = *statements_;
  const std::string bytes = DeterministicBytes(*arrival.event);
  s.Bind(arrival, bytes);
  if (!Fetch(s.find_event)) return AppendNew(arrival, bytes);

  if (s.found_source != s.source) {
    s.Note(FindingName(FindingKind::kReusedId), s.version);
    Archived refused = Refuse(absl::InvalidArgumentError(absl::StrCat(
        "the event id ", s.event_id, " of ", s.source, " belongs to ", s.found_source)));
    refused.findings.push_back(FindingKind::kReusedId);
    return refused;
  }
  Archived repeat;
  repeat.result = Archived::Result::kRepeat;
  repeat.sequence = s.found_sequence;
  if (BytesOf(s.found_data) != bytes) {
    s.Note(FindingName(FindingKind::kDifferingRepeat), s.version);
    repeat.findings.push_back(FindingKind::kDifferingRepeat);
  }
  return repeat;
}

Archived ArchiveLog::AppendNew(const Arrival& arrival, const std::string& bytes) {
  Statements& s = *statements_;
  Archived archived;
  Fetch(s.find_last);
  if (s.version > s.found_version + 1) {
    s.Note(FindingName(FindingKind::kVersionGap), s.found_version + 1);
    archived.findings.push_back(FindingKind::kVersionGap);
  } else if (s.version <= s.found_version) {
    s.Note(FindingName(FindingKind::kLateVersion), s.found_version + 1);
    archived.findings.push_back(FindingKind::kLateVersion);
  }
  s.sequence = s.head_sequence + 1;
  s.previous_hash = s.head_hash;
  s.hash = ChainHash(s.previous_hash, bytes);
  s.insert_event.execute(true);
  s.head_sequence = s.sequence;
  s.head_hash = s.hash;
  s.projections.Apply(*arrival.event, s.sequence);
  archived.sequence = s.sequence;
  return archived;
}

absl::Status ArchiveLog::NoteBrokenChain(int64_t sequence, absl::Time now) {
  try {
    Statements& s = *statements_;
    s.now_ms = absl::ToUnixMillis(now);
    s.source = "audit";
    s.subject = "archive";
    s.version = sequence;
    s.Note(kBrokenChain, sequence);
    return absl::OkStatus();
  } catch (const std::exception& error) {
    return FromSqlError("note a finding", error);
  }
}

}  // namespace fuju::audit
