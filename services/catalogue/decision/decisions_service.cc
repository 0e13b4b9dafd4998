#include "catalogue/decision/decisions_service.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "catalogue/decision/simulation_run.h"
#include "chassis/values/refusal.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

// Runs at once: each has a page in memory, and all of them share one thread.
constexpr int kMostRuns = 8;
// A run sends a message for each page, whether or not the client has taken the last one.
constexpr size_t kRunBuffer = 4096;

absl::Status NoPlace() {
  constexpr absl::Duration kWait = absl::Seconds(30);
  return chassis::Refusal(absl::StatusCode::kResourceExhausted, "OVERLOADED",
                          absl::StrCat("已有", kMostRuns, "项复算或模拟在运行，请稍后再试"),
                          absl::StrCat(kMostRuns,
                                       " replays and simulations run already: repeat "
                                       "when one has ended"))
      .RetryAfter(kWait);
}

absl::Status PeriodReversed() {
  return chassis::InvalidFields().Field("to_date", "不得早于开始日期",
                                        "send a day that is not before from_date");
}

// Ends the walk when the stream is over, and gives its place back.
struct RunGuard {
  ~RunGuard() {
    if (walk != nullptr) walk->Cancel();
  }
  std::shared_ptr<GrantWalk> walk;
  std::shared_ptr<void> place;
};

std::vector<std::string> OfficesOf(const vocabulary::RegionTable& regions,
                                   const std::string& area_code) {
  std::vector<std::string> counties;
  const absl::StatusOr<vocabulary::RegionCode> area = vocabulary::RegionCode::Parse(area_code);
  if (!area.ok()) return counties;
  for (const vocabulary::Region& office : regions.ReviewingOffices()) {
    if (office.code.IsWithin(*area)) counties.push_back(office.code.digits());
  }
  return counties;
}

}  // namespace

DecisionsService::DecisionsService(chassis::CallGate* gate, const CatalogueStores* stores,
                                   const CatalogueFinder* finder,
                                   const vocabulary::RegionTable* regions, RunThread* thread)
    : gate_(gate),
      stores_(stores),
      finder_(finder),
      regions_(regions),
      policy_(PolicyOfOldVersions()),
      thread_(thread),
      pages_(stores),
      replayer_(finder, regions, &policy_) {}

grpc::ServerUnaryReactor* DecisionsService::ReplayDecision(grpc::CallbackServerContext* context,
                                                           const v1::ReplayDecisionRequest* request,
                                                           v1::DecisionReplay* response) {
  return gate_->Unary<v1::ReplayDecisionRequest, v1::DecisionReplay>(
      context, request, response,
      [this](const chassis::CallInfo& call, const v1::ReplayDecisionRequest& asked, auto done) {
        stores_->grants.Get(
            std::string(absl::StripPrefix(asked.name(), "grants/")), call.deadline,
            [this, name = asked.name(), deadline = call.deadline,
             done = std::move(done)](absl::StatusOr<chassis::Versioned<v1::Grant>> grant) {
              if (!grant.ok()) return done(grant.status());
              if (!grant->exists()) return done(chassis::NotFound(name));
              replayer_.Replay(std::move(grant->state), deadline, done);
            });
      });
}

grpc::ServerWriteReactor<v1::ReplayDecisionsResponse>* DecisionsService::ReplayDecisions(
    grpc::CallbackServerContext* context, const v1::ReplayDecisionsRequest* request) {
  return chassis::OpenWatch<v1::ReplayDecisionsRequest, v1::ReplayDecisionsResponse>(
      gate_, context, request, {.buffer = kRunBuffer},
      [this](const chassis::CallInfo&, const v1::ReplayDecisionsRequest& asked, ReplayFeed feed) {
        return BeginReplay(asked, std::move(feed));
      },
      nullptr);
}

grpc::ServerWriteReactor<v1::SimulateCatalogueResponse>* DecisionsService::SimulateCatalogue(
    grpc::CallbackServerContext* context, const v1::SimulateCatalogueRequest* request) {
  return chassis::OpenWatch<v1::SimulateCatalogueRequest, v1::SimulateCatalogueResponse>(
      gate_, context, request, {.buffer = kRunBuffer},
      [this](const chassis::CallInfo& call, const v1::SimulateCatalogueRequest& asked,
             SimulationFeed feed) { return BeginSimulation(call, asked, std::move(feed)); },
      nullptr);
}

