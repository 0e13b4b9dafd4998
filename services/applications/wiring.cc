#include "applications/wiring.h"

#include <memory>
#include <utility>

#include "absl/time/clock.h"

#include "applications/draft_decisions.h"
#include "applications/footprint.h"
#include "chassis/values/refusal.h"

namespace fuju::applications {
namespace {

absl::string_view View(std::string_view text) {
  return absl::string_view(text.data(), text.size());
}

}  // namespace

chassis::AggregateKind<Record> ApplicationKind(const chassis::UniqueNames* open_claims) {
  return chassis::AggregateKind<Record>{
      .kind = "application",
      .name = [](std::string_view id) { return NameOf(View(id)); },
      .route = [](std::string_view id) { return CountyOf(View(id)); },
      .footprint = [](std::string_view id,
                      const Record& record) { return FootprintOf(View(id), record); },
      .on_change =
          [open_claims](const Record& /*before*/, const Record& after) {
            const v1::Application& application = after.application();
            if (!IsFinal(application.state())) return;
            // If it fails, whoever needs the name takes it over.
            open_claims->Release(OpenClaimOf(application), IdOf(application.name()),
                                 [](const absl::Status&) {});
          },
  };
}

chassis::UniqueNames::Ask AskApplications(chassis::RawStore* store) {
  using Standing = chassis::UniqueNames::Standing;
  constexpr absl::Duration kPatience = absl::Seconds(2);
  return [applications = chassis::AggregateStore<Record>(store, ApplicationKind(nullptr))](
             const std::string& name, const std::string& holder,
             std::function<void(absl::StatusOr<Standing>)> answer) {
    applications.Get(
        holder, absl::Now() + kPatience,
        [name, answer = std::move(answer)](absl::StatusOr<chassis::Versioned<Record>> found) {
          if (!found.ok()) return answer(found.status());
          const v1::Application& application = found->state.application();
          // A draft may be about to be handed in.
          if (!found->exists() || IsLegal(application.state(), Move::kSubmit)) {
            return answer(Standing::kPending);
          }
          const bool holds = !IsFinal(application.state()) && OpenClaimOf(application) == name;
          answer(holds ? Standing::kHolds : Standing::kGone);
        });
  };
}

void Wiring::Create(std::string id, chassis::Command command, Decide decide,
                    Store::Done done) const {
  Update(std::move(id), std::move(command), Move::kUpdate, nullptr, std::move(decide),
         std::move(done), true);
}

void Wiring::Change(std::string id, chassis::Command command, Move move, Decide decide,
                    Store::Done done) const {
  Update(std::move(id), std::move(command), move, nullptr, std::move(decide), std::move(done),
         false);
}

void Wiring::Submit(std::string id, chassis::Command command, Store::Done done) const {
  auto claim = [this, id](const chassis::Versioned<Record>& current,
                          std::function<void(absl::Status)> ready) {
    // Handed in already, or not there: no name is needed for a refusal, or a repeat.
    if (!current.exists() || !IsLegal(current.state.application().state(), Move::kSubmit)) {
      return ready(absl::OkStatus());
    }
    open_claims_->Claim(OpenClaimOf(current.state.application()), id, std::move(ready));
  };
  Update(std::move(id), std::move(command), Move::kSubmit, std::move(claim), DecideSubmit,
         std::move(done), false);
}

void Wiring::Update(std::string id, chassis::Command command, Move move, Store::Prepare prepare,
                    Decide decide, Store::Done done, bool make) const {
  // What the last run of the decision found and did. Runs are ordered by the store.
  struct Run {
    ApplicationState before = v1::APPLICATION_STATE_UNSPECIFIED;
    bool changed = false;
  };
  auto run = std::make_shared<Run>();
  std::string name = NameOf(id);
  const std::string actor = command.actor;
  store_.Update(
      std::move(id), std::move(command), std::move(prepare),
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
