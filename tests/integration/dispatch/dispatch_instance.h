#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include <grpcpp/grpcpp.h>
#include <prometheus/registry.h>

#include "chassis/redis/pipelined_client.h"
#include "chassis/rpc/server.h"
#include "chassis/streams/consumer.h"
#include "chassis/streams/fanout.h"
#include "dispatch/dispatch_service.h"
#include "dispatch/reactions.h"
#include "dispatch/vendor_watcher.h"
#include "dispatch/wiring.h"
#include "fuju/dispatch/v1/dispatch_service.grpc.pb.h"
#include "support/fake_clock.h"
#include "support/redis_server.h"
#include "support/service_calls.h"
#include "vocabulary/region.h"

namespace fuju::dispatch::testing {

inline constexpr int kPartitions = 8;
inline constexpr absl::Duration kOfferLimit = absl::Hours(24);
inline constexpr absl::Duration kManualLimit = absl::Hours(120);

// The service as main.cc wires it, in this process, with a clock of the test's.
class DispatchInstance {
 public:
  // `directory`: what matching sees instead of the real directory, if given.
  DispatchInstance(const test_support::RedisServer& redis, const chassis::Clock* clock,
                   DispatchReactions::DirectorySource directory = nullptr);
  ~DispatchInstance();
  DispatchInstance(const DispatchInstance&) = delete;
  DispatchInstance& operator=(const DispatchInstance&) = delete;

  const DispatchStores& stores() const { return stores_; }
  VendorWatcher& vendors() { return vendors_; }
  chassis::Fanout& fanout() { return *fanout_; }
  const std::string& address() const { return address_; }

  using Stub = v1::DispatchService::Stub;
  Stub& stub() const { return *stub_; }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request, const std::string& actor = "test:1",
                                absl::Duration limit = absl::Seconds(20)) const {
    return test_support::Call(*stub_, method, request, actor, limit);
  }

  // Short forms, each with a new request id; expect success.
  v1::Vendor Register(const std::string& uscc, int capacity = 10,
                      const std::string& seat = "620102");
  absl::StatusOr<v1::Offer> Accept(const std::string& offer);
  absl::StatusOr<v1::Offer> Decline(const std::string& offer);
  v1::Round RoundOf(const std::string& application_id) const;
  v1::Offer OfferNamed(const std::string& name) const;
  int64_t FreeCapacity(const std::string& uscc) const;

  // Waits until the directory has so many vendors.
  void AwaitDirectory(size_t vendors);

 private:
  std::shared_ptr<prometheus::Registry> registry_;
  std::unique_ptr<chassis::redis::PipelinedClient> client_;
  const chassis::Keys keys_;
  std::unique_ptr<chassis::RawStore> store_;
  std::unique_ptr<chassis::Fanout> fanout_;
  const vocabulary::RegionTable regions_;
  DispatchMetrics metrics_;
  const DispatchStores stores_;
  VendorWatcher vendors_;
  DispatchReactions reactions_;
  std::unique_ptr<chassis::CallGate> gate_;
  std::unique_ptr<DispatchService> service_;
  std::unique_ptr<chassis::Server> server_;
  std::unique_ptr<chassis::Consumer> consumer_;
  std::string address_;
  std::unique_ptr<Stub> stub_;
};

using test_support::Eventually;
using test_support::NewRequestId;

// Valid codes of invented vendors, and an application id of the county.
inline constexpr char kVendorA[] = "91620102DEM0000146";
inline constexpr char kVendorB[] = "91620103DEM000022F";
std::string ApplicationId(int number, const std::string& county = "620102");

}  // namespace fuju::dispatch::testing
