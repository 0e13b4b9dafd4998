#include "catalogue/settings.h"

#include <cstdint>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/flags/flag.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "catalogue/ledger/account.h"
#include "chassis/process/process.h"
#include "chassis/rpc/validation.h"

ABSL_FLAG(std::string, data_dir, "",
          "Folder of the code tables divisions.csv and organisations_extra.csv.");
ABSL_FLAG(std::string, catalogue_file, "",
          "Catalogue that is published at start if the store has none: items as CSV, or everything "
          "as JSON (a name that ends in .json); empty: none.");
ABSL_FLAG(std::string, catalogue_policy_file, "",
          "Policy (JSON) of a --catalogue_file that is CSV.");
ABSL_FLAG(std::string, catalogue_version, "",
          "Label under which --catalogue_file is published, such as gansu-2026-demo.");
ABSL_FLAG(int32_t, reservation_days, 730,
          "Days after which money that is reserved for a running case is free for others, and the "
          "case waits for money again; 0: never.");
ABSL_FLAG(std::vector<std::string>, carry_over_funds, (std::vector<std::string>{"charity"}),
          "Funds whose free money goes to the next year when a fiscal year is closed: national, "
          "provincial, prefecture, county, charity (comma between); that of the others lapses.");

namespace fuju::catalogue {

absl::StatusOr<Settings> ReadSettings() {
  Settings settings;
  settings.data_dir = absl::GetFlag(FLAGS_data_dir);
  settings.catalogue_file = absl::GetFlag(FLAGS_catalogue_file);
  settings.catalogue_policy_file = absl::GetFlag(FLAGS_catalogue_policy_file);
  settings.catalogue_version = absl::GetFlag(FLAGS_catalogue_version);

  chassis::SettingsCheck check;
  check.Require(!settings.data_dir.empty(), "--data_dir must name the folder of the code tables");
  check.Require(settings.catalogue_file.empty() == settings.catalogue_version.empty(),
                "--catalogue_file and --catalogue_version are given together or not at all");
  if (!settings.catalogue_version.empty()) {
    const bool is_label =
        chassis::FormatRegistry().Find("label")->operator()(settings.catalogue_version).ok() &&
        settings.catalogue_version.size() <= 40;
    check.Require(is_label, absl::StrCat("--catalogue_version '", settings.catalogue_version,
                                         "' is not a label of at most 40 characters"));
  }
  const bool is_table =
      !settings.catalogue_file.empty() && !absl::EndsWith(settings.catalogue_file, ".json");
  check.Require(is_table != settings.catalogue_policy_file.empty(),
                "--catalogue_policy_file is given with a --catalogue_file that is CSV, and only "
                "then");
  check.RequireBetween("reservation_days", absl::GetFlag(FLAGS_reservation_days), 0, 3650);
  if (const int32_t days = absl::GetFlag(FLAGS_reservation_days); days > 0)
    settings.ledger.reservation = absl::Hours(24) * days;
  for (const std::string& name : absl::GetFlag(FLAGS_carry_over_funds)) {
    const auto* const fund = absl::c_find_if(
        kFunds, [&name](v1::FundSource source) { return FundName(source) == name; });
    check.Require(fund != kFunds.end(),
                  absl::StrCat("--carry_over_funds: '", name, "' is no fund"));
    if (fund != kFunds.end()) settings.ledger.carry_over.push_back(*fund);
  }
  if (absl::Status status = check.Result(); !status.ok()) return status;
  return settings;
}

}  // namespace fuju::catalogue
