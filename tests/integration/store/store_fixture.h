#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

#include "chassis/redis/pipelined_client.h"
#include "chassis/store/aggregate_store.h"
#include "chassis/store/keys.h"
#include "chassis/store/raw_store.h"
#include "fuju/event/v1/event.pb.h"
#include "integration/store/sample_aggregate.h"
#include "support/awaited.h"
#include "support/fake_clock.h"
#include "support/redis_server.h"

namespace fuju::chassis {

// One Redis for a suite; each test is a service of its own name, so no test sees another's keys.
class StoreFixture : public ::testing::Test {
 public:
  static void SetUpTestSuite();
  static void TearDownTestSuite();

 protected:
  using Result = absl::StatusOr<Committed<SampleState>>;
  using Answer = test_support::Awaited<Result>;

  StoreFixture();
  // Answers what is in flight while the store is still there.
  ~StoreFixture() override { client_.reset(); }

  // A command of a client, with its request id; the fingerprint is that of the "request".
  static Command Request(std::string request_id, std::string fingerprint = "f");
  // A command without a repeat, as an operator's.
  static Command Plain();

  std::unique_ptr<RawStore> NewStore(RedisStoreOptions options);
  // Calls that wait.
  Result Update(const std::string& id, Command command, SampleStore::Decide decide);
  absl::StatusOr<Versioned<SampleState>> Get(const std::string& id);
  int64_t Counter(const std::string& route, const std::string& name);
  absl::StatusOr<Page<SampleState>> List(const std::vector<std::string>& indexes,
                                         const std::string& route, const std::string& cursor,
                                         int limit);

  int PartitionOf(const std::string& id) const;
  // The events of an id's partition, in the order of the stream.
  std::vector<fuju::event::v1::Event> Events(const std::string& id);
  // Everything that the service has stored, to see that nothing changed.
  std::string Dump();
  redis::Reply Redis(redis::Command command) { return server_->Call(std::move(command)); }

  static test_support::RedisServer* server_;
  const Keys keys_;
  test_support::FakeClock clock_;
  std::unique_ptr<redis::PipelinedClient> client_;
  std::unique_ptr<RawStore> store_;
  SampleStore samples_;
};

}  // namespace fuju::chassis
