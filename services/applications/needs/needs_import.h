#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "chassis/values/decision.h"
#include "fuju/applications/storage/v1/need_record.pb.h"
#include "fuju/applications/v1/needs_service.pb.h"

namespace fuju::applications {

// The aggregate: the import of one survey file. It is read in stretches of a fixed number of rows,
// so that a stretch has the same rows whoever reads it and however often; an import moves on by
// whole stretches, each only when all of its rows are durable. Pure.
using NeedsImportRecord = storage::v1::NeedsImportRecord;
using NeedsImportDecision = absl::StatusOr<chassis::Decision<NeedsImportRecord>>;

// Rows of a stretch. Part of the stored format: an import that is on its way keeps it.
inline constexpr int kRowsOfStretch = 500;

// Everything that can happen to an import. The table says in which state.
enum class NeedsImportMove { kProgress, kComplete, kRefuse };
struct LegalNeedsImportMove {
  v1::NeedsImportState from;
  NeedsImportMove move;
  v1::NeedsImportState to;
};
absl::Span<const LegalNeedsImportMove> LegalNeedsImportMoves();
absl::string_view NeedsImportMoveName(NeedsImportMove move);
// "RECEIVING": the enum's name without its prefix.
std::string NeedsImportStateName(v1::NeedsImportState state);

// "<year>-<20 hex digits of sha256>-<run>", and the ten bytes of it.
std::string NeedsImportIdOf(const v1::CreateNeedsImportRequest& request);
std::string DigestOf(absl::string_view sha256);
int RunOf(absl::string_view import_id);
// "needsImports/<id>" <-> its id.
std::string NeedsImportNameOf(absl::string_view id);
std::string NeedsImportIdFromName(absl::string_view name);
// The number of a stretch makes the id of its bad cells, "<import id>.<n>", beside the import.
std::string BadCellsIdOf(absl::string_view import_id, int stretch);
std::string BadCellsNameOf(absl::string_view bad_cells_id);
std::string ImportOfBadCells(absl::string_view bad_cells_id);

// The first announcement makes it; a further one finds it as it is. ALREADY_EXISTS, IMPORT_DIFFERS
// if it is of another file.
NeedsImportDecision DecideAnnounce(const NeedsImportRecord& record,
                                   const v1::CreateNeedsImportRequest& request,
                                   const std::string& actor, absl::Time now);

// Bytes may be sent from `offset` on: FAILED_PRECONDITION, IMPORT_ENDED, or ABORTED, IMPORT_MOVED
// with the offset that is right.
absl::Status CheckSending(const NeedsImportRecord& record, int64_t offset);

// What reading one stretch came to, with all of its rows durable.
struct Stretch {
  // Where it began.
  int64_t from = 0;
  // Where it ended, and how reading goes on there.
  int64_t to = 0;
  storage::v1::ReadingPosition position;
  v1::NeedsImportCounts counts;
  int64_t bad_cells = 0;
  // Of these, in the report.
  int listed = 0;
  // Why nothing behind it can be read: Chinese / English.
  std::optional<absl::Status> refusal;
  // Hash of the whole file, once all of it was read.
  std::optional<std::string> sha256;
};

// The import moves on by a stretch: RECEIVING, COMPLETED, or REFUSED. ABORTED, IMPORT_MOVED if
// another uploader was there before; IMPORT_ENDED as CheckSending.
NeedsImportDecision DecideStretch(const NeedsImportRecord& record, const Stretch& stretch,
                                  absl::Time now);

// How many bad cells of the next stretch the report takes, if it holds `most` in all.
int RoomForBadCells(const NeedsImportRecord& record, int most);

// The bad cells of a stretch; written again as they are if the stretch is read again.
chassis::Decision<storage::v1::BadCellsRecord> DecideBadCells(
    absl::string_view id, const storage::v1::BadCellsRecord& before,
    std::vector<v1::BadCell> cells);

// For answers.
v1::NeedsImport NeedsImportView(const NeedsImportRecord& record, std::string etag);

}  // namespace fuju::applications