std::shared_ptr<void> DecisionsService::BeginReplay(const v1::ReplayDecisionsRequest& asked,
                                                    ReplayFeed feed) {
  absl::StatusOr<GrantWalk::Order> order =
      OrderOf(asked.area_code(), asked.from_date(), asked.to_date());
  auto guard = std::make_shared<RunGuard>();
  guard->place = TakePlace();
  if (!order.ok() || guard->place == nullptr) {
    feed->End(order.ok() ? NoPlace() : order.status());
    return nullptr;
  }
  auto run = std::make_shared<ReplayRun>(&replayer_, thread_);
  guard->walk = std::make_shared<GrantWalk>(
      &pages_, thread_, *std::move(order),
      [run, feed](std::vector<v1::Grant> grants, const v1::RunProgress& progress,
                  std::function<void(absl::Status)> proceed) {
        run->Add(std::move(grants), [feed, progress, proceed = std::move(proceed)](
                                        absl::StatusOr<v1::ReplayDecisionsResponse> page) {
          if (!page.ok()) return proceed(page.status());
          *page->mutable_progress() = progress;
          feed->Push(*std::move(page));
          proceed(absl::OkStatus());
        });
      },
      [run, feed](const absl::Status& status, const v1::RunProgress& progress) {
        if (status.ok()) {
          v1::ReplayDecisionsResponse last = run->sums();
          *last.mutable_progress() = progress;
          feed->Push(std::move(last));
        }
        feed->End(status);
      });
  guard->walk->Start();
  return guard;
}

std::shared_ptr<void> DecisionsService::BeginSimulation(const chassis::CallInfo& call,
                                                        const v1::SimulateCatalogueRequest& asked,
                                                        SimulationFeed feed) {
  absl::StatusOr<GrantWalk::Order> order =
      OrderOf(asked.area_code(), asked.from_date(), asked.to_date());
  auto guard = std::make_shared<RunGuard>();
  guard->place = TakePlace();
  if (!order.ok() || guard->place == nullptr) {
    feed->End(order.ok() ? NoPlace() : order.status());
    return nullptr;
  }
  const absl::CivilDay last = order->to;
  auto run = std::make_shared<SimulationRun>(&policy_);
  guard->walk = std::make_shared<GrantWalk>(
      &pages_, thread_, *std::move(order),
      [run, feed](const std::vector<v1::Grant>& grants, const v1::RunProgress& progress,
                  const std::function<void(absl::Status)>& proceed) {
        if (absl::Status status = run->Add(grants); !status.ok()) return proceed(status);
        v1::SimulateCatalogueResponse page;
        *page.mutable_progress() = progress;
        *page.mutable_total() = run->total();
        feed->Push(std::move(page));
        proceed(absl::OkStatus());
      },
      [run, feed](const absl::Status& status, const v1::RunProgress& progress) {
        if (status.ok()) {
          for (v1::SimulateCatalogueResponse& message : run->Results(progress)) {
            feed->Push(std::move(message));
          }
        }
        feed->End(status);
      });
  // The walk begins when the version is at hand.
  finder_->FindWith(asked.version(), last, call.deadline,
                    [run, feed, last, walk = guard->walk](
                        absl::StatusOr<std::shared_ptr<const CatalogueSet>> catalogues) {
                      if (!catalogues.ok()) return feed->End(catalogues.status());
                      run->Try(*std::move(catalogues), last);
                      walk->Start();
                    });
  return guard;
}

absl::StatusOr<GrantWalk::Order> DecisionsService::OrderOf(const std::string& area_code,
                                                           const std::string& from,
                                                           const std::string& to) const {
  // The gate has checked the forms.
  GrantWalk::Order order;
  order.counties = OfficesOf(*regions_, area_code);
  order.from = vocabulary::ParseCivilDate(from).value_or(absl::CivilDay());
  order.to = vocabulary::ParseCivilDate(to).value_or(absl::CivilDay());
  if (order.to < order.from) return PeriodReversed();
  return order;
}

std::shared_ptr<void> DecisionsService::TakePlace() {
  if (running_->fetch_add(1) >= kMostRuns) {
    running_->fetch_sub(1);
    return nullptr;
  }
  return {running_.get(), [running = running_](void*) { running->fetch_sub(1); }};
}

}  // namespace fuju::catalogue
