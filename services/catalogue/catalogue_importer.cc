#include "catalogue/catalogue_importer.h"

#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "google/rpc/error_details.pb.h"

#include "catalogue/catalogue_csv.h"
#include "catalogue/publication.h"
#include "chassis/telemetry/log.h"
#include "chassis/values/refusal.h"

namespace fuju::catalogue {
namespace {

using CatalogueRecord = storage::v1::CatalogueRecord;
using CatalogueDecision = chassis::Decision<CatalogueRecord>;

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

}  // namespace

CatalogueImporter::CatalogueImporter(const CatalogueStores* stores, CatalogueWatcher* watcher)
    : stores_(stores), watcher_(watcher) {}

void CatalogueImporter::Import(std::string label, const std::string& csv, bool validate_only,
                               chassis::Command command, Done done) const {
  absl::StatusOr<std::vector<v1::Item>> items = ParseCatalogueCsv(csv);
  if (!items.ok()) return done(items.status());
  CatalogueRecord record = MakeCatalogueRecord(label, csv, *std::move(items), stores_->Now());

  if (validate_only) {
    const absl::Time deadline = command.deadline;
    stores_->versions.Get(std::move(label), deadline,
                          [record = std::move(record), done = std::move(done)](
                              absl::StatusOr<chassis::Versioned<CatalogueRecord>> current) {
                            if (!current.ok()) return done(current.status());
                            const absl::StatusOr<CatalogueDecision> decision =
                                PublishCatalogue(*current, record);
                            if (!decision.ok()) return done(decision.status());
                            v1::CatalogueVersion version = record.version();
                            version.clear_publish_time();
                            done(std::move(version));
                          });
    return;
  }
  stores_->versions.Update(
      std::move(label), std::move(command),
      [record = std::move(record)](const chassis::Versioned<CatalogueRecord>& current) {
        return PublishCatalogue(current, record);
      },
      [watcher = watcher_,
       done = std::move(done)](absl::StatusOr<chassis::Committed<CatalogueRecord>> committed) {
        if (!committed.ok()) return done(committed.status());
        v1::CatalogueVersion version = committed->state.version();
        watcher->Learn(std::move(committed->state));
        done(std::move(version));
      });
}

absl::Status CatalogueImporter::ImportIfNone(std::string label, const std::string& csv,
                                             absl::Time deadline) const {
  if (watcher_->InForce() != nullptr) return absl::OkStatus();
  absl::StatusOr<std::vector<v1::Item>> items = ParseCatalogueCsv(csv);
  if (!items.ok()) {
    LogBadCells(items.status());
    return items.status();
  }
  const CatalogueRecord record = MakeCatalogueRecord(label, csv, *std::move(items), stores_->Now());

  chassis::Command command;
  command.actor = "system:catalogue";
  command.deadline = deadline;
  absl::StatusOr<chassis::Committed<CatalogueRecord>> published = absl::UnknownError("no answer");
  absl::Notification answered;
  stores_->versions.Update(
      std::move(label), std::move(command),
      [&record](
          const chassis::Versioned<CatalogueRecord>& current) -> absl::StatusOr<CatalogueDecision> {
        // Another instance was first.
        if (current.exists()) return CatalogueDecision::Unchanged();
        return PublishCatalogue(current, record);
      },
      [&](absl::StatusOr<chassis::Committed<CatalogueRecord>> committed) {
        published = std::move(committed);
        answered.Notify();
      });
  answered.WaitForNotification();
  if (!published.ok()) return published.status();
  watcher_->Learn(std::move(published->state));
  return absl::OkStatus();
}

}  // namespace fuju::catalogue
