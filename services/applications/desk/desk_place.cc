#include "applications/desk/desk_place.h"

#include "absl/strings/str_cat.h"

#include "chassis/values/timestamps.h"

namespace fuju::applications {
namespace {

constexpr absl::string_view kPrefectureRole = "prefecture_officer";
constexpr absl::string_view kProvinceRole = "province_officer";

}  // namespace

bool WaitsForOfficer(ApplicationState state) {
  return state == v1::APPLICATION_STATE_UNDER_REVIEW || state == v1::APPLICATION_STATE_ON_HOLD ||
         state == v1::APPLICATION_STATE_APPEALED;
}

std::string DeskStageOf(const v1::Application& application) {
  if (application.state() == v1::APPLICATION_STATE_APPEALED) return std::string(kAppealStage);
  return application.review().stage();
}

std::string OfficeOf(absl::string_view county_code, absl::string_view role) {
  // GB/T 2260: two digits of the province, two of the prefecture, two of the county.
  if (role == kPrefectureRole) return absl::StrCat(county_code.substr(0, 4), "00");
  if (role == kProvinceRole) return absl::StrCat(county_code.substr(0, 2), "0000");
  return std::string(county_code);
}

absl::Time DueTimeOf(const v1::Application& application) {
  return chassis::ToTime(application.holder().has_due_time() ? application.holder().due_time()
                                                             : application.create_time());
}

absl::Time WaitingSince(const storage::v1::ApplicationRecord& record) {
  return chassis::ToTime(record.has_desk_place() ? record.desk_place().since_time()
                                                 : record.application().update_time());
}

const v1::CaseClaim* RunningClaim(const storage::v1::ApplicationRecord& record, absl::Time now) {
  if (!record.desk_place().has_claim()) return nullptr;
  const v1::CaseClaim& claim = record.desk_place().claim();
  return now < chassis::ToTime(claim.end_time()) ? &claim : nullptr;
}

void UpdateDeskPlace(ApplicationState before, Move move, absl::Time now,
                     storage::v1::ApplicationRecord& after) {
  if (!WaitsForOfficer(after.application().state())) return after.clear_desk_place();
  const bool same_work =
      WaitsForOfficer(before) && (InfoOf(move).mover == Mover::kTimer || move == Move::kObject);
  if (same_work && after.has_desk_place()) return;
  after.clear_desk_place();
  *after.mutable_desk_place()->mutable_since_time() = chassis::ToTimestamp(now);
}

}  // namespace fuju::applications
