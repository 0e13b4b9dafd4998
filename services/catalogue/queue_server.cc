#include "catalogue/queue_server.h"

#include <utility>
#include <vector>

#include "catalogue/grant_change.h"
#include "catalogue/grant_queue.h"

namespace fuju::catalogue {
namespace {

// Cases for one call, and how often it is tried when others took the money meanwhile.
constexpr int kMostSteps = 200;
// Behind every moment.
constexpr int64_t kLatest = int64_t{1} << 53;

}  // namespace

// One call of Serve.
struct QueueServer::Run {
  std::string area;
  chassis::Command command;
  Done done;
  int steps = 0;
  FundsAtHand funds = {};
};

void QueueServer::Serve(std::string area, chassis::Command command, Done done) const {
  command.cause.reset();
  Next(std::make_shared<Run>(
      Run{.area = std::move(area), .command = std::move(command), .done = std::move(done)}));
}

void QueueServer::Next(std::shared_ptr<Run> run) const {
  if (++run->steps > kMostSteps)
    return run->done(absl::UnavailableError("more cases wait for money than one call serves"));
  funds_->Read(run->area, YearOf(stores_->Now()), run->command.deadline,
               [this, run](absl::StatusOr<FundsAtHand> funds) {
                 if (!funds.ok()) return run->done(funds.status());
                 if (funds->waiting == 0) return run->done(absl::OkStatus());
                 run->funds = *std::move(funds);
                 First(run);
               });
}

void QueueServer::First(std::shared_ptr<Run> run) const {
  stores_->raw()->RangeIndex(
      QueueIndex(run->area), run->area, 0, kLatest, 1, run->command.deadline,
      [this, run](absl::StatusOr<std::vector<chassis::IndexEntry>> first) {
        if (!first.ok()) return run->done(first.status());
        if (first->empty()) return run->done(absl::OkStatus());
        const std::string id = first->front().member;
        stores_->grants.Get(id, run->command.deadline,
                            [this, run, id](absl::StatusOr<chassis::Versioned<v1::Grant>> grant) {
                              if (!grant.ok()) return run->done(grant.status());
                              ServeOne(run, id, grant->state);
                            });
      });
}

void QueueServer::ServeOne(std::shared_ptr<Run> run, const std::string& id,
                           const v1::Grant& grant) const {
  const absl::Time now = stores_->Now();
  if (!MustDecideAnew(grant, now)) {
    return Commit(run, id,
                  [run, now](const auto& current) { return ServeGrant(current, run->funds, now); });
  }
  assessor_->Assess(
      ToApplication(grant), run->command,
      [this, run, id, now](absl::StatusOr<std::shared_ptr<const Assessment>> assessed) {
        if (!assessed.ok()) return run->done(assessed.status());
        Commit(run, id, [run, now, assessed = *assessed](const auto& current) {
          return ServeAnew(current, assessed->application, assessed->decision, run->funds, now);
        });
      });
}

void QueueServer::Commit(std::shared_ptr<Run> run, const std::string& id,
                         chassis::AggregateStore<v1::Grant>::Decide decide) const {
  stores_->grants.Update(id, run->command, std::move(decide),
                         [this, run](absl::StatusOr<chassis::Committed<v1::Grant>> committed) {
                           if (FundsChanged(committed.status())) return Next(run);
                           if (!committed.ok()) return run->done(committed.status());
                           const bool waits = committed->state.state() == v1::GRANT_STATE_QUEUED;
                           if (waits) return run->done(absl::OkStatus());
                           Next(run);
                         });
}

}  // namespace fuju::catalogue
