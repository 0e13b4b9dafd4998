#include "catalogue/versions/version_reader.h"

#include <utility>
#include <vector>

#include "catalogue/versions/catalogue_diff.h"
#include "catalogue/versions/catalogue_document.h"
#include "catalogue/versions/publication.h"
#include "chassis/rpc/page_token.h"
#include "chassis/values/refusal.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

using CatalogueRecord = storage::v1::CatalogueRecord;

// A page token names the index that it goes on in: "d<cursor>" or "p<cursor>".
constexpr char kOfDrafts = 'd';
constexpr char kOfPublished = 'p';

}  // namespace

v1::CatalogueVersion VersionReader::Shown(v1::CatalogueVersion version) const {
  ReadVersion(version, watcher_->province());
  version.set_state(watcher_->Set()->StateOn(version, vocabulary::TodayInShanghai(stores_->Now())));
  return version;
}

void VersionReader::Get(const std::string& name, absl::Time deadline,
                        Done<v1::CatalogueVersion> done) const {
  stores_->versions.Get(
      CatalogueVersionLabel(name), deadline,
      [this, name, done = std::move(done)](absl::StatusOr<CurrentVersion> version) {
        if (!version.ok()) return done(version.status());
        if (!version->exists()) return done(chassis::NotFound(name));
        done(Shown(std::move(*version->state.mutable_version())));
      });
}

void VersionReader::Export(const v1::ExportCatalogueRequest& request, absl::Time deadline,
                           Done<v1::ExportCatalogueResponse> done) const {
  stores_->versions.Get(
      CatalogueVersionLabel(request.name()), deadline,
      [this, request, done = std::move(done)](absl::StatusOr<CurrentVersion> version) {
        if (!version.ok()) return done(version.status());
        if (!version->exists()) return done(chassis::NotFound(request.name()));
        const v1::CatalogueDocument document =
            DocumentOf(*ReadRecord(std::move(version->state), watcher_->province()));
        CatalogueFiles files = request.format() == v1::CATALOGUE_FORMAT_JSON ? WriteAsJson(document)
                                                                             : WriteAsCsv(document);
        v1::ExportCatalogueResponse response;
        response.set_csv(std::move(files.csv));
        response.set_policy_json(std::move(files.policy_json));
        response.set_top_ups_csv(std::move(files.top_ups_csv));
        response.set_json(std::move(files.json));
        done(std::move(response));
      });
}

void VersionReader::Diff(const v1::DiffCataloguesRequest& request, absl::Time deadline,
                         Done<v1::CatalogueDiff> done) const {
  stores_->versions.GetMany(
      {CatalogueVersionLabel(request.before()), CatalogueVersionLabel(request.after())}, deadline,
      [this, request,
       done = std::move(done)](absl::StatusOr<std::vector<CurrentVersion>> versions) {
        if (!versions.ok()) return done(versions.status());
        if (!(*versions)[0].exists()) return done(chassis::NotFound(request.before()));
        if (!(*versions)[1].exists()) return done(chassis::NotFound(request.after()));
        const auto document = [this](CurrentVersion& version) {
          return DocumentOf(*ReadRecord(std::move(version.state), watcher_->province()));
        };
        v1::CatalogueDiff diff = DiffDocuments(document((*versions)[0]), document((*versions)[1]));
        diff.set_before(request.before());
        diff.set_after(request.after());
        done(std::move(diff));
      });
}

void VersionReader::List(const v1::ListCatalogueVersionsRequest& request, absl::Time deadline,
                         Done<v1::ListCatalogueVersionsResponse> done) const {
  const absl::StatusOr<std::string> cursor = chassis::CursorOf(request);
  if (!cursor.ok()) return done(cursor.status());
  const char index = cursor->empty() ? kOfDrafts : cursor->front();
  stores_->versions.List(
      std::string(index == kOfDrafts ? kDraftIndex : kCatalogueIndex), std::string(kCatalogueRoute),
      cursor->empty() ? "" : cursor->substr(1), chassis::PageSize(request.page_size()), deadline,
      [this, request, index,
       done = std::move(done)](absl::StatusOr<chassis::Page<CatalogueRecord>> page) {
        if (!page.ok()) return done(page.status());
        v1::ListCatalogueVersionsResponse response;
        for (auto& item : page->items) {
          v1::CatalogueVersion version = Shown(std::move(*item.aggregate.state.mutable_version()));
          const bool wanted =
              (request.area_code().empty() || version.area_code() == request.area_code()) &&
              (request.state() == v1::CATALOGUE_STATE_UNSPECIFIED ||
               version.state() == request.state());
          if (wanted) *response.add_catalogue_versions() = std::move(version);
        }
        if (!page->next_cursor.empty()) {
          response.set_next_page_token(
              chassis::MakePageToken(request, std::string(1, index) + page->next_cursor));
        } else if (index == kOfDrafts) {
          response.set_next_page_token(
              chassis::MakePageToken(request, std::string(1, kOfPublished)));
        }
        done(std::move(response));
      });
}

}  // namespace fuju::catalogue
