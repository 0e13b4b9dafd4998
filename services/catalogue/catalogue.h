#pragma once

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "fuju/catalogue/storage/v1/catalogue_records.pb.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::catalogue {

// A published catalogue in memory, for look-ups by item code. Immutable, so safe to share between
// threads.
class Catalogue {
 public:
  explicit Catalogue(storage::v1::CatalogueRecord record);
  Catalogue(const Catalogue&) = delete;
  Catalogue& operator=(const Catalogue&) = delete;

  const v1::CatalogueVersion& version() const { return record_.version(); }
  // Its label, such as "gansu-2026-demo".
  const std::string& label() const { return record_.version().version(); }

  // Null if the catalogue has no such item. Valid as long as this.
  const v1::Item* Find(absl::string_view item_code) const;

  // Up to `limit` items with a code behind `after` (empty: from the first), by rising code.
  std::vector<const v1::Item*> ItemsAfter(absl::string_view after, int limit) const;

  // The later publication is in force; the greater label if both came at the same moment. It is the
  // order of the index that PublishedFootprint makes.
  bool Supersedes(const Catalogue& other) const;

 private:
  storage::v1::CatalogueRecord record_;
  absl::flat_hash_map<absl::string_view, const v1::Item*> by_code_;
};

}  // namespace fuju::catalogue
