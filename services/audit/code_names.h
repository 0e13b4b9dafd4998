#pragma once

#include <string>

#include "absl/status/statusor.h"

#include "vocabulary/region.h"

namespace fuju::audit {

// Names of codes, so that the page shows "兰州市城关区" and not 620102.
class CodeNames {
 public:
  // Reads divisions.csv, organisations_extra.csv and catalogue.csv of a folder. The errors name the
  // file, row and column.
  static absl::StatusOr<CodeNames> Load(const std::string& data_dir);

  const vocabulary::RegionTable& regions() const { return regions_; }

  // {"counties": {code: name}, "items": {code: {"zh", "en"}}, "sourceNotes": {"zh", "en"}}. The
  // notes say that the catalogue's figures are examples.
  const std::string& json() const { return json_; }

 private:
  CodeNames(vocabulary::RegionTable regions, std::string json);

  vocabulary::RegionTable regions_;
  std::string json_;
};

}  // namespace fuju::audit
