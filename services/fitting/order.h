#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "chassis/values/decision.h"
#include "fitting/calendar.h"
#include "fitting/technician.h"
#include "fuju/dispatch/v1/dispatch.pb.h"
#include "fuju/fitting/storage/v1/fitting_records.pb.h"
#include "fuju/fitting/v1/fitting.pb.h"

namespace fuju::fitting {

using storage::v1::OrderRecord;
using OrderDecision = absl::StatusOr<chassis::Decision<OrderRecord>>;

// What can happen to an order.
enum class OrderMove {
  kBook,          // BookAppointment
  kReschedule,    // RescheduleAppointment
  kCancelVisit,   // CancelAppointment
  kNoShow,        // ReportNoShow
  kComplete,      // CompleteOrder
  kReturn,        // ReturnOrder
  kRecall,        // the applicant withdrew (DispatchRecalled)
  kBookingLimit,  // no visit was booked in time
};

// The table of legal moves; services/fitting/README.md shows it. All other states are final.
//
//   move          from OPEN   from SCHEDULED
//   Book          SCHEDULED   -
//   Reschedule    -           SCHEDULED
//   CancelVisit   -           OPEN
//   NoShow        -           OPEN, at the limit ABANDONED
//   Complete      -           COMPLETED
//   Return        RETURNED    RETURNED
//   Recall        CANCELLED   CANCELLED
//   BookingLimit  RETURNED    -
bool IsLegal(v1::OrderState state, OrderMove move);
// Commands that are legal in a state, as RPC names.
std::vector<std::string> LegalCommands(v1::OrderState state);

// Settings of the rules of orders.
struct OrderRules {
  SlotGrid grid;
  // A visit has to be booked within this time after the order came or lost its visit [D].
  absl::Duration booking_limit = absl::Hours(72);
  // A visit may lie at most so far ahead [D].
  absl::Duration booking_horizon = absl::Hours(60 * 24);
  // At this number of visits with nobody met the order is abandoned [D].
  int no_show_limit = 2;
  // How long before its start a visit may be reported on [D].
  absl::Duration early_report = absl::ZeroDuration();
};

// A visit to be booked, with the technician as it was read before.
struct VisitRequest {
  std::string technician_id;
  chassis::Versioned<TechnicianRecord> technician;
  absl::Time start;
};

// A vendor accepted: opens its order. No effect if it exists.
OrderDecision OpenOrder(const chassis::Versioned<OrderRecord>& current,
                        const fuju::dispatch::v1::Round& round, absl::Time now,
                        const OrderRules& rules);

// Commands. NOT_FOUND (order or technician); FAILED_PRECONDITION STATE_FORBIDS, SLOT_OUTSIDE_HOURS,
// VENDOR_NOT_SUITABLE (technician of another vendor or class), VISIT_NOT_DUE. A slot that another
// order has taken is refused by the commit (CLAIM_HELD).
OrderDecision BookVisit(const chassis::Versioned<OrderRecord>& current, const std::string& order_id,
                        const VisitRequest& visit, absl::Time now, const OrderRules& rules);
OrderDecision MoveVisit(const chassis::Versioned<OrderRecord>& current, const std::string& order_id,
                        const VisitRequest& visit, const std::string& reason, absl::Time now,
                        const OrderRules& rules);
OrderDecision CancelVisit(const chassis::Versioned<OrderRecord>& current,
                          const std::string& order_id, const std::string& reason, absl::Time now,
                          const OrderRules& rules);
OrderDecision ReportNoShow(const chassis::Versioned<OrderRecord>& current,
                           const std::string& order_id, const std::string& reason, absl::Time now,
                           const OrderRules& rules);
OrderDecision CompleteOrder(const chassis::Versioned<OrderRecord>& current,
                            const std::string& order_id, const v1::HandOver& hand_over,
                            absl::Time now, const OrderRules& rules);
OrderDecision ReturnOrder(const chassis::Versioned<OrderRecord>& current,
                          const std::string& order_id, const std::string& reason, absl::Time now);

// The applicant withdrew. NOT_FOUND if there is no order; no effect in a final state: a hand-over
// that came first wins.
OrderDecision RecallOrder(const chassis::Versioned<OrderRecord>& current,
                          const std::string& order_id, absl::Time now);

// The timer kBookingTimer; no effect before it is due.
OrderDecision ReturnUnbookedOrder(const chassis::Versioned<OrderRecord>& current, absl::Time now);

// ALREADY_EXISTS, SLOT_TAKEN.
absl::Status SlotTaken();

inline constexpr char kBookingTimer[] = "booking";

// A vendor's orders in a state, newest first.
std::string OrderIndex(const std::string& uscc, v1::OrderState state);
// Busy times of a technician: member BusyMember, score start in ms.
std::string BusyIndex(const std::string& technician_id);
// "<start ms>-<end ms>|<order id>", and back.
std::string BusyMember(const Interval& visit, const std::string& order_id);
absl::StatusOr<Interval> ParseBusyMember(const std::string& member);

// Cells, busy times and timers of an order. A visit occupies its technician's time while it is
// booked: a cancelled one never takes place, and one that was reported on is over.
chassis::Footprint OrderFootprint(const std::string& order_id, const OrderRecord& record);

// "SCHEDULED": the state as an error names it.
std::string StateName(v1::OrderState state);
std::string StateName(v1::AppointmentState state);

}  // namespace fuju::fitting
