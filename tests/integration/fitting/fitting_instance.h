#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <prometheus/registry.h>

#include "chassis/redis/pipelined_client.h"
#include "chassis/rpc/call.h"
#include "chassis/rpc/server.h"
#include "chassis/store/unique_names.h"
#include "chassis/streams/consumer.h"
#include "chassis/streams/fanout.h"
#include "fitting/fitting_service.h"
#include "fitting/settings.h"
#include "fitting/wiring.h"
#include "fuju/dispatch/v1/dispatch.pb.h"
#include "fuju/fitting/v1/fitting_events.pb.h"
#include "fuju/fitting/v1/fitting_service.grpc.pb.h"
#include "support/fact_log.h"
#include "support/fact_writer.h"
#include "support/fake_clock.h"
#include "support/redis_server.h"
#include "support/service_calls.h"
#include "vocabulary/region.h"

namespace fuju::fitting::testing {

inline constexpr int kPartitions = 8;
inline constexpr char kVendor[] = "91620102DEM0000146";
inline constexpr char kOtherVendor[] = "91620103DEM000022F";

// The service as main.cc wires it, in this process, with the settings of a default start and a
// clock of the test's.
class FittingInstance {
 public:
  FittingInstance(const test_support::RedisServer& redis, const chassis::Clock* clock,
                  Settings settings = {});
  ~FittingInstance();
  FittingInstance(const FittingInstance&) = delete;
  FittingInstance& operator=(const FittingInstance&) = delete;

  chassis::Fanout& fanout() { return *fanout_; }
  const std::string& address() const { return address_; }

  using Stub = v1::FittingService::Stub;

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request, const std::string& actor = "vendor:v1",
                                absl::Duration limit = absl::Seconds(20)) const {
    return test_support::Call(*stub_, method, request, actor, limit);
  }

  // Short forms, each with a new request id.
  absl::StatusOr<v1::Technician> Register(const std::string& staff_number,
                                          const std::vector<std::string>& device_classes = {});
  absl::StatusOr<v1::Order> Book(const std::string& order, const std::string& technician,
                                 absl::Time start) const;
  absl::StatusOr<v1::Order> Move(const std::string& order, const std::string& technician,
                                 absl::Time start) const;
  absl::StatusOr<v1::Order> CancelVisit(const std::string& order) const;
  absl::StatusOr<v1::Order> NoShow(const std::string& order) const;
  absl::StatusOr<v1::Order> Return(const std::string& order) const;
  absl::StatusOr<v1::Order> Complete(const std::string& order,
                                     const std::string& serial_number) const;
  v1::Order OrderNamed(const std::string& name) const;
  // Free slots of the order, as "<technician> <hours from the clock's Monday 00:00>".
  std::vector<std::string> FreeSlots(v1::FindSlotsRequest request) const;

 private:
  std::shared_ptr<prometheus::Registry> registry_;
  std::unique_ptr<chassis::redis::PipelinedClient> client_;
  const chassis::Keys keys_;
  std::unique_ptr<chassis::RawStore> store_;
  std::unique_ptr<chassis::Fanout> fanout_;
  const vocabulary::RegionTable regions_;
  FittingMetrics metrics_;
  const FittingStores stores_;
  chassis::UniqueNames serial_numbers_;
  std::unique_ptr<chassis::CallGate> gate_;
  std::unique_ptr<FittingService> service_;
  std::unique_ptr<chassis::Server> server_;
  std::unique_ptr<chassis::Consumer> consumer_;
  std::string address_;
  std::unique_ptr<Stub> stub_;
};

// What most tests need: a Redis, an instance with two technicians, its facts, and dispatch's
// stream.
class FittingTest : public ::testing::Test {
 protected:
  void SetUp() override;

  // The round that kVendor accepted for application number `number`.
  static dispatch::v1::Round Round(int number, int attempt = 1);
  static std::string OrderNameOf(int number, int attempt = 1);
  static std::string Technician(const std::string& staff_number = "T1");
  // A time of the clock's first week; day 1 is Monday.
  static absl::Time At(int day, int hour, int minute = 0);

  // dispatch's facts.
  void Accept(int number, int attempt = 1);
  void Recall(int number, int attempt = 1);
  // Orders 1 to `count`, open.
  void OpenOrders(int count);
  // Calls with every number from 1 to `count`, all at once; the statuses in that order.
  static std::vector<absl::Status> AtOnce(int count, const std::function<absl::Status(int)>& call);
  // Keys of claimed cells that stand in Redis.
  size_t ClaimedCells() const;

  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  FittingInstance fitting_{redis_, &clock_};
  test_support::FactLog log_{fitting_.fanout(), kPartitions};
  test_support::FactWriter dispatch_{&redis_, "dispatch", kPartitions};
};

using test_support::Eventually;
using test_support::NewRequestId;

}  // namespace fuju::fitting::testing
