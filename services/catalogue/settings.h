#pragma once

#include <string>

#include "absl/status/statusor.h"

#include "catalogue/ledger/ledger_settings.h"

namespace fuju::catalogue {

// The service's own settings, from the flags of the same names. A value.
struct Settings {
  // --data_dir: folder of divisions.csv and organisations_extra.csv.
  std::string data_dir;
  // --catalogue_file, --catalogue_version: published at start if no catalogue is. Both or none. A
  // table of items, with --catalogue_policy_file; or JSON with everything, a name ending in .json.
  std::string catalogue_file;
  std::string catalogue_policy_file;
  std::string catalogue_version;
  LedgerSettings ledger;
};

// INVALID_ARGUMENT with all complaints at once.
absl::StatusOr<Settings> ReadSettings();

}  // namespace fuju::catalogue
