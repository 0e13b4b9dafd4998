#include "applications/needs/needs_import.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "applications/needs/need.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/need_events.pb.h"
#include "vocabulary/invalid_value.h"

namespace fuju::applications {
namespace {

using chassis::Decision;

constexpr size_t kStatePrefix = sizeof("NEEDS_IMPORT_STATE_") - 1;
constexpr absl::string_view kCollection = "needsImports/";
constexpr size_t kDigestDigits = 20;

constexpr LegalNeedsImportMove kMoves[] = {
    {v1::NEEDS_IMPORT_STATE_RECEIVING, NeedsImportMove::kProgress,
     v1::NEEDS_IMPORT_STATE_RECEIVING},
    {v1::NEEDS_IMPORT_STATE_RECEIVING, NeedsImportMove::kComplete,
     v1::NEEDS_IMPORT_STATE_COMPLETED},
    {v1::NEEDS_IMPORT_STATE_RECEIVING, NeedsImportMove::kRefuse, v1::NEEDS_IMPORT_STATE_REFUSED},
};

template <typename Fact>
Decision<NeedsImportRecord> Publish(NeedsImportRecord next) {
  Fact fact;
  *fact.mutable_needs_import() = next.needs_import();
  Decision<NeedsImportRecord> decision;
  decision.next = std::move(next);
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

void Refuse(v1::NeedsImport& import, const absl::Status& why) {
  const absl::string_view message = why.message();
  const size_t cut = message.find(vocabulary::kLanguageSeparator);
  import.set_state(v1::NEEDS_IMPORT_STATE_REFUSED);
  import.set_error_zh(std::string(message.substr(0, cut)));
  import.set_error_en(
      cut == absl::string_view::npos
          ? import.error_zh()
          : std::string(message.substr(cut + vocabulary::kLanguageSeparator.size())));
}

void Add(v1::NeedsImportCounts& sum, const v1::NeedsImportCounts& more) {
  sum.set_read(sum.read() + more.read());
  sum.set_recorded(sum.recorded() + more.recorded());
  sum.set_changed(sum.changed() + more.changed());
  sum.set_unchanged(sum.unchanged() + more.unchanged());
  sum.set_bad(sum.bad() + more.bad());
}

}  // namespace

absl::Span<const LegalNeedsImportMove> LegalNeedsImportMoves() { return kMoves; }

absl::string_view NeedsImportMoveName(NeedsImportMove move) {
  switch (move) {
    case NeedsImportMove::kProgress:
      return "progress";
    case NeedsImportMove::kComplete:
      return "complete";
    case NeedsImportMove::kRefuse:
      return "refuse";
  }
  return "";
}

std::string NeedsImportStateName(v1::NeedsImportState state) {
  return v1::NeedsImportState_Name(state).substr(kStatePrefix);
}

std::string DigestOf(absl::string_view sha256) {
  return absl::HexStringToBytes(sha256.substr(0, kDigestDigits));
}

std::string NeedsImportIdOf(const v1::CreateNeedsImportRequest& request) {
  return ImportIdOf(request.survey_year(), DigestOf(request.sha256()), request.run());
}

int RunOf(absl::string_view import_id) {
  int run = 0;
  return absl::SimpleAtoi(import_id.substr(import_id.rfind('-') + 1), &run) ? run : 0;
}

std::string NeedsImportNameOf(absl::string_view id) { return absl::StrCat(kCollection, id); }

std::string NeedsImportIdFromName(absl::string_view name) {
  return std::string(absl::StripPrefix(name, kCollection));
}

std::string BadCellsIdOf(absl::string_view import_id, int stretch) {
  return absl::StrCat(import_id, ".", stretch);
}

std::string BadCellsNameOf(absl::string_view bad_cells_id) {
  const size_t dot = bad_cells_id.rfind('.');
  return absl::StrCat(kCollection, bad_cells_id.substr(0, dot), "/badCells/",
                      bad_cells_id.substr(dot + 1));
}

std::string ImportOfBadCells(absl::string_view bad_cells_id) {
  return std::string(bad_cells_id.substr(0, bad_cells_id.rfind('.')));
}

NeedsImportDecision DecideAnnounce(const NeedsImportRecord& record,
                                   const v1::CreateNeedsImportRequest& request,
                                   const std::string& actor, absl::Time now) {
  const v1::NeedsImport& known = record.needs_import();
  if (known.state() != v1::NEEDS_IMPORT_STATE_UNSPECIFIED) {
    if (known.sha256() == request.sha256() && known.size_bytes() == request.size_bytes() &&
        known.county_code() == request.county_code()) {
      return Decision<NeedsImportRecord>::Unchanged();
    }
    return chassis::Refusal(absl::StatusCode::kAlreadyExists, "IMPORT_DIFFERS",
                            "该文件已按另一县区、长度或校验值登记，请核对，或换一个run编号",
                            "the file was announced with another county, size or hash; check it, "
                            "or take another run")
        .Build();
  }
  NeedsImportRecord next;
  v1::NeedsImport& import = *next.mutable_needs_import();
  import.set_name(NeedsImportNameOf(NeedsImportIdOf(request)));
  import.set_survey_year(request.survey_year());
  import.set_county_code(request.county_code());
  import.set_sha256(request.sha256());
  import.set_size_bytes(request.size_bytes());
  import.set_state(v1::NEEDS_IMPORT_STATE_RECEIVING);
  import.mutable_counts();
  import.set_actor(actor);
  *import.mutable_create_time() = chassis::ToTimestamp(now);
  *import.mutable_update_time() = import.create_time();
  return Publish<v1::NeedsImportStarted>(std::move(next));
}

absl::Status CheckSending(const NeedsImportRecord& record, int64_t offset) {
  const v1::NeedsImport& import = record.needs_import();
  if (import.state() != v1::NEEDS_IMPORT_STATE_RECEIVING) {
    const std::string state = NeedsImportStateName(import.state());
    return chassis::Refusal(absl::StatusCode::kFailedPrecondition, "IMPORT_ENDED",
                            "导入已结束，不再接收数据",
                            "the import has come to its end and takes no more")
        .With("state", state)
        .Build();
  }
  if (offset == import.durable_offset()) return absl::OkStatus();
  return chassis::Refusal(absl::StatusCode::kAborted, "IMPORT_MOVED",
                          absl::StrCat("请从第", import.durable_offset(), "字节处续传"),
                          absl::StrCat("go on from byte ", import.durable_offset()))
      .With("offset", absl::StrCat(import.durable_offset()))
      .Build();
}

NeedsImportDecision DecideStretch(const NeedsImportRecord& record, const Stretch& stretch,
                                  absl::Time now) {
  if (absl::Status s = CheckSending(record, stretch.from); !s.ok()) return s;
  NeedsImportRecord next = record;
  v1::NeedsImport& import = *next.mutable_needs_import();
  import.set_durable_offset(stretch.to);
  *next.mutable_position() = stretch.position;
  next.mutable_position()->set_stretches(record.position().stretches() + 1);
  Add(*import.mutable_counts(), stretch.counts);
  import.set_bad_cells(import.bad_cells() + stretch.bad_cells);
  import.set_bad_cells_not_listed(import.bad_cells_not_listed() + stretch.bad_cells -
                                  stretch.listed);
  if (stretch.listed > 0) {
    storage::v1::BadStretch& bad = *next.add_bad_stretches();
    bad.set_number(record.position().stretches());
    bad.set_listed(stretch.listed);
  }
  *import.mutable_update_time() = chassis::ToTimestamp(now);
  absl::Status refusal = stretch.refusal.value_or(absl::OkStatus());
  if (refusal.ok() && stretch.sha256.has_value() && *stretch.sha256 != import.sha256()) {
    refusal = vocabulary::InvalidValue("收到的内容与登记的校验值不符，文件在传输中被改动",
                                       "what was received does not have the hash that was "
                                       "announced: the file changed meanwhile");
  }
  if (!refusal.ok()) {
    Refuse(import, refusal);
    return Publish<v1::NeedsImportRefused>(std::move(next));
  }
  if (stretch.sha256.has_value()) {
    import.set_state(v1::NEEDS_IMPORT_STATE_COMPLETED);
    return Publish<v1::NeedsImportCompleted>(std::move(next));
  }
  return Publish<v1::NeedsImportProgressed>(std::move(next));
}

int RoomForBadCells(const NeedsImportRecord& record, int most) {
  const v1::NeedsImport& import = record.needs_import();
  const int64_t listed = import.bad_cells() - import.bad_cells_not_listed();
  return static_cast<int>(std::max<int64_t>(0, most - listed));
}

Decision<storage::v1::BadCellsRecord> DecideBadCells(absl::string_view id,
                                                     const storage::v1::BadCellsRecord& before,
                                                     std::vector<v1::BadCell> cells) {
  Decision<storage::v1::BadCellsRecord> decision;
  decision.next.mutable_bad_cells()->Assign(std::make_move_iterator(cells.begin()),
                                            std::make_move_iterator(cells.end()));
  if (before.SerializeAsString() == decision.next.SerializeAsString()) {
    return Decision<storage::v1::BadCellsRecord>::Unchanged();
  }
  v1::NeedsImportBadCellsReported fact;
  fact.set_needs_import(NeedsImportNameOf(ImportOfBadCells(id)));
  fact.set_bad_cells(decision.next.bad_cells_size());
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

v1::NeedsImport NeedsImportView(const NeedsImportRecord& record, std::string etag) {
  v1::NeedsImport view = record.needs_import();
  view.set_etag(std::move(etag));
  return view;
}

}  // namespace fuju::applications
