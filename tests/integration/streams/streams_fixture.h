#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include <prometheus/registry.h>

#include "chassis/redis/pipelined_client.h"
#include "chassis/store/keys.h"
#include "chassis/streams/consumer.h"
#include "chassis/values/clock.h"
#include "integration/streams/handled_log.h"
#include "support/redis_server.h"

namespace fuju::chassis {

// One Redis for a suite. Each test has a source and a service of its own name, with two partitions,
// so no test sees another's keys. Events have the type "test.Fact".
class StreamsFixture : public ::testing::Test {
 public:
  static void SetUpTestSuite();
  static void TearDownTestSuite();

 protected:
  static constexpr char kType[] = "test.Fact";
  static constexpr int kPartitions = 2;

  StreamsFixture();

  // Appends an event of the source; the id of its entry.
  std::string Publish(int partition, const std::string& subject, int64_t version);

  // Quick ones: leases of a second, retries within milliseconds.
  static ConsumerOptions QuickOptions(const std::string& instance);
  // A reaction to the source's events.
  Reactions React(Reactions::Handler handler) const;
  // A reaction that logs "<subject>@<version>" and is done.
  Reactions Log(HandledLog& log) const;
  std::unique_ptr<Consumer> Start(Reactions reactions, ConsumerOptions options,
                                  TimerHandlers timers = {}, redis::Client* client = nullptr);

  // Value of a counter or gauge; the labels have to be exactly these. 0 if it does not exist.
  double Metric(const std::string& name, const std::map<std::string, std::string>& labels = {});

  redis::Reply Redis(redis::Command command) const { return server_->Call(std::move(command)); }
  // Entries that are not acknowledged: behind the position, and not told to be done.
  int64_t Pending(int partition) const;
  // Empty: nothing was ever acknowledged.
  std::string Position(int partition) const;
  // What the holder has in hand, as it tells it; empty: nothing.
  std::string Handed(int partition) const;

  // Waits until it holds, asking again and again; fails the test if it does not.
  static void Eventually(const std::string& what, const std::function<bool()>& holds);

  static test_support::RedisServer* server_;
  const Keys source_;
  const Keys keys_;
  const SystemClock clock_;
  std::shared_ptr<prometheus::Registry> registry_ = std::make_shared<prometheus::Registry>();
  std::unique_ptr<redis::PipelinedClient> client_;
};

// "<subject>@<version>".
std::string NameOf(const Delivery& delivery);

}  // namespace fuju::chassis
