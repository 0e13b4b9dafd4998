#include "bench/baton.h"

#include <utility>

namespace fuju::bench {

using testing::v1::Baton;

chassis::AggregateKind<Baton> BatonKind() {
  return {.kind = "baton",
          .name =
              [](std::string_view id) {
                return absl::StrCat("batons/", absl::string_view(id.data(), id.size()));
              },
          .route = [](std::string_view id) { return std::string(id.substr(0, id.find('-'))); },
          .footprint = [](std::string_view /*id*/,
                          const Baton& /*state*/) { return chassis::Footprint(); }};
}

absl::StatusOr<chassis::Decision<Baton>> PassOn(const Baton& taken, int64_t started_ns,
                                                int64_t handled_ns) {
  chassis::Decision<Baton> decision;
  decision.next = taken;
  decision.next.set_steps(taken.steps() + 1);
  testing::v1::BatonPassed fact;
  *fact.mutable_baton() = decision.next;
  fact.set_started_ns(started_ns);
  fact.set_handled_ns(handled_ns);
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

Baton NewBaton(const std::string& id) {
  constexpr size_t kLoadBytes = 256;
  Baton baton;
  baton.set_name(absl::StrCat("batons/", id));
  baton.set_load(std::string(kLoadBytes, 'x'));
  return baton;
}

}  // namespace fuju::bench
