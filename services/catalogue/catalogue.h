#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "catalogue/decision/prepared_item.h"
#include "catalogue/decision/prepared_policy.h"
#include "catalogue/decision/subsidy_decision.h"
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

  // The same for decisions, with the top-ups of the item. Null as Find.
  struct Terms {
    PreparedItem item;
    std::vector<PreparedTopUp> top_ups;
  };
  const Terms* FindTerms(absl::string_view item_code) const;
  // Null if the version has no policy of its own.
  const PreparedPolicy* policy() const { return policy_.has_value() ? &*policy_ : nullptr; }

  // Up to `limit` items with a code behind `after` (empty: from the first), by rising code.
  std::vector<const v1::Item*> ItemsAfter(absl::string_view after, int limit) const;

  // The later publication is in force; the greater label if both came at the same moment. It is the
  // order of the index that PublishedFootprint makes.
  bool Supersedes(const Catalogue& other) const;

 private:
  storage::v1::CatalogueRecord record_;
  absl::flat_hash_map<absl::string_view, Terms> by_code_;
  std::optional<PreparedPolicy> policy_;
};

// Puts what the catalogue says about question.item_code into the question; `defaults` is the policy
// where the version has none. Both live as long as the question.
void AskCatalogue(const Catalogue& catalogue, const PreparedPolicy& defaults,
                  SubsidyQuestion& question);

}  // namespace fuju::catalogue
