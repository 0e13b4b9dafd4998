#pragma once

#include <string>

#include "chassis/process/process.h"

namespace fuju::audit {

// The service's own settings, from the flags of the same names. A value.
struct Settings {
  // --archive_file: the SQLite file; made if it is absent.
  std::string archive_file;
  // --verify_at_start: walk over the whole hash chain before serving.
  bool verify_at_start = true;
  // --read_threads: questions that are answered at once.
  int read_threads = 0;
  // --dashboard_listen: address of the dashboard.
  std::string dashboard_listen;
  // --web_root: folder of the built page.
  std::string web_root;
  // --data_dir: folder of divisions.csv, organisations_extra.csv and catalogue.csv.
  std::string data_dir;
};

// Reads the flags; complaints go to `check`.
Settings ReadSettings(chassis::SettingsCheck& check);

}  // namespace fuju::audit
