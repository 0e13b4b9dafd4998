#include "catalogue/catalogue_finder.h"

#include <utility>
#include <vector>

#include "absl/strings/str_split.h"

#include "catalogue/versions/publication.h"
#include "chassis/values/refusal.h"

namespace fuju::catalogue {

using storage::v1::CatalogueRecord;

void CatalogueFinder::Find(const std::string& label, absl::Time deadline, Found done) const {
  absl::StatusOr<std::shared_ptr<const Catalogue>> known = watcher_->Set()->ByLabel(label);
  if (known.ok()) return done(*std::move(known));
  if (label.empty()) return done(chassis::NotFound(CatalogueVersionName(label)));
  // This process may not have heard of it yet.
  std::vector<std::string> labels = absl::StrSplit(label, kChainSeparator);
  stores_->versions.GetMany(
      labels, deadline,
      [this, labels, done = std::move(done)](
          absl::StatusOr<std::vector<chassis::Versioned<CatalogueRecord>>> records) {
        if (!records.ok()) return done(records.status());
        std::vector<SharedRecord> chain;
        for (size_t i = 0; i < labels.size(); ++i) {
          if (!(*records)[i].exists()) {
            return done(chassis::NotFound(CatalogueVersionName(labels[i])));
          }
          chain.push_back(ReadRecord(std::move((*records)[i].state), watcher_->province()));
        }
        done(std::make_shared<const Catalogue>(std::move(chain)));
      });
}

void CatalogueFinder::FindWith(const std::string& version, absl::CivilDay day, absl::Time deadline,
                               FoundSet done) const {
  stores_->versions.Get(version, deadline,
                        [this, version, day, done = std::move(done)](
                            absl::StatusOr<chassis::Versioned<CatalogueRecord>> record) {
                          if (!record.ok()) return done(record.status());
                          if (!record->exists())
                            return done(chassis::NotFound(CatalogueVersionName(version)));
                          done(std::make_shared<const CatalogueSet>(watcher_->Set()->With(
                              *ReadRecord(std::move(record->state), watcher_->province()), day)));
                        });
}

}  // namespace fuju::catalogue
