#include "applications/wiring.h"

#include <memory>
#include <utility>

#include "applications/footprint.h"
#include "chassis/values/refusal.h"

namespace fuju::applications {
namespace {

absl::string_view View(std::string_view text) {
  return absl::string_view(text.data(), text.size());
}

}  // namespace

chassis::AggregateKind<Record> ApplicationKind() {
  return chassis::AggregateKind<Record>{
      .kind = "application",
      .name = [](std::string_view id) { return NameOf(View(id)); },
      .route = [](std::string_view id) { return RouteOf(View(id)); },
      .footprint = [](std::string_view id,
                      const Record& record) { return FootprintOf(View(id), record); },
  };
}

void Wiring::Create(std::string id, chassis::Command command, Decide decide,
                    Store::Done done) const {
  command.presumes_new = true;
  Update(std::move(id), std::move(command), Move::kUpdate, std::move(decide), std::move(done),
         true);
}

void Wiring::Change(std::string id, chassis::Command command, Move move, Decide decide,
                    Store::Done done) const {
  Update(std::move(id), std::move(command), move, std::move(decide), std::move(done), false);
}

void Wiring::Update(std::string id, chassis::Command command, Move move, Decide decide,
                    Store::Done done, bool make) const {
  // What the last run of the decision found and did. Runs are ordered by the store.
  struct Run {
    ApplicationState before = v1::APPLICATION_STATE_UNSPECIFIED;
    bool changed = false;
  };
  auto run = std::make_shared<Run>();
  std::string name = NameOf(id);
  const std::string actor = command.actor;
  store_.Update(
      std::move(id), std::move(command),
      [this, run, name, actor, make,
       decide = std::move(decide)](const chassis::Versioned<Record>& current) -> Result {
        if (!make && !current.exists()) return chassis::NotFound(name);
        if (make && current.exists()) {
          return absl::InternalError(name + " was made twice");
        }
        Result decision = decide(current.state, Act{clock_->Now(), actor});
        run->before = current.state.application().state();
        run->changed = decision.ok() && decision->changed;
        return decision;
      },
      [this, run, move, done = std::move(done)](absl::StatusOr<chassis::Committed<Record>> made) {
        if (made.ok() && !made->repeated && run->changed) {
          metrics_->Count(move, run->before, made->state.application());
        }
        done(std::move(made));
      });
}

}  // namespace fuju::applications
