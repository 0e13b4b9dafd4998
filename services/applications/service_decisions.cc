#include "applications/service_decisions.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "applications/county_transfer.h"
#include "applications/termination.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/application_events.pb.h"

namespace fuju::applications {
namespace {

using dispatch::v1::Round;
using fitting::v1::Order;

ApplicationState StateOf(const Record& record) { return record.application().state(); }

// The vendor side was asked to stop.
bool IsStopping(const Record& record) {
  return StateOf(record) == v1::APPLICATION_STATE_WITHDRAWING ||
         StateOf(record) == v1::APPLICATION_STATE_TRANSFERRING;
}

// The attempt is older than the newest that was heard of, or of the search of another county.
bool IsOlder(const storage::v1::VendorSearch& search, int attempt) {
  return attempt < search.attempt() || attempt < search.from_attempt();
}

// Nothing that this attempt did can matter any more.
bool IsStale(const storage::v1::VendorSearch& search, int attempt) {
  return IsOlder(search, attempt) || (attempt == search.attempt() && search.attempt_over());
}

// The attempt is the newest one that was heard of, and it runs.
void Follow(Record& record, int attempt) {
  storage::v1::VendorSearch* search = record.mutable_vendor_search();
  search->set_attempt(attempt);
  search->set_attempt_over(false);
}

void GiveUp(Record& record, int attempt) {
  storage::v1::VendorSearch* search = record.mutable_vendor_search();
  search->set_attempt(attempt);
  search->set_attempt_over(true);
  record.mutable_application()->clear_service();
}

// What the order says of the vendor side; the booked visit is the last appointment if it is booked.
void SetService(v1::Application& application, const Order& order) {
  v1::Service* service = application.mutable_service();
  service->Clear();
  service->set_vendor(order.vendor());
  service->set_vendor_name(order.vendor_name());
  service->set_order(order.name());
  service->set_no_shows(order.no_shows());
  if (order.appointments_size() == 0) return;
  const fitting::v1::Appointment& last = order.appointments(order.appointments_size() - 1);
  if (last.state() == fitting::v1::APPOINTMENT_STATE_BOOKED) {
    *service->mutable_visit_time() = last.start_time();
  }
}

// A visit is to be booked with the vendor, until the order's limit if it has one.
void EnterUnbooked(Change& change, const Order& order) {
  if (!order.has_booking_due_time()) {
    return change.Enter(v1::APPLICATION_STATE_DISPATCHED, Party::kVendor);
  }
  const absl::Time due = chassis::ToTime(order.booking_due_time());
  change.Enter(v1::APPLICATION_STATE_DISPATCHED, Party::kVendor, Deadline{due, MomentText(due)});
}

bool NobodyWasMet(const Order& order) {
  return order.appointments_size() > 0 &&
         order.appointments(order.appointments_size() - 1).state() ==
             fitting::v1::APPOINTMENT_STATE_NOSHOW;
}

Result Unchanged() { return chassis::Decision<Record>::Unchanged(); }

}  // namespace

absl::StatusOr<int> AttemptOf(absl::string_view order_name) {
  int attempt = 0;
  const size_t cut = order_name.rfind('-');
  if (cut == absl::string_view::npos || !absl::SimpleAtoi(order_name.substr(cut + 1), &attempt) ||
      attempt < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", order_name, "' is no order of an application's attempt"));
  }
  return attempt;
}

Result DecideDispatchAccepted(const Record& record, const Round& round, const Act& act) {
  if (!IsLegal(StateOf(record), Move::kDispatchAccepted)) {
    return Forbidden(record, Move::kDispatchAccepted);
  }
  const storage::v1::VendorSearch& search = record.vendor_search();
  // The attempt that runs already: its order was faster than this fact.
  if (round.attempt() <= search.attempt()) return Unchanged();
  Change change(record, Move::kDispatchAccepted, act);
  Follow(change.record(), round.attempt());
  v1::Service* service = change.application().mutable_service();
  service->Clear();
  service->set_vendor(round.vendor());
  service->set_vendor_name(round.vendor_name());
  change.Enter(v1::APPLICATION_STATE_DISPATCHED, Party::kVendor);
  change.Tell(Line::kVendorAccepted, {Text{round.vendor_name(), round.vendor_name()}});
  return change.Publish<v1::ApplicationProgressed>();
}

Result DecideDispatchExhausted(const Record& record, const Round& round, const Act& act) {
  if (!IsLegal(StateOf(record), Move::kDispatchExhausted)) {
    return Forbidden(record, Move::kDispatchExhausted);
  }
  if (IsOlder(record.vendor_search(), round.attempt())) return Unchanged();
  Change change(record, Move::kDispatchExhausted, act);
  GiveUp(change.record(), round.attempt());
  if (round.has_manual_due_time()) {
    const absl::Time due = chassis::ToTime(round.manual_due_time());
    change.Enter(v1::APPLICATION_STATE_APPROVED, Party::kPrefectureDispatchDesk,
                 Deadline{due, MomentText(due)});
  } else {
    change.Enter(v1::APPLICATION_STATE_APPROVED, Party::kPrefectureDispatchDesk);
  }
  change.Tell(Line::kManualQueue);
  return change.Publish<v1::ApplicationProgressed>();
}

Result DecideDispatchFailed(const Record& record, const Round& round, const std::string& reason,
                            const Rules& rules, const Act& act) {
  if (!IsLegal(StateOf(record), Move::kDispatchFailed)) {
    return Forbidden(record, Move::kDispatchFailed);
  }
  if (IsOlder(record.vendor_search(), round.attempt())) return Unchanged();
  Change change(record, Move::kDispatchFailed, act);
  if (IsStopping(record)) return FinishStopping(change, round.attempt(), rules);
  GiveUp(change.record(), round.attempt());
  EndWith(change, v1::APPLICATION_STATE_UNSERVED, EndReason::kNoVendor, reason);
  change.Tell(Line::kNoVendorFound, {}, reason);
  return change.Publish<v1::ApplicationEnded>();
}

Result DecideDispatchCancelled(const Record& record, const Round& round, const Rules& rules,
                               const Act& act) {
  if (!IsLegal(StateOf(record), Move::kDispatchCancelled)) {
    return Forbidden(record, Move::kDispatchCancelled);
  }
  if (round.attempt() < record.vendor_search().from_attempt()) return Unchanged();
  Change change(record, Move::kDispatchCancelled, act);
  return FinishStopping(change, round.attempt(), rules);
}

Result DecideDispatchRecalled(const Record& record, const Round& round, const Rules& rules,
                              const Act& act) {
  if (!IsLegal(StateOf(record), Move::kDispatchRecalled)) {
    return Forbidden(record, Move::kDispatchRecalled);
  }
  const storage::v1::VendorSearch& search = record.vendor_search();
  if (round.attempt() < search.from_attempt()) return Unchanged();
  Change change(record, Move::kDispatchRecalled, act);
  // The order of this very attempt was given back meanwhile: nothing runs, and nothing will.
  if (round.attempt() <= search.attempt() && search.attempt_over()) {
    return FinishStopping(change, round.attempt(), rules);
  }
  if (round.attempt() > search.attempt()) Follow(change.record(), round.attempt());
  change.record().mutable_vendor_search()->set_recalled(true);
  change.Tell(Line::kVendorAskedToStop);
  return change.Publish<v1::ApplicationProgressed>();
}

Result DecideOrderOpened(const Record& record, const Order& order, const Act& act) {
  if (!IsLegal(StateOf(record), Move::kOrderOpened)) return Forbidden(record, Move::kOrderOpened);
  const absl::StatusOr<int> attempt = AttemptOf(order.name());
  if (!attempt.ok()) return attempt.status();
  const storage::v1::VendorSearch& search = record.vendor_search();
  if (IsStale(search, *attempt)) return Unchanged();
  // A repeat, or a fact that its own order has overtaken.
  if (record.application().service().order() == order.name()) return Unchanged();
  Change change(record, Move::kOrderOpened, act);
  Follow(change.record(), *attempt);
  SetService(change.application(), order);
  EnterUnbooked(change, order);
  const v1::Holder& holder = change.application().holder();
  change.Tell(Line::kOrderOpened, {Text{order.vendor_name(), order.vendor_name()},
                                   Text{holder.due_text_zh(), holder.due_text_en()}});
  return change.Publish<v1::ApplicationProgressed>();
}

Result DecideOrderScheduled(const Record& record, const Order& order, const Act& act) {
  if (!IsLegal(StateOf(record), Move::kOrderScheduled)) {
    return Forbidden(record, Move::kOrderScheduled);
  }
  const absl::StatusOr<int> attempt = AttemptOf(order.name());
  if (!attempt.ok()) return attempt.status();
  if (IsStale(record.vendor_search(), *attempt)) return Unchanged();
  const bool moved = StateOf(record) == v1::APPLICATION_STATE_SCHEDULED &&
                     *attempt == record.vendor_search().attempt();
  Change change(record, Move::kOrderScheduled, act);
  Follow(change.record(), *attempt);
  SetService(change.application(), order);
  if (!change.application().service().has_visit_time()) {
    return absl::InvalidArgumentError(absl::StrCat(order.name(), " has no booked visit"));
  }
  const absl::Time visit = chassis::ToTime(change.application().service().visit_time());
  change.Enter(v1::APPLICATION_STATE_SCHEDULED, Party::kVendor, Deadline{visit, VisitText(visit)});
  change.Tell(moved ? Line::kVisitMoved : Line::kVisitBooked, {VisitText(visit)});
  return change.Publish<v1::ApplicationProgressed>();
}

Result DecideOrderUnscheduled(const Record& record, const Order& order, const Act& act) {
  if (!IsLegal(StateOf(record), Move::kOrderUnscheduled)) {
    return Forbidden(record, Move::kOrderUnscheduled);
  }
  const absl::StatusOr<int> attempt = AttemptOf(order.name());
  if (!attempt.ok()) return attempt.status();
  if (IsStale(record.vendor_search(), *attempt)) return Unchanged();
  Change change(record, Move::kOrderUnscheduled, act);
  Follow(change.record(), *attempt);
  SetService(change.application(), order);
  EnterUnbooked(change, order);
  if (NobodyWasMet(order)) {
    const std::string times = absl::StrCat(order.no_shows());
    change.Tell(Line::kNobodyMet, {Text{times, times}});
  } else {
    change.Tell(Line::kVisitCancelled);
  }
  return change.Publish<v1::ApplicationProgressed>();
}

Result DecideOrderCompleted(const Record& record, const Order& order, const Rules& rules,
                            const Act& act) {
  if (!IsLegal(StateOf(record), Move::kOrderCompleted)) {
    return Forbidden(record, Move::kOrderCompleted);
  }
  const absl::StatusOr<int> attempt = AttemptOf(order.name());
  if (!attempt.ok()) return attempt.status();
  if (IsStale(record.vendor_search(), *attempt)) return Unchanged();
  const absl::StatusOr<Deadline> due = DeadlineOf(rules.limits.receipt, act.now, rules.calendar);
  if (!due.ok()) return due.status();
  Change change(record, Move::kOrderCompleted, act);
  Follow(change.record(), *attempt);
  const google::protobuf::Timestamp visit_time = record.application().service().visit_time();
  SetService(change.application(), order);
  v1::Service* service = change.application().mutable_service();
  if (record.application().service().has_visit_time()) *service->mutable_visit_time() = visit_time;
  const std::string& serial = order.hand_over().serial_number();
  service->set_serial_number(serial);
  service->set_invoice_fen(order.hand_over().invoice_fen());
  change.Enter(v1::APPLICATION_STATE_FITTED, Party::kApplicant, *due);
  change.RunTimer(kReceiptTimer, due->at);
  change.Tell(Line::kHandedOver, {Text{serial, serial}, due->text});
  if (StateOf(record) == v1::APPLICATION_STATE_TRANSFERRING) {
    CloseTransfer(change, v1::TRANSFER_RESULT_TOO_LATE);
    change.Tell(Line::kTransferTooLate);
  } else if (IsStopping(record)) {
    change.application().clear_outcome();
    change.record().clear_outcome_note();
    change.Tell(Line::kWithdrawalTooLate);
  }
  return change.Publish<v1::ApplicationProgressed>();
}

Result DecideOrderCancelled(const Record& record, const Order& order, const Rules& rules,
                            const Act& act) {
  if (!IsLegal(StateOf(record), Move::kOrderCancelled)) {
    return Forbidden(record, Move::kOrderCancelled);
  }
  const absl::StatusOr<int> attempt = AttemptOf(order.name());
  if (!attempt.ok()) return attempt.status();
  if (IsOlder(record.vendor_search(), *attempt)) return Unchanged();
  Change change(record, Move::kOrderCancelled, act);
  return FinishStopping(change, *attempt, rules);
}

Result DecideOrderReturned(const Record& record, const Order& order, const Rules& rules,
                           const Act& act) {
  if (!IsLegal(StateOf(record), Move::kOrderReturned)) {
    return Forbidden(record, Move::kOrderReturned);
  }
  const absl::StatusOr<int> attempt = AttemptOf(order.name());
  if (!attempt.ok()) return attempt.status();
  if (IsStale(record.vendor_search(), *attempt)) return Unchanged();
  Change change(record, Move::kOrderReturned, act);
  GiveUp(change.record(), *attempt);
  if (IsStopping(record)) {
    if (record.vendor_search().recalled()) return FinishStopping(change, *attempt, rules);
    change.Tell(Line::kVendorAskedToStop);
  } else {
    change.Enter(v1::APPLICATION_STATE_APPROVED, Party::kDispatch);
    change.Tell(Line::kAnotherVendorAsked);
  }
  return change.Publish<v1::ApplicationProgressed>();
}

Result DecideOrderAbandoned(const Record& record, const Order& order, const Rules& rules,
                            const Act& act) {
  if (!IsLegal(StateOf(record), Move::kOrderAbandoned)) {
    return Forbidden(record, Move::kOrderAbandoned);
  }
  const absl::StatusOr<int> attempt = AttemptOf(order.name());
  if (!attempt.ok()) return attempt.status();
  if (IsStale(record.vendor_search(), *attempt)) return Unchanged();
  Change change(record, Move::kOrderAbandoned, act);
  if (IsStopping(record)) return FinishStopping(change, *attempt, rules);
  Follow(change.record(), *attempt);
  SetService(change.application(), order);
  EndWith(change, v1::APPLICATION_STATE_UNSERVED, EndReason::kNobodyMet);
  change.Tell(Line::kNobodyMetRepeatedly);
  return change.Publish<v1::ApplicationEnded>();
}

}  // namespace fuju::applications
