#include "applications/chain_settings.h"

#include <utility>
#include <vector>

#include "chassis/process/files.h"

namespace fuju::applications {

absl::StatusOr<ChainBook> ReadChains(const std::string& folder,
                                     const vocabulary::RegionTable& regions,
                                     const Limits& defaults) {
  absl::StatusOr<std::vector<chassis::NamedText>> read = chassis::ReadTextFiles(folder, ".json");
  if (!read.ok()) return read.status();
  std::vector<ChainFile> files;
  for (chassis::NamedText& file : *read) {
    files.push_back({std::move(file.name), std::move(file.text)});
  }
  return ChainBook::Parse(files, regions, defaults);
}

}  // namespace fuju::applications
