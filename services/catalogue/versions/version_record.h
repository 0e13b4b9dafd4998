#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

#include "fuju/catalogue/storage/v1/catalogue_records.pb.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::catalogue {

// A version as it was read; shared by all catalogues that have rows of it. Immutable.
using SharedRecord = std::shared_ptr<const storage::v1::CatalogueRecord>;

// "catalogueVersions/<label>", and the label of such a name.
std::string CatalogueVersionName(absl::string_view label);
std::string CatalogueVersionLabel(absl::string_view name);

// The name of versions together, from the province down: their labels with this between them.
inline constexpr char kChainSeparator = '+';
std::string ChainLabel(const std::vector<SharedRecord>& chain);

// Reads a stored version: says of each row where it comes from, and fills in what records from
// before there were areas, states, dates, kinds and policies leave out (catalogue.proto and
// catalogue_records.proto say what it means). `province` is the province's code. Pure.
SharedRecord ReadRecord(storage::v1::CatalogueRecord record, absl::string_view province);
// The same for what stands about the version alone.
void ReadVersion(v1::CatalogueVersion& version, absl::string_view province);

// What a row means that leaves out what older files have no column for.
void FillInDefaults(v1::Item& item);

// The day from which a published version that was read decides.
absl::CivilDay EffectiveDay(const v1::CatalogueVersion& version);

// Of two versions of an area, the one that decides when both are effective: that of the later day,
// of the later publication if it is the same day, of the greater label then.
bool Supersedes(const v1::CatalogueVersion& version, const v1::CatalogueVersion& other);

}  // namespace fuju::catalogue
