#include "audit/settings.h"

#include <cstdint>
#include <filesystem>

#include "absl/flags/flag.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

ABSL_FLAG(std::string, archive_file, "",
          "SQLite file of the archive; made if it is absent. One process may write it.");
ABSL_FLAG(bool, verify_at_start, true,
          "Walk over the whole hash chain of the archive before serving.");
ABSL_FLAG(int32_t, read_threads, 2, "Questions to the archive that are answered at once.");
ABSL_FLAG(std::string, dashboard_listen, "127.0.0.1:0",
          "host:port of the dashboard; port 0 takes a free one. It asks nobody who they are.");
ABSL_FLAG(std::string, web_root, "", "Folder of the built dashboard page.");
ABSL_FLAG(std::string, data_dir, "",
          "Folder of the code tables divisions.csv, organisations_extra.csv and catalogue.csv.");

namespace fuju::audit {
namespace {

constexpr int32_t kMostReadThreads = 64;

// The folder in which the archive is made must be there: a mistyped path is noticed at once.
bool FolderExists(const std::string& file) {
  std::error_code ignored;
  const std::filesystem::path folder = std::filesystem::path(file).parent_path();
  return folder.empty() || std::filesystem::is_directory(folder, ignored);
}

}  // namespace

Settings ReadSettings(chassis::SettingsCheck& check) {
  Settings settings;
  settings.archive_file = absl::GetFlag(FLAGS_archive_file);
  settings.verify_at_start = absl::GetFlag(FLAGS_verify_at_start);
  settings.read_threads = absl::GetFlag(FLAGS_read_threads);
  settings.dashboard_listen = absl::GetFlag(FLAGS_dashboard_listen);
  settings.web_root = absl::GetFlag(FLAGS_web_root);
  settings.data_dir = absl::GetFlag(FLAGS_data_dir);
  check.Require(!settings.archive_file.empty(), "--archive_file must name the archive's file");
  check.Require(
      FolderExists(settings.archive_file),
      absl::StrCat("--archive_file=", settings.archive_file, ": its folder is not there"));
  check.Require(!absl::StrContains(settings.archive_file, '"'),
                "--archive_file must not have a double quote in it");
  check.Require(settings.read_threads >= 1 && settings.read_threads <= kMostReadThreads,
                absl::StrCat("--read_threads must be 1 to ", kMostReadThreads, ", not ",
                             settings.read_threads));
  check.Require(absl::StrContains(settings.dashboard_listen, ':'),
                "--dashboard_listen must be host:port");
  check.Require(!settings.web_root.empty(), "--web_root must name the folder of the built page");
  check.Require(!settings.data_dir.empty(), "--data_dir must name the folder of the code tables");
  return settings;
}

}  // namespace fuju::audit
