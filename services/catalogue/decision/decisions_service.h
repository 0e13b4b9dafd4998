#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include <grpcpp/grpcpp.h>

#include "catalogue/catalogue_finder.h"
#include "catalogue/decision/grant_pages.h"
#include "catalogue/decision/grant_walk.h"
#include "catalogue/decision/replay_run.h"
#include "catalogue/decision/run_thread.h"
#include "catalogue/decision/subsidy_decision.h"
#include "catalogue/wiring.h"
#include "chassis/rpc/call.h"
#include "chassis/rpc/watch_stream.h"
#include "fuju/catalogue/v1/decisions_service.grpc.pb.h"
#include "vocabulary/region.h"

namespace fuju::catalogue {

// The gRPC edge of replays and simulations. Long runs take turns on the run thread; a client that
// goes, or a deadline that passes, ends its run after the page in hand. Thread-safe.
class DecisionsService final : public v1::DecisionsService::CallbackService {
 public:
  // What is passed outlives this and all calls in flight.
  DecisionsService(chassis::CallGate* gate, const CatalogueStores* stores,
                   const CatalogueFinder* finder, const vocabulary::RegionTable* regions,
                   RunThread* thread);

  grpc::ServerUnaryReactor* ReplayDecision(grpc::CallbackServerContext* context,
                                           const v1::ReplayDecisionRequest* request,
                                           v1::DecisionReplay* response) override;
  grpc::ServerWriteReactor<v1::ReplayDecisionsResponse>* ReplayDecisions(
      grpc::CallbackServerContext* context, const v1::ReplayDecisionsRequest* request) override;
  grpc::ServerWriteReactor<v1::SimulateCatalogueResponse>* SimulateCatalogue(
      grpc::CallbackServerContext* context, const v1::SimulateCatalogueRequest* request) override;

 private:
  using ReplayFeed = std::shared_ptr<chassis::WatchFeed<v1::ReplayDecisionsResponse>>;
  using SimulationFeed = std::shared_ptr<chassis::WatchFeed<v1::SimulateCatalogueResponse>>;

  // What keeps a run going; null, and the feed has ended, if there is no room for one more, or the
  // period is none.
  std::shared_ptr<void> BeginReplay(const v1::ReplayDecisionsRequest& asked, ReplayFeed feed);
  std::shared_ptr<void> BeginSimulation(const chassis::CallInfo& call,
                                        const v1::SimulateCatalogueRequest& asked,
                                        SimulationFeed feed);
  absl::StatusOr<GrantWalk::Order> OrderOf(const std::string& area_code, const std::string& from,
                                           const std::string& to) const;
  // One of the places for runs; null if all are taken. Given back when it is destroyed.
  std::shared_ptr<void> TakePlace();

  chassis::CallGate* const gate_;
  const CatalogueStores* const stores_;
  const CatalogueFinder* const finder_;
  const vocabulary::RegionTable* const regions_;
  const PreparedPolicy policy_;
  RunThread* const thread_;
  const StoredGrantPages pages_;
  const Replayer replayer_;
  // Shared with the places, which a stream may outlast this with.
  const std::shared_ptr<std::atomic<int>> running_ = std::make_shared<std::atomic<int>>(0);
};

}  // namespace fuju::catalogue
