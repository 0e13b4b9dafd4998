#include "edge_formats/region_files.h"

#include "absl/strings/str_cat.h"

#include "chassis/process/files.h"

namespace fuju::edge_formats {

absl::StatusOr<vocabulary::RegionTable> ReadRegionTable(const std::string& data_dir) {
  const auto divisions = chassis::ReadTextFile(absl::StrCat(data_dir, "/divisions.csv"));
  if (!divisions.ok()) return divisions.status();
  const auto offices = chassis::ReadTextFile(absl::StrCat(data_dir, "/organisations_extra.csv"));
  if (!offices.ok()) return offices.status();
  return vocabulary::RegionTable::Parse(*divisions, *offices);
}

}  // namespace fuju::edge_formats
