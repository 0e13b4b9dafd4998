#include "applications/termination.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "applications/county_transfer.h"
#include "applications/staff_roles.h"
#include "chassis/values/refusal.h"
#include "fuju/applications/v1/application_events.pb.h"

namespace fuju::applications {
namespace {

bool IsTermination(EndReason reason) {
  return reason == EndReason::kDeath || reason == EndReason::kCertificateCancelled;
}

// Why the vendor side was asked to stop.
EndReason StopReasonOf(const Record& record) {
  const v1::Outcome& outcome = record.application().outcome();
  for (const EndReason reason : {EndReason::kDeath, EndReason::kCertificateCancelled}) {
    if (outcome.reason_codes_size() > 0 && outcome.reason_codes(0) == EndReasonCode(reason)) {
      return reason;
    }
  }
  return EndReason::kWithdrawnByApplicant;
}

}  // namespace

absl::Status NotOfAnOffice() {
  const std::string roles = absl::StrJoin(
      StaffRoles(), ", ",
      [](std::string* out, const StaffRole& role) { absl::StrAppend(out, role.name); });
  return chassis::Refusal(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
                          "只有经办机构的工作人员可以办理",
                          absl::StrCat("this is done by an office: ", roles))
      .With("roles", roles)
      .Build();
}

Result DecideTerminate(const Record& record, EndReason reason, const std::string& remark,
                       const Act& act) {
  const ApplicationState state = record.application().state();
  if (!IsLegal(state, Move::kTerminate)) return Forbidden(record, Move::kTerminate);
  if (!IsTermination(reason)) return absl::InternalError("no reason to terminate a case");
  if (FindStaffRole(RoleOf(act.actor)) == nullptr) return NotOfAnOffice();
  Change change(record, Move::kTerminate, act);
  if (MayLead(state, Move::kTerminate, v1::APPLICATION_STATE_TERMINATED)) {
    EndWith(change, v1::APPLICATION_STATE_TERMINATED, reason, remark);
    change.Tell(Line::kTerminated, {EndReasonText(reason)}, remark);
    return change.Publish<v1::ApplicationEnded>();
  }
  CloseTransfer(change, v1::TRANSFER_RESULT_ENDED);
  change.Enter(v1::APPLICATION_STATE_WITHDRAWING, StoppingParty(record));
  SetOutcome(change, {std::string(EndReasonCode(reason))}, EndReasonText(reason), remark);
  change.Tell(Line::kTerminationRequested, {EndReasonText(reason)}, remark);
  return change.Publish<v1::WithdrawalRequested>();
}

Result FinishStopping(Change& change, int attempt, const Rules& rules) {
  if (change.application().state() == v1::APPLICATION_STATE_TRANSFERRING) {
    return FinishTransfer(change, attempt, rules);
  }
  const EndReason reason = StopReasonOf(change.record());
  change.application().clear_service();
  EndWith(
      change,
      IsTermination(reason) ? v1::APPLICATION_STATE_TERMINATED : v1::APPLICATION_STATE_WITHDRAWN,
      reason, change.record().outcome_note());
  if (IsTermination(reason)) {
    change.Tell(Line::kTerminationConfirmed, {EndReasonText(reason)});
  } else {
    change.Tell(Line::kWithdrawalConfirmed);
  }
  return change.Publish<v1::ApplicationEnded>();
}

}  // namespace fuju::applications
