#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include <grpcpp/grpcpp.h>
#include <prometheus/registry.h>

#include "catalogue/catalogue_finder.h"
#include "catalogue/catalogue_service.h"
#include "catalogue/decision/decisions_service.h"
#include "catalogue/decision/run_thread.h"
#include "catalogue/ledger/ledger_reactions.h"
#include "catalogue/ledger/ledger_service.h"
#include "catalogue/metrics.h"
#include "catalogue/reactions.h"
#include "catalogue/versions/catalogue_importer.h"
#include "catalogue/versions/catalogue_watcher.h"
#include "catalogue/wiring.h"
#include "chassis/redis/pipelined_client.h"
#include "chassis/rpc/server.h"
#include "chassis/streams/consumer.h"
#include "chassis/streams/fanout.h"
#include "fuju/catalogue/v1/catalogue_service.grpc.pb.h"
#include "fuju/catalogue/v1/decisions_service.grpc.pb.h"
#include "fuju/catalogue/v1/ledger_service.grpc.pb.h"
#include "support/fake_clock.h"
#include "support/redis_server.h"
#include "support/service_calls.h"
#include "vocabulary/region.h"

namespace fuju::catalogue {

inline constexpr int kPartitions = 16;

// How long a reservation lasts.
inline constexpr absl::Duration kTestReservation = absl::Hours(24 * 365);

using test_support::GansuFile;

// The service as main.cc wires it, in this process, with the settings of a default start and a
// clock of the test's. Several may run on one Redis. One that does not react only answers calls, as
// if every reaction came later.
class CatalogueInstance {
 public:
  CatalogueInstance(const test_support::RedisServer& redis, const chassis::Clock* clock,
                    std::string name = "a", bool reacts = true);
  ~CatalogueInstance();
  CatalogueInstance(const CatalogueInstance&) = delete;
  CatalogueInstance& operator=(const CatalogueInstance&) = delete;

  const CatalogueStores& stores() const { return *stores_; }
  CatalogueWatcher& watcher() { return *watcher_; }
  const CatalogueImporter& importer() const { return *importer_; }
  prometheus::Registry& registry() { return *registry_; }
  chassis::Fanout& fanout() { return *fanout_; }
  const std::string& address() const { return address_; }
  v1::DecisionsService::Stub& decisions() { return *decisions_stub_; }

  using Stub = v1::CatalogueService::Stub;
  using LedgerStub = v1::LedgerService::Stub;

  // Calls a method of the stub, as finance staff unless `actor` says else.
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request, const std::string& actor = "finance:f1",
                                absl::Duration limit = absl::Seconds(20)) const {
    return test_support::Call(*stub_, method, request, actor, limit);
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (LedgerStub::*method)(grpc::ClientContext*,
                                                                   const Request&, Response*),
                                const Request& request) const {
    return test_support::Call(*ledger_stub_, method, request, "finance:f1");
  }

  // Stores a version as it is, with a policy and top-ups if it has them; not known to the watcher.
  void Store(const storage::v1::CatalogueRecord& record);
  // Stores it, and it is in force.
  void Publish(const storage::v1::CatalogueRecord& record);
  // Publishes the example catalogue of Gansu, effective today: imported by province:p1, published
  // by province:p2.
  void ImportGansu(const std::string& label = "gansu-test");
  absl::StatusOr<v1::CatalogueVersion> Publish(const std::string& label,
                                               const std::string& effective_date,
                                               const std::string& actor = "province:p2") const;
  // In Gansu, by the test's clock.
  std::string TodayText() const;
  absl::StatusOr<v1::Budget> Allocate(const std::string& county, int64_t amount_fen,
                                      const std::string& request_id);
  // Waits, at most half a minute, until there are so many; returns them all.
  std::vector<chassis::DeadLetter> AwaitDeadLetters(size_t count);
  v1::Budget BudgetOf(const std::string& county) const;

 private:
  // Before the client, whose last answers may come to it.
  RunThread runs_;
  std::shared_ptr<prometheus::Registry> registry_;
  std::unique_ptr<chassis::redis::PipelinedClient> client_;
  chassis::Keys keys_;
  std::unique_ptr<chassis::RawStore> store_;
  std::unique_ptr<chassis::Fanout> fanout_;
  vocabulary::RegionTable regions_;
  std::unique_ptr<CatalogueMetrics> metrics_;
  std::unique_ptr<CatalogueStores> stores_;
  std::unique_ptr<CatalogueWatcher> watcher_;
  std::unique_ptr<CatalogueImporter> importer_;
  std::unique_ptr<CatalogueReactions> reactions_;
  std::unique_ptr<LedgerReactions> ledger_reactions_;
  std::unique_ptr<CatalogueFinder> finder_;
  std::unique_ptr<chassis::CallGate> gate_;
  std::unique_ptr<CatalogueService> service_;
  std::unique_ptr<LedgerService> ledger_service_;
  std::unique_ptr<DecisionsService> decisions_;
  std::unique_ptr<chassis::Server> server_;
  std::unique_ptr<chassis::Consumer> consumer_;
  std::string address_;
  std::unique_ptr<Stub> stub_;
  std::unique_ptr<LedgerStub> ledger_stub_;
  std::unique_ptr<v1::DecisionsService::Stub> decisions_stub_;
};

// A version of the province as it is stored, published at that time.
storage::v1::CatalogueRecord VersionOf(const std::string& label, std::vector<v1::Item> items,
                                       absl::Time published);

// The example catalogue of Gansu.
v1::ImportCatalogueRequest GansuImport(const std::string& label);

// 2026-03-02 09:00 in Gansu.
absl::Time TestTime();

// A quote of M01 at 980 yuan by a man of 40, physical disability of grade 1, on minimum living
// allowance.
v1::QuoteInput WheelchairQuote();

}  // namespace fuju::catalogue
