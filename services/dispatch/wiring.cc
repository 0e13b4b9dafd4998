#include "dispatch/wiring.h"

#include <string>
#include <string_view>

#include "dispatch/names.h"
#include "dispatch/offer.h"
#include "dispatch/round.h"
#include "dispatch/vendor.h"

namespace fuju::dispatch {
namespace {

template <typename Record>
chassis::AggregateKind<Record> Kind(std::string kind, std::string (*name)(const std::string&),
                                    std::string (*route)(const std::string&),
                                    chassis::Footprint (*footprint)(const std::string&,
                                                                    const Record&)) {
  return {
      .kind = std::move(kind),
      .name = [name](std::string_view id) { return name(std::string(id)); },
      .route = [route](std::string_view id) { return route(std::string(id)); },
      .footprint = [footprint](std::string_view id,
                               const Record& record) { return footprint(std::string(id), record); },
  };
}

std::string Itself(const std::string& id) { return id; }

template <typename Record>
chassis::AggregateKind<Record> Counted(chassis::AggregateKind<Record> kind,
                                       DispatchMetrics* metrics) {
  kind.on_change = [metrics](const Record&, const Record& after) { metrics->Count(after); };
  return kind;
}

}  // namespace

DispatchStores::DispatchStores(chassis::RawStore* store, DispatchMetrics* metrics)
    : vendors(store, Kind<VendorRecord>("vendor", VendorName, Itself, VendorFootprint)),
      rounds(store,
             Counted(Kind<RoundRecord>("round", RoundName, CountyOf, RoundFootprint), metrics)),
      offers(store,
             Counted(Kind<OfferRecord>("offer", OfferName, VendorOf, OfferFootprint), metrics)) {}

}  // namespace fuju::dispatch
