#include "applications/desk/queue_filter.h"

#include "applications/desk/desk_place.h"
#include "applications/desk/queue_index.h"
#include "applications/staff_roles.h"

namespace fuju::applications {
namespace {

bool HasClaimAsAsked(v1::ClaimFilter filter, absl::string_view officer,
                     const v1::CaseClaim* claim) {
  switch (filter) {
    case v1::CLAIM_FILTER_MINE:
      return claim != nullptr && PersonOf(claim->officer()) == officer;
    case v1::CLAIM_FILTER_UNCLAIMED:
      return claim == nullptr;
    default:
      return true;
  }
}

// An empty filter lets everything pass.
bool Fits(const std::string& filter, absl::string_view value) {
  return filter.empty() || filter == value;
}

}  // namespace

std::string IndexFor(const v1::ListQueuedCasesRequest& request, absl::string_view officer) {
  const std::string& office = request.office_code();
  if (request.claim() == v1::CLAIM_FILTER_MINE) return OfficerQueueIndex(office, officer);
  if (request.state() == v1::APPLICATION_STATE_ON_HOLD) return HoldQueueIndex(office);
  if (request.state() == v1::APPLICATION_STATE_APPEALED) {
    return StageQueueIndex(office, kAppealStage);
  }
  if (!request.item_code().empty()) return ItemQueueIndex(office, request.item_code());
  if (!request.stage().empty()) return StageQueueIndex(office, request.stage());
  return QueueIndex(office);
}

bool IsAskedFor(const v1::ListQueuedCasesRequest& request, absl::string_view officer,
                const storage::v1::ApplicationRecord& record, absl::Time now) {
  const v1::Application& application = record.application();
  return WaitsForOfficer(application.state()) &&
         OfficeOf(application.county_code(), application.holder().party()) ==
             request.office_code() &&
         Fits(request.stage(), DeskStageOf(application)) &&
         (request.state() == v1::APPLICATION_STATE_UNSPECIFIED ||
          request.state() == application.state()) &&
         (!request.late_only() || DueTimeOf(application) <= now) &&
         HasClaimAsAsked(request.claim(), officer, RunningClaim(record, now)) &&
         Fits(request.item_code(), application.request().item_code()) &&
         Fits(request.device_division(), application.request().device_division()) &&
         (request.economic_status() == type::v1::ECONOMIC_STATUS_UNSPECIFIED ||
          request.economic_status() == application.applicant().economic_status());
}

}  // namespace fuju::applications
