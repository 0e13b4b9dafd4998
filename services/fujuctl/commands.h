#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include <grpcpp/grpcpp.h>

#include "chassis/redis/pipelined_client.h"

namespace fuju::fujuctl {

// Where the commands find things; an address that a command does not need may be empty.
struct Connections {
  chassis::redis::Endpoint redis;
  int partitions = 16;
  // gRPC addresses.
  std::string audit;
  std::string catalogue;
  // "<role>:<id>" that mutations are recorded under.
  std::string actor;
};

// The commands of fujuctl. Each waits for its answer and writes text to `out`; an error says what
// was wrong and changes nothing.

// Every event of one case, as the archive has it.
absl::Status TraceApplication(const Connections& connections, const std::string& application,
                              std::ostream& out);
// Length and every group's position, by service and partition; only partitions with something to
// tell unless `all`.
absl::Status ShowStreams(const Connections& connections, bool all, std::ostream& out);
// Events that were put aside, of one service or of all.
absl::Status ListDeadLetters(const Connections& connections, const std::string& service,
                             std::ostream& out);
// Publishes a catalogue file; with `check_only` only says what is wrong with it.
absl::Status ImportCatalogue(const Connections& connections, const std::string& file,
                             const std::string& version, bool check_only, std::ostream& out);

// Services that have streams or consume them.
const std::vector<std::string>& StreamServices();

// A channel and a context with the actor and a deadline.
std::shared_ptr<grpc::Channel> ChannelTo(const std::string& address);
void Prepare(grpc::ClientContext& context, const Connections& connections);

}  // namespace fuju::fujuctl
