#include "catalogue/settings.h"

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"

#include "catalogue/ledger/account.h"
#include "chassis/process/process.h"
#include "chassis/rpc/validation.h"
#include "vocabulary/device_code.h"
#include "vocabulary/money.h"

ABSL_FLAG(std::string, data_dir, "",
          "Folder of the code tables divisions.csv and organisations_extra.csv.");
ABSL_FLAG(std::string, catalogue_file, "",
          "Catalogue (CSV) that is published at start if the store has none; empty: none.");
ABSL_FLAG(std::string, catalogue_version, "",
          "Label under which --catalogue_file is published, such as gansu-2026-demo.");
ABSL_FLAG(std::string, subsidy_mode, "cap_then_ratio",
          "How cap and ratio meet: cap_then_ratio is min(price, cap) x ratio, ratio_of_cap is "
          "min(price, cap "
          "x ratio).");
ABSL_FLAG(int32_t, ffp_ratio_bp, 10000,
          "Ratio of families monitored against a return to poverty (FFP), in basis points.");
ABSL_FLAG(int32_t, gxzc_ratio_bp, -1,
          "Ratio of families with unavoidable heavy expenses (GXZC), in basis points; -1: the "
          "item's general "
          "ratio.");
ABSL_FLAG(std::vector<std::string>, child_yearly_devices,
          (std::vector<std::string>{"0618", "0624"}),
          "Device classes, subclasses or divisions (2, 4 or 6 digits, comma between) that a child "
          "may have "
          "again after 12 months; by default upper and lower limb prostheses.");
ABSL_FLAG(int32_t, reservation_days, 730,
          "Days after which money that is reserved for a running case is free for others, and the "
          "case waits for money again; 0: never.");
ABSL_FLAG(std::vector<std::string>, carry_over_funds, (std::vector<std::string>{"charity"}),
          "Funds whose free money goes to the next year when a fiscal year is closed: national, "
          "provincial, prefecture, county, charity (comma between); that of the others lapses.");

namespace fuju::catalogue {
namespace {

using vocabulary::BasisPoints;

BasisPoints RatioFlag(chassis::SettingsCheck& check, const char* flag, int64_t value) {
  const absl::StatusOr<BasisPoints> ratio = BasisPoints::Of(value);
  check.Require(ratio.ok(), absl::StrCat("--", flag, " must be 0 to 10000, not ", value));
  return ratio.value_or(BasisPoints());
}

}  // namespace

absl::StatusOr<Settings> ReadSettings() {
  Settings settings;
  settings.data_dir = absl::GetFlag(FLAGS_data_dir);
  settings.catalogue_file = absl::GetFlag(FLAGS_catalogue_file);
  settings.catalogue_version = absl::GetFlag(FLAGS_catalogue_version);
  const std::string mode_name = absl::GetFlag(FLAGS_subsidy_mode);
  const std::optional<SubsidyMode> mode = ParseSubsidyMode(mode_name);

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
  check.Require(mode.has_value(),
                absl::StrCat("--subsidy_mode must be ",
                             std::string(SubsidyModeName(SubsidyMode::kCapThenRatio)), " or ",
                             std::string(SubsidyModeName(SubsidyMode::kRatioOfCap)), ", not '",
                             mode_name, "'"));
  settings.subsidy.mode = mode.value_or(SubsidyMode::kCapThenRatio);
  settings.subsidy.ffp_ratio = RatioFlag(check, "ffp_ratio_bp", absl::GetFlag(FLAGS_ffp_ratio_bp));
  if (const int32_t gxzc = absl::GetFlag(FLAGS_gxzc_ratio_bp); gxzc != -1) {
    settings.subsidy.gxzc_ratio = RatioFlag(check, "gxzc_ratio_bp", gxzc);
  }
  for (const std::string& text : absl::GetFlag(FLAGS_child_yearly_devices)) {
    const absl::StatusOr<vocabulary::DeviceScope> scope = vocabulary::DeviceScope::Parse(text);
    check.Require(scope.ok(),
                  absl::StrCat("--child_yearly_devices: '", text, "' is not 2, 4 or 6 digits"));
    if (scope.ok()) settings.subsidy.child_yearly.push_back(*scope);
  }
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
