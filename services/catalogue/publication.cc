#include "catalogue/publication.h"

#include <array>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include <openssl/sha.h>

#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"

namespace fuju::catalogue {

using CatalogueRecord = storage::v1::CatalogueRecord;

std::string CatalogueVersionName(absl::string_view label) {
  return absl::StrCat("catalogueVersions/", label);
}

std::string Sha256Hex(absl::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

CatalogueRecord MakeCatalogueRecord(absl::string_view label, absl::string_view file,
                                    std::vector<v1::Item> items, absl::Time now) {
  CatalogueRecord record;
  v1::CatalogueVersion* version = record.mutable_version();
  version->set_name(CatalogueVersionName(label));
  version->set_version(std::string(label));
  version->set_sha256(Sha256Hex(file));
  *version->mutable_publish_time() = chassis::ToTimestamp(now);
  version->set_item_count(static_cast<int32_t>(items.size()));
  for (v1::Item& item : items) *record.add_items() = std::move(item);
  return record;
}

absl::StatusOr<chassis::Decision<CatalogueRecord>> PublishCatalogue(
    const chassis::Versioned<CatalogueRecord>& current, CatalogueRecord record) {
  if (current.exists()) {
    const std::string& label = current.state.version().version();
    return chassis::Refusal(
               absl::StatusCode::kAlreadyExists, "ALREADY_EXISTS",
               absl::StrCat("目录版本", label, "已发布，发布后不能更改；请使用新的版本名"),
               absl::StrCat("catalogue version ", label,
                            " is published and never changes: choose a new label"))
        .With("resource", CatalogueVersionName(label))
        .Build();
  }
  chassis::Decision<CatalogueRecord> decision;
  v1::CataloguePublished fact;
  *fact.mutable_catalogue_version() = record.version();
  decision.next = std::move(record);
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

chassis::Footprint PublishedFootprint(absl::string_view id, const CatalogueRecord& record) {
  chassis::Footprint footprint;
  if (!record.has_version()) return footprint;
  footprint.index.push_back({std::string(kCatalogueIndex), std::string(id),
                             chassis::ToMillis(record.version().publish_time())});
  return footprint;
}

}  // namespace fuju::catalogue
