#include "catalogue/catalogue.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace fuju::catalogue {

Catalogue::Catalogue(storage::v1::CatalogueRecord record) : record_(std::move(record)) {
  std::sort(record_.mutable_items()->pointer_begin(), record_.mutable_items()->pointer_end(),
            [](const v1::Item* a, const v1::Item* b) { return a->item_code() < b->item_code(); });
  by_code_.reserve(record_.items_size());
  for (const v1::Item& item : record_.items()) {
    by_code_.emplace(item.item_code(),
                     Terms{PrepareItem(item), TopUpsOf(item.item_code(), record_.top_ups())});
  }
  if (version().has_policy()) policy_ = PreparePolicy(version().policy());
}

const v1::Item* Catalogue::Find(absl::string_view item_code) const {
  const Terms* terms = FindTerms(item_code);
  return terms == nullptr ? nullptr : terms->item.row;
}

const Catalogue::Terms* Catalogue::FindTerms(absl::string_view item_code) const {
  const auto found = by_code_.find(item_code);
  return found == by_code_.end() ? nullptr : &found->second;
}

std::vector<const v1::Item*> Catalogue::ItemsAfter(absl::string_view after, int limit) const {
  auto it = std::upper_bound(
      record_.items().begin(), record_.items().end(), after,
      [](absl::string_view code, const v1::Item& item) { return code < item.item_code(); });
  std::vector<const v1::Item*> page;
  for (; it != record_.items().end() && static_cast<int>(page.size()) < limit; ++it) {
    page.push_back(&*it);
  }
  return page;
}

bool Catalogue::Supersedes(const Catalogue& other) const {
  const auto key = [](const Catalogue& catalogue) {
    const google::protobuf::Timestamp& time = catalogue.version().publish_time();
    return std::make_tuple(time.seconds(), time.nanos(), absl::string_view(catalogue.label()));
  };
  return key(*this) > key(other);
}

void AskCatalogue(const Catalogue& catalogue, const PreparedPolicy& defaults,
                  SubsidyQuestion& question) {
  question.catalogue_version = catalogue.label();
  question.policy = catalogue.policy() != nullptr ? catalogue.policy() : &defaults;
  const Catalogue::Terms* terms = catalogue.FindTerms(question.item_code);
  if (terms == nullptr) return;
  question.item = &terms->item;
  question.top_ups = terms->top_ups;
}

}  // namespace fuju::catalogue
