#include "applications/chain_settings.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include "chassis/process/files.h"

namespace fuju::applications {

absl::StatusOr<ChainBook> ReadChains(const std::string& folder,
                                     const vocabulary::RegionTable& regions,
                                     const Limits& defaults) {
  std::error_code error;
  std::vector<std::filesystem::path> paths;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".json") paths.push_back(entry->path());
  }
  if (error) return absl::NotFoundError(absl::StrCat(folder, ": ", error.message()));
  // The complaints come in the order of the files.
  std::sort(paths.begin(), paths.end());
  std::vector<ChainFile> files;
  for (const std::filesystem::path& path : paths) {
    absl::StatusOr<std::string> text = chassis::ReadTextFile(path.string());
    if (!text.ok()) return text.status();
    files.push_back({path.filename().string(), *std::move(text)});
  }
  return ChainBook::Parse(files, regions, defaults);
}

}  // namespace fuju::applications
