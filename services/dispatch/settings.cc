#include "dispatch/settings.h"

#include <cstdint>

#include "absl/flags/flag.h"
#include "absl/status/status.h"

#include "chassis/process/process.h"

ABSL_FLAG(int64_t, offer_limit_s, 24 * 60 * 60,
          "Seconds that a vendor has to answer an offer; then the next one is asked.");
ABSL_FLAG(int64_t, manual_limit_s, 5 * 24 * 60 * 60,
          "Seconds that a round may wait in the manual queue; then the case ends unserved.");
ABSL_FLAG(int32_t, max_candidates, 10,
          "Vendors that are asked one after the other before a round goes to the manual queue.");
ABSL_FLAG(int64_t, watch_heartbeat_s, 15,
          "Seconds without news after which a watching client gets a heartbeat.");
ABSL_FLAG(std::string, data_dir, "",
          "Folder of the code tables divisions.csv and organisations_extra.csv.");

namespace fuju::dispatch {
namespace {

constexpr int64_t kYear_s = 366 * 24 * 60 * 60;
constexpr int32_t kMostCandidates = 100;

}  // namespace

absl::StatusOr<Settings> ReadSettings() {
  const int64_t offer_limit = absl::GetFlag(FLAGS_offer_limit_s);
  const int64_t manual_limit = absl::GetFlag(FLAGS_manual_limit_s);
  const int64_t heartbeat = absl::GetFlag(FLAGS_watch_heartbeat_s);
  Settings settings;
  settings.max_candidates = absl::GetFlag(FLAGS_max_candidates);
  settings.data_dir = absl::GetFlag(FLAGS_data_dir);
  chassis::SettingsCheck check;
  check.RequireBetween("offer_limit_s", offer_limit, 1, kYear_s);
  check.RequireBetween("manual_limit_s", manual_limit, 1, kYear_s);
  check.RequireBetween("max_candidates", settings.max_candidates, 1, kMostCandidates);
  check.RequireBetween("watch_heartbeat_s", heartbeat, 1, 3600);
  check.Require(!settings.data_dir.empty(), "--data_dir must name the folder of the code tables");
  if (absl::Status status = check.Result(); !status.ok()) return status;
  settings.offer_limit = absl::Seconds(offer_limit);
  settings.manual_limit = absl::Seconds(manual_limit);
  settings.watch_heartbeat = absl::Seconds(heartbeat);
  return settings;
}

}  // namespace fuju::dispatch
