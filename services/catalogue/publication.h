#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "chassis/values/decision.h"
#include "fuju/catalogue/storage/v1/catalogue_records.pb.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::catalogue {

// A version of the catalogue is one aggregate, written once. Its id is its label. All versions lie
// in one partition, so that which one is in force is one read, and one stream tells of a new one.
// Pure.

// Route of every version.
inline constexpr absl::string_view kCatalogueRoute = "catalogue";
// Versions by the time of their publication: the first of a list is in force.
inline constexpr absl::string_view kCatalogueIndex = "catalogue_versions";

// "catalogueVersions/<label>".
std::string CatalogueVersionName(absl::string_view label);

// SHA-256 in lower-case hex.
std::string Sha256Hex(absl::string_view bytes);

// The record of a version to be published.
storage::v1::CatalogueRecord MakeCatalogueRecord(absl::string_view label, absl::string_view file,
                                                 std::vector<v1::Item> items, absl::Time now);

// Publishes it. ALREADY_EXISTS if the label was used before.
absl::StatusOr<chassis::Decision<storage::v1::CatalogueRecord>> PublishCatalogue(
    const chassis::Versioned<storage::v1::CatalogueRecord>& current,
    storage::v1::CatalogueRecord record);

chassis::Footprint PublishedFootprint(absl::string_view id,
                                      const storage::v1::CatalogueRecord& record);

}  // namespace fuju::catalogue
