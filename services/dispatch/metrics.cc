#include "dispatch/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>

#include "dispatch/offer.h"
#include "dispatch/round.h"
#include "fuju/dispatch/v1/dispatch.pb.h"

namespace fuju::dispatch {

DispatchMetrics::DispatchMetrics(prometheus::Registry& registry) {
  auto& rounds = prometheus::BuildCounter()
                     .Name("fuju_dispatch_rounds_total")
                     .Help("Rounds that came into a state.")
                     .Register(registry);
  for (int s = v1::RoundState_MIN + 1; s <= v1::RoundState_MAX; ++s) {
    rounds_[s] = &rounds.Add({{"state", StateName(static_cast<v1::RoundState>(s))}});
  }
  auto& offers = prometheus::BuildCounter()
                     .Name("fuju_dispatch_offers_total")
                     .Help("Offers that came into a state.")
                     .Register(registry);
  for (int s = v1::OfferState_MIN + 1; s <= v1::OfferState_MAX; ++s) {
    offers_[s] = &offers.Add({{"state", StateName(static_cast<v1::OfferState>(s))}});
  }
  directory_vendors_ = &prometheus::BuildGauge()
                            .Name("fuju_dispatch_directory_vendors")
                            .Help("Vendors in the directory that matching reads.")
                            .Register(registry)
                            .Add({});
}

void DispatchMetrics::Count(const storage::v1::RoundRecord& round) {
  const auto found = rounds_.find(round.round().state());
  if (found != rounds_.end()) found->second->Increment();
}

void DispatchMetrics::Count(const storage::v1::OfferRecord& offer) {
  const auto found = offers_.find(offer.offer().state());
  if (found != offers_.end()) found->second->Increment();
}

void DispatchMetrics::SetDirectoryVendors(size_t vendors) {
  directory_vendors_->Set(static_cast<double>(vendors));
}

}  // namespace fuju::dispatch
