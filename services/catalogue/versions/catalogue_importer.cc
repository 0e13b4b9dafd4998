#include "catalogue/versions/catalogue_importer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "google/rpc/error_details.pb.h"

#include "catalogue/versions/publication.h"
#include "chassis/telemetry/log.h"
#include "chassis/values/refusal.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

using CatalogueRecord = storage::v1::CatalogueRecord;

constexpr char kAtStart[] = "system:catalogue";

// At a start there is no caller who could read the violations.
void LogBadCells(const absl::Status& status) {
  google::rpc::BadRequest bad_request;
  const auto payload = status.GetPayload(
      absl::string_view(chassis::kBadRequestUrl.data(), chassis::kBadRequestUrl.size()));
  if (!payload.has_value() || !bad_request.ParseFromString(std::string(*payload))) return;
  for (const auto& violation : bad_request.field_violations()) {
    chassis::LogError("the catalogue file has a bad cell",
                      {{"cell", violation.field()}, {"error", violation.description()}});
  }
}

// The file that was imported, or the files one after the other.
std::string AllFiles(const CatalogueFiles& files) {
  return absl::StrCat(files.json, files.csv, files.policy_json, files.top_ups_csv);
}

}  // namespace

CatalogueImporter::CatalogueImporter(const CatalogueStores* stores, CatalogueWatcher* watcher)
    : stores_(stores), watcher_(watcher) {}

void CatalogueImporter::Import(ImportOrder order, chassis::Command command, Done done) const {
  if (order.area_code.empty()) order.area_code = watcher_->province();
  const absl::Time now = stores_->Now();
  const std::shared_ptr<const Catalogue> above =
      watcher_->Set()->Above(order.area_code, vocabulary::TodayInShanghai(now));
  if (above == nullptr && order.area_code != watcher_->province()) return done(CatalogueMissing());
  absl::StatusOr<v1::CatalogueDocument> document = ReadCatalogueFiles(order.files, above.get());
  if (!document.ok()) return done(document.status());
  CatalogueRecord draft = MakeDraft({.label = order.label,
                                     .area_code = std::move(order.area_code),
                                     .title_zh = std::move(order.title_zh),
                                     .files = AllFiles(order.files),
                                     .document = *std::move(document),
                                     .actor = command.actor,
                                     .now = now});
  if (!order.validate_only) {
    return Commit(
        std::move(order.label), std::move(command),
        [draft = std::move(draft)](const CurrentVersion& current) {
          return ImportDraft(current, draft);
        },
        std::move(done));
  }
  stores_->versions.Get(
      std::move(order.label), command.deadline,
      [draft = std::move(draft), done = std::move(done)](absl::StatusOr<CurrentVersion> current) {
        if (!current.ok()) return done(current.status());
        const auto decision = ImportDraft(*current, draft);
        if (!decision.ok()) return done(decision.status());
        v1::CatalogueVersion version = draft.version();
        version.clear_draft_time();
        done(std::move(version));
      });
}

void CatalogueImporter::Publish(std::string label, absl::CivilDay effective,
                                chassis::Command command, Done done) const {
  Publication publication = {
      .label = label, .effective = effective, .actor = command.actor, .now = stores_->Now()};
  Commit(
      std::move(label), std::move(command),
      [watcher = watcher_, publication = std::move(publication)](
          const CurrentVersion& current) mutable -> absl::StatusOr<VersionDecision> {
        const std::shared_ptr<const CatalogueSet> set = watcher->Set();
        const std::string& area = current.state.version().area_code();
        publication.in_force =
            set->For(area, vocabulary::TodayInShanghai(publication.now)) != nullptr;
        absl::StatusOr<VersionDecision> decision = PublishDraft(current, publication);
        if (!decision.ok()) return decision;
        const std::shared_ptr<const Catalogue> above = set->Above(area, publication.effective);
        if (above == nullptr && area != watcher->province()) return CatalogueMissing();
        const absl::Status fits = CheckAgainst(DocumentOf(current.state), above.get());
        if (!fits.ok()) return fits;
        return decision;
      },
      std::move(done));
}

void CatalogueImporter::Discard(std::string label, chassis::Command command, Done done) const {
  std::string id = label;
  Commit(
      std::move(id), command,
      [label = std::move(label), actor = command.actor](const CurrentVersion& current) {
        return DiscardDraft(current, label, actor);
      },
      std::move(done));
}

void CatalogueImporter::Commit(std::string label, chassis::Command command,
                               chassis::AggregateStore<CatalogueRecord>::Decide decide,
                               Done done) const {
  stores_->versions.Update(std::move(label), std::move(command), std::move(decide),
                           [watcher = watcher_, done = std::move(done)](
                               absl::StatusOr<chassis::Committed<CatalogueRecord>> committed) {
                             if (!committed.ok()) return done(committed.status());
                             v1::CatalogueVersion version = committed->state.version();
                             watcher->Learn(std::move(committed->state));
                             done(std::move(version));
                           });
}

absl::Status CatalogueImporter::PublishIfNone(std::string label, CatalogueFiles files,
                                              absl::Time deadline) const {
  if (!watcher_->Set()->versions().empty()) return absl::OkStatus();
  absl::StatusOr<v1::CatalogueDocument> document = ReadCatalogueFiles(files, nullptr);
  if (!document.ok()) {
    LogBadCells(document.status());
    return document.status();
  }
  const absl::Time now = stores_->Now();
  CatalogueRecord draft = MakeDraft({.label = label,
                                     .area_code = watcher_->province(),
                                     .title_zh = "",
                                     .files = AllFiles(files),
                                     .document = *std::move(document),
                                     .actor = kAtStart,
                                     .now = now});
  chassis::Command command;
  command.actor = kAtStart;
  command.deadline = deadline;
  absl::StatusOr<v1::CatalogueVersion> published = absl::UnknownError("no answer");
  absl::Notification answered;
  Commit(
      std::move(label), std::move(command),
      [draft = std::move(draft), now](const CurrentVersion& current) {
        return PublishAtStart(current, draft, now);
      },
      [&](absl::StatusOr<v1::CatalogueVersion> version) {
        published = std::move(version);
        answered.Notify();
      });
  answered.WaitForNotification();
  return published.status();
}

}  // namespace fuju::catalogue
