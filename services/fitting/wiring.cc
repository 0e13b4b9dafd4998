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

}  // namespace fuju::fitting
