#pragma once

#include <string>

#include "absl/status/statusor.h"

#include "vocabulary/region.h"

namespace fuju::edge_formats {

// The regions of `data_dir`/divisions.csv and organisations_extra.csv (deploy/data/gansu), read at
// start. Errors name the file, as ReadTextFile and RegionTable::Parse do. Waits for the disk.
absl::StatusOr<vocabulary::RegionTable> ReadRegionTable(const std::string& data_dir);

}  // namespace fuju::edge_formats
