#include "fitting/settings.h"

#include <cstdint>

#include "absl/flags/flag.h"

#include "chassis/process/process.h"

ABSL_FLAG(int32_t, slot_grid_minutes, 30,
          "Minutes between the starts of two slots; a multiple of 15.");
ABSL_FLAG(int32_t, visit_minutes, 120, "Minutes that a visit takes; a multiple of 15.");
ABSL_FLAG(int64_t, booking_limit_s, 72 * 60 * 60,
          "Seconds within which a visit has to be booked; then another vendor is asked.");
ABSL_FLAG(int32_t, booking_horizon_days, 60, "Days that a visit may lie ahead, at most.");
ABSL_FLAG(int32_t, find_range_days, 14, "Days that FindSlots looks ahead, at most.");
ABSL_FLAG(int32_t, no_show_limit, 2, "Visits with nobody met after which the order is abandoned.");
ABSL_FLAG(int64_t, early_report_s, 0,
          "Seconds before its start from which a visit may be reported on.");
ABSL_FLAG(int64_t, serial_claim_s, 60 * 60,
          "Seconds that a serial number stays claimed by a hand-over that was begun and never "
          "ended.");
ABSL_FLAG(std::string, data_dir, "",
          "Folder of the code tables divisions.csv and organisations_extra.csv.");

namespace fuju::fitting {
namespace {

constexpr int64_t kYear_s = 366 * 24 * 60 * 60;

class Checked {
 public:
  int64_t Between(const char* flag, int64_t value, int64_t least, int64_t most) {
    check_.RequireBetween(flag, value, least, most);
    return value;
  }
  chassis::SettingsCheck& check() { return check_; }

 private:
  chassis::SettingsCheck check_;
};

}  // namespace

absl::StatusOr<Settings> ReadSettings() {
  Checked checked;
  const int64_t cell_minutes = absl::ToInt64Minutes(kCell);
  const int64_t step =
      checked.Between("slot_grid_minutes", absl::GetFlag(FLAGS_slot_grid_minutes), 15, 24 * 60);
  const int64_t visit =
      checked.Between("visit_minutes", absl::GetFlag(FLAGS_visit_minutes), 15, 24 * 60);
  checked.check().Require(step % cell_minutes == 0 && visit % cell_minutes == 0,
                          "--slot_grid_minutes and --visit_minutes must be multiples of 15");
  Settings settings;
  settings.rules.grid = {.step = absl::Minutes(step), .visit = absl::Minutes(visit)};
  settings.rules.booking_limit = absl::Seconds(
      checked.Between("booking_limit_s", absl::GetFlag(FLAGS_booking_limit_s), 1, kYear_s));
  settings.rules.booking_horizon =
      absl::Hours(24 * checked.Between("booking_horizon_days",
                                       absl::GetFlag(FLAGS_booking_horizon_days), 1, 366));
  settings.rules.no_show_limit = static_cast<int>(
      checked.Between("no_show_limit", absl::GetFlag(FLAGS_no_show_limit), 1, 100));
  settings.rules.early_report = absl::Seconds(
      checked.Between("early_report_s", absl::GetFlag(FLAGS_early_report_s), 0, kYear_s));
  settings.find_range = absl::Hours(
      24 * checked.Between("find_range_days", absl::GetFlag(FLAGS_find_range_days), 1, 366));
  settings.serial_claim = absl::Seconds(
      checked.Between("serial_claim_s", absl::GetFlag(FLAGS_serial_claim_s), 60, kYear_s));
  settings.data_dir = absl::GetFlag(FLAGS_data_dir);
  checked.check().Require(!settings.data_dir.empty(),
                          "--data_dir must name the folder of the code tables");
  if (absl::Status status = checked.check().Result(); !status.ok()) return status;
  return settings;
}

}  // namespace fuju::fitting
