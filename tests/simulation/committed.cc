#include "simulation/committed.h"

#include <utility>

#include "absl/strings/numbers.h"

#include "applications/wiring.h"
#include "catalogue/wiring.h"
#include "chassis/store/keys.h"
#include "dispatch/wiring.h"
#include "fitting/wiring.h"

namespace fuju::simulation {
namespace {

template <typename State>
Kind Untyped(const char* service, const chassis::AggregateKind<State>& kind) {
  return {.service = service,
          .kind = kind.kind,
          .make = [] { return std::make_unique<State>(); },
          .name = kind.name,
          .footprint =
              [footprint = kind.footprint](std::string_view id,
                                           const google::protobuf::Message& state) {
                return footprint(id, static_cast<const State&>(state));
              }};
}

}  // namespace

bool ParseKey(std::string_view key, std::string& service, int& partition, std::string& rest) {
  constexpr std::string_view kPrefix = "fuju:";
  constexpr std::string_view kTag = ":{p";
  if (!key.starts_with(kPrefix)) return false;
  const size_t tag = key.find(kTag);
  const size_t end = key.find("}:", tag);
  if (tag == std::string_view::npos || end == std::string_view::npos) return false;
  service = std::string(key.substr(kPrefix.size(), tag - kPrefix.size()));
  rest = std::string(key.substr(end + 2));
  const std::string_view number = key.substr(tag + kTag.size(), end - tag - kTag.size());
  return absl::SimpleAtoi(absl::string_view(number.data(), number.size()), &partition);
}

Committed::Committed(Commons* commons) {
  kinds_.push_back(Untyped("applications", applications::ApplicationKind()));
  // The kinds only: nothing is asked of the stores.
  const catalogue::CatalogueStores catalogue(nullptr, &commons->catalogue_metrics);
  kinds_.push_back(Untyped("catalogue", catalogue.versions.kind()));
  kinds_.push_back(Untyped("catalogue", catalogue.books.kind()));
  kinds_.push_back(Untyped("catalogue", catalogue.grants.kind()));
  kinds_.push_back(Untyped("catalogue", catalogue.beneficiaries.kind()));
  const dispatch::DispatchStores dispatch(nullptr, &commons->dispatch_metrics);
  kinds_.push_back(Untyped("dispatch", dispatch.vendors.kind()));
  kinds_.push_back(Untyped("dispatch", dispatch.rounds.kind()));
  kinds_.push_back(Untyped("dispatch", dispatch.offers.kind()));
  const fitting::FittingStores fitting(nullptr, &commons->fitting_metrics);
  kinds_.push_back(Untyped("fitting", fitting.technicians.kind()));
  kinds_.push_back(Untyped("fitting", fitting.orders.kind()));
}

Aggregate* Committed::Find(const Slot& slot) {
  const auto found = aggregates_.find(&slot);
  if (found != aggregates_.end()) return found->second.get();

  auto& aggregate = aggregates_[&slot];
  std::string service;
  std::string rest;
  int partition = 0;
  const auto key = chassis::Keys::ParseAggregate(slot.key);
  if (!key.has_value() || !ParseKey(slot.key, service, partition, rest)) return nullptr;
  for (const Kind& kind : kinds_) {
    if (kind.service != service || kind.kind != key->kind) continue;
    aggregate = std::make_unique<Aggregate>();
    aggregate->kind = &kind;
    aggregate->id = std::string(key->id);
    aggregate->name = kind.name(aggregate->id);
    aggregate->partition = partition;
    by_kind_[kind.kind][aggregate->id] = aggregate.get();
  }
  return aggregate.get();
}

}  // namespace fuju::simulation
