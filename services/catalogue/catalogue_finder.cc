#include "catalogue/catalogue_finder.h"

#include <utility>

#include "catalogue/publication.h"
#include "chassis/values/refusal.h"

namespace fuju::catalogue {
void CatalogueFinder::Find(const std::string& label, absl::Time deadline, Found done) const {
  if (std::shared_ptr<const Catalogue> in_force = watcher_->InForce();
      in_force != nullptr && in_force->label() == label) {
    return done(std::move(in_force));
  }
  if (label.empty()) return done(chassis::NotFound(CatalogueVersionName(label)));
  stores_->versions.Get(
      label, deadline,
      [label, done = std::move(done)](
          absl::StatusOr<chassis::Versioned<storage::v1::CatalogueRecord>> record) {
        if (!record.ok()) return done(record.status());
        if (!record->exists()) return done(chassis::NotFound(CatalogueVersionName(label)));
        done(std::make_shared<const Catalogue>(std::move(record->state)));
      });
}

}  // namespace fuju::catalogue
