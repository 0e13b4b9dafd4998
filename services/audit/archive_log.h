#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "fuju/event/v1/event.pb.h"

namespace soci {
class session;
}

namespace fuju::audit {

// What can be wrong with an event that arrives; a row of the table findings.
enum class FindingKind {
  // A version of the aggregate was skipped: an event is lost.
  kVersionGap,
  // A version that was skipped before came after all. It is archived; projections keep the newer.
  kLateVersion,
  // The version is archived already, with another content: one of the two is forged, or a store
  // was set back to an older state.
  kDifferingRepeat,
  // The id belongs to an event of another service.
  kReusedId,
};
inline constexpr int kFindingKinds = 4;
// "version_gap", ...
std::string FindingName(FindingKind kind);

// An event on its way into the archive. A value.
struct Arrival {
  std::shared_ptr<const event::v1::Event> event;
  // Of the stream it came from.
  std::string entry_id;
};

// What became of it.
struct Archived {
  enum class Result { kAppended, kRepeat, kRefused };
  Result result = Result::kAppended;
  // Of the archived event; 0 if it was refused.
  int64_t sequence = 0;
  std::vector<FindingKind> findings;
  // OK but for kRefused: INVALID_ARGUMENT.
  absl::Status status;
};

// Appends events to an archive file with hash chain and projections: synchronous, one transaction a
// call. "Without gap or repeat": an event whose source, subject and version are archived already
// changes nothing; a gap in an aggregate's versions is archived and noted as a finding. Not
// thread-safe: one writer.
class ArchiveLog {
 public:
  // Statuses as of OpenToWrite. The caller holds the ArchiveLock.
  static absl::StatusOr<std::unique_ptr<ArchiveLog>> Open(const std::string& path);
  ~ArchiveLog();

  // Archives all of them or none, in this order; when it returns OK they are on disk. The answer
  // has one entry for each. UNAVAILABLE: the environment is at fault, such as a full disk;
  // INTERNAL: one of them can not be stored. After an error open the archive again. `now` dates
  // findings.
  absl::StatusOr<std::vector<Archived>> Append(absl::Span<const Arrival> arrivals, absl::Time now);

  // Notes a finding about the archive itself, such as a broken chain, at an event's sequence.
  absl::Status NoteBrokenChain(int64_t sequence, absl::Time now);

 private:
  class Statements;
  explicit ArchiveLog(std::unique_ptr<soci::session> session);

  Archived AppendOne(const Arrival& arrival);
  Archived AppendNew(const Arrival& arrival, const std::string& bytes);

  std::unique_ptr<soci::session> session_;
  std::unique_ptr<Statements> statements_;
};

}  // namespace fuju::audit
