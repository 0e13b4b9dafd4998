#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "chassis/values/decision.h"
#include "fitting/names.h"
#include "fitting/order.h"
#include "fitting/technician.h"
#include "fuju/dispatch/v1/dispatch.pb.h"

// Technicians, visits and orders in given states, made by the decisions themselves.
namespace fuju::fitting::testing {

inline constexpr char kUscc[] = "91620102DEM0000146";
inline constexpr char kOtherUscc[] = "91620103DEM000022F";
inline constexpr char kApplicationId[] = "620102-01J9ZZZZZZZZZZZZZZZZZZZZZZ";

// Monday, 2026-01-05, 09:00 in Gansu.
inline const absl::Time kNow = absl::FromUnixSeconds(1'767'574'800);
// Tuesday 10:00: the visit of all samples.
inline const absl::Time kVisit = kNow + absl::Hours(25);
inline const absl::Time kVisitEnd = kVisit + absl::Hours(2);

inline v1::WorkingHours Hours(int weekday, int start_minute, int end_minute) {
  v1::WorkingHours hours;
  hours.set_weekday(weekday);
  hours.set_start_minute(start_minute);
  hours.set_end_minute(end_minute);
  return hours;
}

// Works Monday to Friday, 09:00 to 18:00, on everything.
inline v1::Technician SampleTechnician(const std::string& staff_number = "T1") {
  v1::Technician technician;
  technician.set_staff_number(staff_number);
  for (int weekday = 1; weekday <= 5; ++weekday) {
    *technician.add_working_hours() = Hours(weekday, 9 * 60, 18 * 60);
  }
  return technician;
}

// The state after a decision that must be taken; the version as the store counts it.
template <typename Record>
chassis::Versioned<Record> After(const chassis::Versioned<Record>& before,
                                 const absl::StatusOr<chassis::Decision<Record>>& decision) {
  if (!decision->changed) return before;
  return {decision->next, before.version + static_cast<int64_t>(decision->facts.size())};
}

// The one fact of a decision, as `FactMessage`; empty if it is of another type.
template <typename FactMessage, typename Record>
FactMessage FactOf(const absl::StatusOr<chassis::Decision<Record>>& decision) {
  const auto* fact = dynamic_cast<const FactMessage*>(decision->facts.at(0).get());
  return fact == nullptr ? FactMessage() : *fact;
}

inline VisitRequest VisitBy(const v1::Technician& technician, absl::Time start = kVisit,
                            const std::string& uscc = kUscc) {
  const std::string id = TechnicianId(uscc, technician.staff_number());
  return {.technician_id = id,
          .technician = After<TechnicianRecord>({}, RegisterTechnician({}, id, technician, kNow)),
          .start = start};
}

inline VisitRequest VisitAt(absl::Time start) { return VisitBy(SampleTechnician(), start); }

inline fuju::dispatch::v1::Round AcceptedRound() {
  fuju::dispatch::v1::Round round;
  round.set_name(absl::StrCat("rounds/", kApplicationId));
  round.set_application(absl::StrCat("applications/", kApplicationId));
  round.set_attempt(1);
  round.set_offer(absl::StrCat("vendors/", kUscc, "/offers/", kApplicationId, "-1"));
  round.set_vendor(absl::StrCat("vendors/", kUscc));
  round.set_vendor_name("演示服务商");
  round.set_county_code("620102");
  round.set_item_code("M01");
  round.set_device_division("122203");
  return round;
}

inline std::string SampleOrderId() { return OrderId(kUscc, kApplicationId, 1); }

inline v1::HandOver SampleHandOver(const std::string& serial_number = "SN-1") {
  v1::HandOver hand_over;
  hand_over.set_serial_number(serial_number);
  hand_over.set_signature_sha256(std::string(64, 'a'));
  hand_over.set_signature_method("handwritten");
  hand_over.set_training_done(true);
  return hand_over;
}

inline chassis::Versioned<OrderRecord> Booked(const chassis::Versioned<OrderRecord>& order,
                                              absl::Time start = kVisit,
                                              const OrderRules& rules = {}) {
  return After(order, BookVisit(order, SampleOrderId(), VisitAt(start), kNow, rules));
}

inline chassis::Versioned<OrderRecord> Missed(const chassis::Versioned<OrderRecord>& order,
                                              absl::Time now = kVisit,
                                              const OrderRules& rules = {}) {
  return After(order, ReportNoShow(order, SampleOrderId(), "无人在家", now, rules));
}

// An order brought into `state` the shortest way; a booked visit is at kVisit.
inline chassis::Versioned<OrderRecord> OrderIn(v1::OrderState state) {
  const std::string id = SampleOrderId();
  const OrderRules rules;
  const chassis::Versioned<OrderRecord> none;
  const auto open = After(none, OpenOrder(none, AcceptedRound(), kNow, rules));
  const auto scheduled = Booked(open);
  switch (state) {
    case v1::ORDER_STATE_OPEN:
      return open;
    case v1::ORDER_STATE_SCHEDULED:
      return scheduled;
    case v1::ORDER_STATE_COMPLETED:
      return After(scheduled, CompleteOrder(scheduled, id, SampleHandOver(), kVisit, rules));
    case v1::ORDER_STATE_CANCELLED:
      return After(open, RecallOrder(open, id, kNow));
    case v1::ORDER_STATE_RETURNED:
      return After(open, ReturnOrder(open, id, "缺货", kNow));
    case v1::ORDER_STATE_ABANDONED:
      return Missed(Booked(Missed(scheduled), kVisit + absl::Hours(24)), kVisit + absl::Hours(24));
    default:
      return none;
  }
}

}  // namespace fuju::fitting::testing
