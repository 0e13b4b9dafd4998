#include "catalogue/versions/catalogue.h"

#include <algorithm>
#include <map>
#include <utility>

namespace fuju::catalogue {

Catalogue::Catalogue(std::vector<SharedRecord> chain) : chain_(std::move(chain)) {
  label_ = ChainLabel(chain_);
  policy_source_ = chain_.front().get();
  // The nearest version is the last one, and overrides.
  std::map<absl::string_view, const v1::Item*> items;
  for (const SharedRecord& record : chain_) {
    if (record->version().has_policy()) policy_source_ = record.get();
    for (const v1::Item& item : record->items()) items[item.item_code()] = &item;
  }
  rows_.reserve(items.size());
  by_code_.reserve(items.size());
  for (const auto& [code, item] : items) {
    rows_.push_back({item, {}, {}});
    Row& row = rows_.back();
    AddTopUps(row);
    google::protobuf::RepeatedPtrField<v1::LocalTopUp> top_ups;
    for (const v1::LocalTopUp* top_up : row.top_ups) *top_ups.Add() = *top_up;
    row.terms = {PrepareItem(*item), TopUpsOf(code, top_ups)};
    by_code_.emplace(code, &row);
  }
  if (policy_source_->version().has_policy()) prepared_policy_ = PreparePolicy(policy());
}

Catalogue::Catalogue(storage::v1::CatalogueRecord record)
    : Catalogue(std::vector<SharedRecord>{ReadRecord(std::move(record), "")}) {}

void Catalogue::AddTopUps(Row& row) const {
  for (const SharedRecord& record : chain_) {
    const v1::LocalTopUp* nearest = nullptr;
    for (const v1::LocalTopUp& top_up : record->top_ups()) {
      if (top_up.item_code() == row.item->item_code()) {
        nearest = &top_up;
        break;
      }
      if (top_up.item_code() == "*") nearest = &top_up;
    }
    if (nearest != nullptr) row.top_ups.push_back(nearest);
  }
}

const v1::SubsidyPolicy& Catalogue::policy() const { return policy_source_->version().policy(); }

const std::string& Catalogue::policy_version() const { return policy_source_->version().version(); }

const v1::Item* Catalogue::Find(absl::string_view item_code) const {
  const auto found = by_code_.find(item_code);
  return found == by_code_.end() ? nullptr : found->second->item;
}

const Catalogue::Terms* Catalogue::FindTerms(absl::string_view item_code) const {
  const auto found = by_code_.find(item_code);
  return found == by_code_.end() ? nullptr : &found->second->terms;
}

absl::Span<const v1::LocalTopUp* const> Catalogue::TopUpsFor(absl::string_view item_code) const {
  const auto found = by_code_.find(item_code);
  if (found == by_code_.end()) return {};
  return found->second->top_ups;
}

std::vector<const v1::Item*> Catalogue::ItemsAfter(
    absl::string_view after, int limit, absl::FunctionRef<bool(const v1::Item&)> wanted) const {
  auto it = std::upper_bound(
      rows_.begin(), rows_.end(), after,
      [](absl::string_view code, const Row& row) { return code < row.item->item_code(); });
  std::vector<const v1::Item*> page;
  for (; it != rows_.end() && static_cast<int>(page.size()) < limit; ++it) {
    if (wanted(*it->item)) page.push_back(it->item);
  }
  return page;
}

void AskCatalogue(const Catalogue& catalogue, const PreparedPolicy& defaults,
                  SubsidyQuestion& question) {
  question.catalogue_version = catalogue.label();
  question.policy =
      catalogue.prepared_policy() != nullptr ? catalogue.prepared_policy() : &defaults;
  const Catalogue::Terms* terms = catalogue.FindTerms(question.item_code);
  if (terms == nullptr) return;
  question.item = &terms->item;
  question.top_ups = terms->top_ups;
}

}  // namespace fuju::catalogue
