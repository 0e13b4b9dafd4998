#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "applications/application.h"
#include "fuju/dispatch/v1/dispatch.pb.h"
#include "fuju/fitting/v1/fitting.pb.h"

namespace fuju::applications {

// What the vendor side does to an approved application. The facts come from the dispatch service
// and from orders in several vendors' partitions, and are ordered within a round and within an
// order only. Each attempt to have the job done has a number that rises; by it
//   - a fact of an attempt older than the newest one heard of has no effect,
//   - so has one of an attempt that came to nothing (an order given back),
//   - a fact of a newer attempt implies that the older ones are over.
// After a transfer the new county's search goes on counting, so a fact of the old one is older.
// "Withdrawal" means a transfer or termination as well, which stop the vendor side the same way.
// All of them have no effect on an application that is FITTED or later, or has ended.

// A vendor took the job.
Result DecideDispatchAccepted(const Record& record, const dispatch::v1::Round& round,
                              const Act& act);
// No vendor is left; the prefecture arranges it by hand. The state stays, the holder changes.
Result DecideDispatchExhausted(const Record& record, const dispatch::v1::Round& round,
                               const Act& act);
// Nobody could be found, also by hand.
Result DecideDispatchFailed(const Record& record, const dispatch::v1::Round& round,
                            const std::string& reason, const Rules& rules, const Act& act);
// The search stopped because of the withdrawal; no vendor has the job.
Result DecideDispatchCancelled(const Record& record, const dispatch::v1::Round& round,
                               const Rules& rules, const Act& act);
// The job is being taken back from the vendor because of the withdrawal; its order tells the rest.
Result DecideDispatchRecalled(const Record& record, const dispatch::v1::Round& round,
                              const Rules& rules, const Act& act);

// The attempt that an order belongs to: the number at the end of its name,
// "vendors/<uscc>/orders/<application id>-<attempt>". INVALID_ARGUMENT for another form.
absl::StatusOr<int> AttemptOf(absl::string_view order_name);

// The vendor has an order: from now on a visit can be booked with it.
Result DecideOrderOpened(const Record& record, const fitting::v1::Order& order, const Act& act);
// A visit is booked, or moved.
Result DecideOrderScheduled(const Record& record, const fitting::v1::Order& order, const Act& act);
// The booked visit was cancelled, or nobody was met.
Result DecideOrderUnscheduled(const Record& record, const fitting::v1::Order& order,
                              const Act& act);
// Handed over. It wins over a withdrawal that is on its way.
Result DecideOrderCompleted(const Record& record, const fitting::v1::Order& order,
                            const Rules& rules, const Act& act);
// Stopped because of the withdrawal.
Result DecideOrderCancelled(const Record& record, const fitting::v1::Order& order,
                            const Rules& rules, const Act& act);
// Given back by the vendor: another one is asked, or the withdrawal is through.
Result DecideOrderReturned(const Record& record, const fitting::v1::Order& order,
                           const Rules& rules, const Act& act);
// Nobody was met at repeated visits.
Result DecideOrderAbandoned(const Record& record, const fitting::v1::Order& order,
                            const Rules& rules, const Act& act);

}  // namespace fuju::applications
