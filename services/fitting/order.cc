#include "fitting/order.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fitting/names.h"
#include "fuju/fitting/v1/fitting_events.pb.h"

namespace fuju::fitting {
namespace {

using chassis::Decision;
using chassis::ToTime;
using chassis::ToTimestamp;
using chassis::Versioned;

// Which states a move may leave.
struct MoveRule {
  OrderMove move;
  // RPC; empty for what no caller asks for.
  const char* command;
  bool from_open;
  bool from_scheduled;
};

constexpr std::array<MoveRule, 8> kMoves = {{
    {OrderMove::kBook, "BookAppointment", true, false},
    {OrderMove::kReschedule, "RescheduleAppointment", false, true},
    {OrderMove::kCancelVisit, "CancelAppointment", false, true},
    {OrderMove::kNoShow, "ReportNoShow", false, true},
    {OrderMove::kComplete, "CompleteOrder", false, true},
    {OrderMove::kReturn, "ReturnOrder", true, true},
    {OrderMove::kRecall, "", true, true},
    {OrderMove::kBookingLimit, "", true, false},
}};

const MoveRule& RuleOf(OrderMove move) {
  return *std::find_if(kMoves.begin(), kMoves.end(),
                       [move](const MoveRule& rule) { return rule.move == move; });
}

// The order as it is, or the refusal of a command.
absl::Status CheckMove(const Versioned<OrderRecord>& current, const std::string& order_id,
                       OrderMove move) {
  if (!current.exists()) return chassis::NotFound(OrderName(order_id));
  const v1::Order& order = current.state.order();
  if (IsLegal(order.state(), move)) return absl::OkStatus();
  return chassis::StateForbids(order.name(), RuleOf(move).command, StateName(order.state()),
                               LegalCommands(order.state()));
}

Interval TimeOf(const v1::Appointment& visit) {
  return {ToTime(visit.start_time()), ToTime(visit.end_time())};
}

// The next record in `state`, with its fact. The booking limit runs while OPEN.
template <typename FactMessage>
Decision<OrderRecord> Publish(OrderRecord next, v1::OrderState state, absl::Time now,
                              absl::Duration booking_limit = absl::ZeroDuration()) {
  v1::Order& order = *next.mutable_order();
  order.set_state(state);
  order.clear_booking_due_time();
  if (state == v1::ORDER_STATE_OPEN) {
    *order.mutable_booking_due_time() = ToTimestamp(now + booking_limit);
  }
  *order.mutable_update_time() = ToTimestamp(now);
  FactMessage fact;
  *fact.mutable_order() = order;
  Decision<OrderRecord> decision;
  decision.next = std::move(next);
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

absl::Status CheckVisit(const v1::Order& order, const VisitRequest& visit, absl::Time now,
                        const OrderRules& rules) {
  if (!visit.technician.exists()) {
    return chassis::NotFound(TechnicianName(visit.technician_id));
  }
  const v1::Technician& technician = visit.technician.state.technician();
  if (VendorOf(visit.technician_id) != order.vendor().substr(order.vendor().find('/') + 1) ||
      !Serves(technician, order.device_division())) {
    return chassis::Refusal(
               absl::StatusCode::kFailedPrecondition, "VENDOR_NOT_SUITABLE",
               "该技师不属于本单位或不服务此类器具",
               "the technician is of another vendor or does not serve this device class")
        .With("technician", technician.name())
        .Build();
  }
  if (visit.start > now + rules.booking_horizon) {
    const int64_t days = absl::ToInt64Hours(rules.booking_horizon) / 24;
    return chassis::Refusal(absl::StatusCode::kFailedPrecondition, "SLOT_OUTSIDE_HOURS",
                            absl::StrCat("最多可提前", days, "天预约"),
                            absl::StrCat("a visit may be booked at most ", days, " days ahead"))
        .Build();
  }
  return CheckSlot(technician, visit.start, now, rules.grid);
}

void AddVisit(OrderRecord& next, const VisitRequest& visit, const SlotGrid& grid) {
  v1::Order& order = *next.mutable_order();
  v1::Appointment& added = *order.add_appointments();
  added.set_sequence(order.appointments_size());
  added.set_state(v1::APPOINTMENT_STATE_BOOKED);
  added.set_technician(TechnicianName(visit.technician_id));
  *added.mutable_start_time() = ToTimestamp(visit.start);
  *added.mutable_end_time() = ToTimestamp(visit.start + grid.visit);
}

// The booked visit is always the last one.
const v1::Appointment* BookedVisit(const v1::Order& order) {
  if (order.appointments().empty()) return nullptr;
  const v1::Appointment& last = order.appointments(order.appointments_size() - 1);
  return last.state() == v1::APPOINTMENT_STATE_BOOKED ? &last : nullptr;
}

v1::Appointment* MutableBookedVisit(v1::Order& order) {
  if (BookedVisit(order) == nullptr) return nullptr;
  return order.mutable_appointments(order.appointments_size() - 1);
}

void CancelBooked(v1::Order& order, const std::string& reason) {
  v1::Appointment* visit = MutableBookedVisit(order);
  if (visit == nullptr) return;
  visit->set_state(v1::APPOINTMENT_STATE_CANCELLED);
  visit->set_reason(reason);
}

void ReportOnBooked(v1::Order& order, v1::AppointmentState result, const std::string& reason,
                    absl::Time now) {
  v1::Appointment* visit = MutableBookedVisit(order);
  if (visit == nullptr) return;
  visit->set_state(result);
  visit->set_reason(reason);
  *visit->mutable_report_time() = ToTimestamp(now);
}

absl::Status CheckDue(const v1::Order& order, absl::Time now, const OrderRules& rules) {
  const v1::Appointment& visit = order.appointments(order.appointments_size() - 1);
  if (now + rules.early_report >= ToTime(visit.start_time())) return absl::OkStatus();
  const std::string start = absl::FormatTime(absl::RFC3339_sec, ToTime(visit.start_time()),
                                             absl::FixedTimeZone(8 * 3600));
  return chassis::Refusal(absl::StatusCode::kFailedPrecondition, "VISIT_NOT_DUE",
                          absl::StrCat("上门时间为", start, "，届时才能登记结果"),
                          absl::StrCat("the visit is at ", start, ": report on it then"))
      .With("start_time", start)
      .Build();
}

}  // namespace

bool IsLegal(v1::OrderState state, OrderMove move) {
  const MoveRule& rule = RuleOf(move);
  return (state == v1::ORDER_STATE_OPEN && rule.from_open) ||
         (state == v1::ORDER_STATE_SCHEDULED && rule.from_scheduled);
}

std::vector<std::string> LegalCommands(v1::OrderState state) {
  std::vector<std::string> commands;
  for (const MoveRule& rule : kMoves) {
    if (*rule.command != '\0' && IsLegal(state, rule.move)) commands.emplace_back(rule.command);
  }
  return commands;
}

OrderDecision OpenOrder(const Versioned<OrderRecord>& current,
                        const fuju::dispatch::v1::Round& round, absl::Time now,
                        const OrderRules& rules) {
  if (current.exists()) return Decision<OrderRecord>::Unchanged();
  const std::optional<std::string> application = ApplicationIdOf(round.application());
  const std::optional<std::string> vendor = VendorIdOf(round.vendor());
  if (!application.has_value() || !vendor.has_value()) {
    return absl::InternalError(
        absl::StrCat("an accepted round without application or vendor: ", round.name()));
  }
  OrderRecord record;
  v1::Order& order = *record.mutable_order();
  order.set_name(OrderName(OrderId(*vendor, *application, round.attempt())));
  order.set_vendor(round.vendor());
  order.set_vendor_name(round.vendor_name());
  order.set_application(round.application());
  order.set_offer(round.offer());
  order.set_county_code(round.county_code());
  order.set_item_code(round.item_code());
  order.set_device_division(round.device_division());
  *record.mutable_create_time() = ToTimestamp(now);
  return Publish<v1::OrderOpened>(std::move(record), v1::ORDER_STATE_OPEN, now,
                                  rules.booking_limit);
}

OrderDecision BookVisit(const Versioned<OrderRecord>& current, const std::string& order_id,
                        const VisitRequest& visit, absl::Time now, const OrderRules& rules) {
  if (absl::Status s = CheckMove(current, order_id, OrderMove::kBook); !s.ok()) return s;
  if (absl::Status s = CheckVisit(current.state.order(), visit, now, rules); !s.ok()) return s;
  OrderRecord next = current.state;
  AddVisit(next, visit, rules.grid);
  return Publish<v1::OrderScheduled>(std::move(next), v1::ORDER_STATE_SCHEDULED, now);
}

OrderDecision MoveVisit(const Versioned<OrderRecord>& current, const std::string& order_id,
                        const VisitRequest& visit, const std::string& reason, absl::Time now,
                        const OrderRules& rules) {
  if (absl::Status s = CheckMove(current, order_id, OrderMove::kReschedule); !s.ok()) return s;
  if (absl::Status s = CheckVisit(current.state.order(), visit, now, rules); !s.ok()) return s;
  OrderRecord next = current.state;
  CancelBooked(*next.mutable_order(), reason);
  AddVisit(next, visit, rules.grid);
  return Publish<v1::OrderRescheduled>(std::move(next), v1::ORDER_STATE_SCHEDULED, now);
}

OrderDecision CancelVisit(const Versioned<OrderRecord>& current, const std::string& order_id,
                          const std::string& reason, absl::Time now, const OrderRules& rules) {
  if (absl::Status s = CheckMove(current, order_id, OrderMove::kCancelVisit); !s.ok()) return s;
  OrderRecord next = current.state;
  CancelBooked(*next.mutable_order(), reason);
  return Publish<v1::OrderUnscheduled>(std::move(next), v1::ORDER_STATE_OPEN, now,
                                       rules.booking_limit);
}

OrderDecision ReportNoShow(const Versioned<OrderRecord>& current, const std::string& order_id,
                           const std::string& reason, absl::Time now, const OrderRules& rules) {
  if (absl::Status s = CheckMove(current, order_id, OrderMove::kNoShow); !s.ok()) return s;
  if (absl::Status s = CheckDue(current.state.order(), now, rules); !s.ok()) return s;
  OrderRecord next = current.state;
  v1::Order& order = *next.mutable_order();
  ReportOnBooked(order, v1::APPOINTMENT_STATE_NOSHOW, reason, now);
  order.set_no_shows(order.no_shows() + 1);
  if (order.no_shows() < rules.no_show_limit) {
    return Publish<v1::OrderUnscheduled>(std::move(next), v1::ORDER_STATE_OPEN, now,
                                         rules.booking_limit);
  }
  order.set_reason(reason);
  return Publish<v1::OrderAbandoned>(std::move(next), v1::ORDER_STATE_ABANDONED, now);
}

OrderDecision CompleteOrder(const Versioned<OrderRecord>& current, const std::string& order_id,
                            const v1::HandOver& hand_over, absl::Time now,
                            const OrderRules& rules) {
  if (absl::Status s = CheckMove(current, order_id, OrderMove::kComplete); !s.ok()) return s;
  if (absl::Status s = CheckDue(current.state.order(), now, rules); !s.ok()) return s;
  OrderRecord next = current.state;
  v1::Order& order = *next.mutable_order();
  ReportOnBooked(order, v1::APPOINTMENT_STATE_FULFILLED, "", now);
  *order.mutable_hand_over() = hand_over;
  *order.mutable_hand_over()->mutable_time() = ToTimestamp(now);
  return Publish<v1::OrderCompleted>(std::move(next), v1::ORDER_STATE_COMPLETED, now);
}

OrderDecision ReturnOrder(const Versioned<OrderRecord>& current, const std::string& order_id,
                          const std::string& reason, absl::Time now) {
  if (absl::Status s = CheckMove(current, order_id, OrderMove::kReturn); !s.ok()) return s;
  OrderRecord next = current.state;
  CancelBooked(*next.mutable_order(), reason);
  next.mutable_order()->set_reason(reason);
  return Publish<v1::OrderReturned>(std::move(next), v1::ORDER_STATE_RETURNED, now);
}

OrderDecision RecallOrder(const Versioned<OrderRecord>& current, const std::string& order_id,
                          absl::Time now) {
  if (!current.exists()) return chassis::NotFound(OrderName(order_id));
  if (!IsLegal(current.state.order().state(), OrderMove::kRecall)) {
    return Decision<OrderRecord>::Unchanged();
  }
  constexpr char kReason[] = "申请人撤回申请 / the applicant withdrew";
  OrderRecord next = current.state;
  CancelBooked(*next.mutable_order(), kReason);
  next.mutable_order()->set_reason(kReason);
  return Publish<v1::OrderCancelled>(std::move(next), v1::ORDER_STATE_CANCELLED, now);
}

OrderDecision ReturnUnbookedOrder(const Versioned<OrderRecord>& current, absl::Time now) {
  const v1::Order& order = current.state.order();
  if (!current.exists() || !IsLegal(order.state(), OrderMove::kBookingLimit) ||
      now < ToTime(order.booking_due_time())) {
    return Decision<OrderRecord>::Unchanged();
  }
  OrderRecord next = current.state;
  next.mutable_order()->set_reason("逾期未预约上门 / no visit was booked in time");
  return Publish<v1::OrderReturned>(std::move(next), v1::ORDER_STATE_RETURNED, now);
}

absl::Status SlotTaken() {
  return chassis::Refusal(absl::StatusCode::kAlreadyExists, "SLOT_TAKEN",
                          "该时间已被预约，请用 FindSlots 另选",
                          "the slot is taken or partly taken: choose another by FindSlots")
      .Build();
}

std::string OrderIndex(const std::string& uscc, v1::OrderState state) {
  return absl::StrCat("orders:", uscc, ":", StateName(state));
}

std::string BusyIndex(const std::string& technician_id) {
  return absl::StrCat("busy:", technician_id);
}

std::string BusyMember(const Interval& visit, const std::string& order_id) {
  return absl::StrCat(absl::ToUnixMillis(visit.start), "-", absl::ToUnixMillis(visit.end), "|",
                      order_id);
}

absl::StatusOr<Interval> ParseBusyMember(const std::string& member) {
  const std::vector<std::string> parts = absl::StrSplit(member, absl::ByAnyChar("-|"));
  int64_t start = 0;
  int64_t end = 0;
  if (parts.size() < 3 || !absl::SimpleAtoi(parts[0], &start) ||
      !absl::SimpleAtoi(parts[1], &end)) {
    return absl::DataLossError(absl::StrCat("not a busy time: ", member));
  }
  return Interval{absl::FromUnixMillis(start), absl::FromUnixMillis(end)};
}

chassis::Footprint OrderFootprint(const std::string& order_id, const OrderRecord& record) {
  chassis::Footprint footprint;
  if (!record.has_order()) return footprint;
  const v1::Order& order = record.order();
  footprint.index.push_back({.index = OrderIndex(VendorOf(order_id), order.state()),
                             .member = order_id,
                             .score = chassis::ToMillis(record.create_time())});
  if (const v1::Appointment* visit = BookedVisit(order); visit != nullptr) {
    const Interval time = TimeOf(*visit);
    const std::string technician = TechnicianIdOf(visit->technician()).value_or("");
    footprint.index.push_back({.index = BusyIndex(technician),
                               .member = BusyMember(time, order_id),
                               .score = absl::ToUnixMillis(time.start)});
    for (std::string& cell : CellsOf(technician, time)) {
      footprint.claims.push_back({.name = std::move(cell)});
    }
  }
  if (order.has_booking_due_time()) {
    footprint.timers.push_back({.name = kBookingTimer, .due = ToTime(order.booking_due_time())});
  }
  return footprint;
}

std::string StateName(v1::OrderState state) {
  return std::string(absl::StripPrefix(v1::OrderState_Name(state), "ORDER_STATE_"));
}

std::string StateName(v1::AppointmentState state) {
  return std::string(absl::StripPrefix(v1::AppointmentState_Name(state), "APPOINTMENT_STATE_"));
}

}  // namespace fuju::fitting
