#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include <grpcpp/grpcpp.h>
#include <prometheus/registry.h>

#include "applications/needs/needs_service.h"
#include "applications/needs/needs_settings.h"
#include "applications/needs/wiring.h"
#include "chassis/redis/pipelined_client.h"
#include "chassis/rpc/server.h"
#include "fuju/applications/v1/needs_service.grpc.pb.h"
#include "support/fake_clock.h"
#include "support/redis_server.h"
#include "support/service_calls.h"
#include "support/survey_file.h"

namespace fuju::applications {

using NeedsStub = v1::NeedsService::Stub;

// The calls of an officer with a survey, over a connection of their own.
class NeedsCalls {
 public:
  explicit NeedsCalls(const std::string& address);

  NeedsStub& stub() const { return *stub_; }

  // Announces a file of kSurveyYear.
  absl::StatusOr<v1::NeedsImport> Announce(const std::string& csv, int run = 0,
                                           const std::string& county = "") const;
  absl::StatusOr<v1::NeedsImport> Get(const std::string& name) const;
  // Sends a text from the offset on in chunks of so many bytes, and waits for the end of the
  // stream. `on_answer` is told of every answer.
  absl::Status Upload(const std::string& name, const std::string& csv, int64_t offset,
                      size_t chunk = 65536,
                      const std::function<void(const v1::NeedsImport&)>& on_answer = nullptr) const;
  // All of it: announced, sent, read again.
  absl::StatusOr<v1::NeedsImport> Import(const std::string& csv, int run = 0,
                                         size_t chunk = 65536) const;
  // By pages of so many.
  std::vector<v1::BadCell> BadCells(const std::string& name, int page_size = 200) const;
  // Of a county in kSurveyYear, all pages.
  std::vector<v1::Need> Needs(const std::string& county) const;
  v1::DemandStatisticsResponse Demand(const std::string& region) const;

 private:
  std::unique_ptr<NeedsStub> stub_;
};

// The demand register as main.cc wires it, in this process. Several may run on one Redis.
class NeedsInstance {
 public:
  NeedsInstance(const test_support::RedisServer& redis, const chassis::Clock* clock,
                int listed_bad_cells = 10000, int imports_at_once = 4);
  ~NeedsInstance();
  NeedsInstance(const NeedsInstance&) = delete;
  NeedsInstance& operator=(const NeedsInstance&) = delete;

  const NeedsCalls& calls() const { return *calls_; }
  prometheus::Registry& registry() const { return *registry_; }

  const Needs& needs() const { return *needs_; }

 private:
  std::shared_ptr<prometheus::Registry> registry_;
  std::unique_ptr<chassis::redis::PipelinedClient> client_;
  std::unique_ptr<chassis::RawStore> store_;
  vocabulary::RegionTable regions_;
  vocabulary::PersonKeyer keyer_;
  NeedsSettings settings_;
  std::unique_ptr<Needs> needs_;
  std::unique_ptr<chassis::CallGate> gate_;
  std::unique_ptr<NeedsService> service_;
  std::unique_ptr<chassis::Server> server_;
  std::unique_ptr<NeedsCalls> calls_;
};

// "read 30: 28 recorded, 0 changed, 0 unchanged, 2 bad".
std::string Told(const v1::NeedsImportCounts& counts);

}  // namespace fuju::applications
