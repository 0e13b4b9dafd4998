#include "fitting/wiring.h"

#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"

#include "fitting/names.h"

namespace fuju::fitting {
namespace {

template <typename Record>
chassis::AggregateKind<Record> Kind(std::string kind, std::string (*name)(const std::string&),
                                    chassis::Footprint (*footprint)(const std::string&,
                                                                    const Record&)) {
  return {
      .kind = std::move(kind),
      .name = [name](std::string_view id) { return name(std::string(id)); },
      .route = [](std::string_view id) { return VendorOf(std::string(id)); },
      .footprint = [footprint](std::string_view id,
                               const Record& record) { return footprint(std::string(id), record); },
  };
}

chassis::AggregateKind<OrderRecord> OrderKind(FittingMetrics* metrics) {
  chassis::AggregateKind<OrderRecord> kind = Kind("order", OrderName, OrderFootprint);
  kind.on_change = [metrics](const OrderRecord& before, const OrderRecord& after) {
    metrics->Count(before, after);
  };
  return kind;
}

}  // namespace

FittingStores::FittingStores(chassis::RawStore* store, FittingMetrics* metrics)
    : technicians(store, Kind<TechnicianRecord>("technician", TechnicianName, TechnicianFootprint)),
      orders(store, OrderKind(metrics)) {}

std::string SerialNumberName(const std::string& serial_number) {
  return absl::StrCat("serial:", serial_number);
}

chassis::UniqueNames::Ask AskOrders(const FittingStores* stores) {
  using Standing = chassis::UniqueNames::Standing;
  constexpr absl::Duration kPatience = absl::Seconds(2);
  return [stores](const std::string& name, const std::string& holder,
                  std::function<void(absl::StatusOr<Standing>)> answer) {
    const std::optional<std::string> id = OrderIdOf(holder);
    if (!id.has_value()) return answer(Standing::kGone);
    stores->orders.Get(
        *id, absl::Now() + kPatience,
        [name, answer = std::move(answer)](
            const absl::StatusOr<chassis::Versioned<storage::v1::OrderRecord>>& found) {
          if (!found.ok()) return answer(found.status());
          const v1::Order& order = found->state.order();
          if (order.state() == v1::ORDER_STATE_COMPLETED) {
            const bool handed_over = SerialNumberName(order.hand_over().serial_number()) == name;
            return answer(handed_over ? Standing::kHolds : Standing::kGone);
          }
          // A visit that is due may be about to end with the hand-over.
          answer(order.state() == v1::ORDER_STATE_SCHEDULED ? Standing::kPending : Standing::kGone);
        });
  };
}

}  // namespace fuju::fitting
