#include "audit/hash_chain.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include <openssl/evp.h>
#include <soci/soci.h>

#include "audit/facts.h"
#include "chassis/values/timestamps.h"
#include "fuju/event/v1/event.pb.h"

namespace fuju::audit {
namespace {

constexpr size_t kHashBytes = 32;

// One row of the table events.
struct Row {
  long long sequence = 0;
  long long version = 0;
  long long time_ms = 0;
  long long partition = 0;
  std::string event_id, type, source, subject, actor, correlation_id, causation_id, traceparent;
  std::string data, previous_hash, hash;
};

// Name of a column that does not say what the event says; empty if all do.
std::string DifferingColumn(const Row& row, const event::v1::Event& event) {
  if (row.event_id != event.id()) return "event_id";
  if (row.type != event.type()) return "type";
  if (row.source != event.source()) return "source";
  if (row.subject != event.subject()) return "subject";
  if (row.version != event.aggregate_version()) return "version";
  if (row.time_ms != chassis::ToMillis(event.time())) return "time_ms";
  if (row.partition != event.partition()) return "partition";
  if (row.actor != event.actor()) return "actor";
  if (row.correlation_id != event.correlation_id()) return "correlation_id";
  if (row.causation_id != event.causation_id()) return "causation_id";
  if (row.traceparent != event.traceparent()) return "traceparent";
  return "";
}

// What is wrong with a row that comes after `sequence` and `hash`; empty if nothing is.
std::string Judge(const Row& row, int64_t sequence, const std::string& hash) {
  if (row.sequence != sequence + 1) return absl::StrCat("the event before it is missing");
  if (row.previous_hash != hash) return "previous_hash is not the hash of the event before it";
  if (row.hash != ChainHash(hash, row.data)) return "the bytes of the event do not fit its hash";
  event::v1::Event event;
  if (!event.ParseFromString(row.data)) return "the bytes are no event";
  const std::string column = DifferingColumn(row, event);
  return column.empty() ? "" : absl::StrCat("column ", column, " differs from the event");
}

}  // namespace

std::string FirstPreviousHash() { return std::string(2 * kHashBytes, '0'); }

std::string ChainHash(const std::string& previous_hash, absl::string_view event_bytes) {
  const std::string bytes = absl::StrCat(absl::HexStringToBytes(previous_hash), event_bytes);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest, &length, EVP_sha256(), nullptr);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest), kHashBytes));
}

ChainReport VerifyChain(soci::session& session) {
  Row row;
  soci::blob data(session);
  soci::statement rows =
      (session.prepare
           << "SELECT sequence, event_id, type, source, subject, version, time_ms, \"partition\","
              " actor, correlation_id, causation_id, traceparent, previous_hash, hash, data"
              " FROM events ORDER BY sequence",
       soci::into(row.sequence), soci::into(row.event_id), soci::into(row.type),
       soci::into(row.source), soci::into(row.subject), soci::into(row.version),
       soci::into(row.time_ms), soci::into(row.partition), soci::into(row.actor),
       soci::into(row.correlation_id), soci::into(row.causation_id), soci::into(row.traceparent),
       soci::into(row.previous_hash), soci::into(row.hash), soci::into(data));
  rows.execute();
  ChainReport report;
  int64_t sequence = 0;
  std::string hash = FirstPreviousHash();
  while (rows.fetch()) {
    row.data = BytesOf(data);
    ++report.events;
    report.reason = Judge(row, sequence, hash);
    if (!report.reason.empty()) {
      report.broken_at = row.sequence;
      return report;
    }
    sequence = row.sequence;
    hash = row.hash;
  }
  return report;
}

}  // namespace fuju::audit
