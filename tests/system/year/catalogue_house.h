#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include <grpcpp/grpcpp.h>

#include "fuju/catalogue/v1/catalogue_service.grpc.pb.h"
#include "fuju/catalogue/v1/ledger_service.grpc.pb.h"
#include "support/cluster.h"
#include "support/service_calls.h"
#include "support/shifted_clock.h"
#include "support/temporary_folder.h"

namespace fuju::catalogue {

// The program fuju-catalogue on a Redis whose clock is the test's; the service takes its time from
// there. It publishes the shipped catalogue of Gansu at its first start. Errors fail the test. Not
// thread-safe.
class CatalogueHouse {
 public:
  explicit CatalogueHouse(absl::Time now);

  // Kills the process and Redis (SIGKILL), and starts both at that time.
  void GoTo(absl::Time time);
  // Kills the process at once (SIGKILL) and starts it again.
  void KillAndRestart();

  // Of Redis, and so of the service.
  absl::Time Now();
  test_support::RedisServer& redis() { return cluster_->redis(); }
  chassis::redis::Client& redis_client() { return cluster_->redis_client(); }

  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request) {
    return test_support::Call(StubOf(static_cast<Stub*>(nullptr)), method, request, "finance:f1",
                              absl::Minutes(1));
  }

 private:
  using CatalogueStub = v1::CatalogueService::Stub;
  using LedgerStub = v1::LedgerService::Stub;
  CatalogueStub& StubOf(const CatalogueStub*) const { return *catalogue_; }
  LedgerStub& StubOf(const LedgerStub*) const { return *ledger_; }
  void Kill();
  void Restart();
  void Connect();

  test_support::TemporaryFolder folder_;
  test_support::ShiftedClock clock_{test_support::ShiftedClock::Seen::kSoon};
  std::unique_ptr<test_support::Cluster> cluster_;
  std::unique_ptr<CatalogueStub> catalogue_;
  std::unique_ptr<LedgerStub> ledger_;
};

}  // namespace fuju::catalogue
