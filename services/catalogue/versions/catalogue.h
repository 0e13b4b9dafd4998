#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "catalogue/decision/prepared_item.h"
#include "catalogue/decision/prepared_policy.h"
#include "catalogue/decision/subsidy_decision.h"
#include "catalogue/versions/version_record.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::catalogue {

// The catalogue of an area on a day: the province's version, over it that of the prefecture, over
// it that of the county, as far as they have one. A row of the nearest version that has the item
// counts; the policy is that of the nearest version that has one; top-ups are those of all of them.
// Immutable, so safe to share between threads; what it returns is valid as long as it.
class Catalogue {
 public:
  // The versions from the province down, at least one.
  explicit Catalogue(std::vector<SharedRecord> chain);
  // Of one version alone.
  explicit Catalogue(storage::v1::CatalogueRecord record);
  Catalogue(const Catalogue&) = delete;
  Catalogue& operator=(const Catalogue&) = delete;

  // Names the whole: the labels of its versions from the province down, "+" between them, such as
  // "gansu-2026+chengguan-2026-2". CatalogueSet::ByLabel finds it again.
  const std::string& label() const { return label_; }
  const std::vector<SharedRecord>& chain() const { return chain_; }

  // The rules of the whole, and the label of the version that they come from.
  const v1::SubsidyPolicy& policy() const;
  const std::string& policy_version() const;

  // Null if there is no such item. Its catalogue_version names the version it comes from.
  const v1::Item* Find(absl::string_view item_code) const;

  // The same for decisions, with what the areas add. Null as Find.
  struct Terms {
    PreparedItem item;
    std::vector<PreparedTopUp> top_ups;
  };
  const Terms* FindTerms(absl::string_view item_code) const;
  // policy() for decisions; null if no version has one: all are from before versions had policies.
  const PreparedPolicy* prepared_policy() const {
    return prepared_policy_.has_value() ? &*prepared_policy_ : nullptr;
  }

  // What the areas add for an item, from the province down: of each version that has top-ups the
  // row of the item, or else its row "*". Empty for an item that there is not.
  absl::Span<const v1::LocalTopUp* const> TopUpsFor(absl::string_view item_code) const;

  // Up to `limit` items that are wanted, with a code behind `after` (empty: from the first), by
  // rising code.
  std::vector<const v1::Item*> ItemsAfter(
      absl::string_view after, int limit,
      absl::FunctionRef<bool(const v1::Item&)> wanted = [](const v1::Item&) { return true; }) const;

  int item_count() const { return static_cast<int>(rows_.size()); }

 private:
  struct Row {
    const v1::Item* item;
    std::vector<const v1::LocalTopUp*> top_ups;
    Terms terms;
  };

  void AddTopUps(Row& row) const;

  std::vector<SharedRecord> chain_;
  std::string label_;
  // The version that the policy comes from.
  const storage::v1::CatalogueRecord* policy_source_;
  std::optional<PreparedPolicy> prepared_policy_;
  // By item code.
  std::vector<Row> rows_;
  absl::flat_hash_map<absl::string_view, const Row*> by_code_;
};

// Puts what the catalogue says about question.item_code into the question; `defaults` is the policy
// where no version has one. Both live as long as the question.
void AskCatalogue(const Catalogue& catalogue, const PreparedPolicy& defaults,
                  SubsidyQuestion& question);

}  // namespace fuju::catalogue
