#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include <grpcpp/grpcpp.h>

namespace fuju::chassis {

struct ServerOptions {
  // "127.0.0.1:0"; port 0 takes a free one.
  std::string listen = "127.0.0.1:0";
  // Largest request in bytes.
  int max_request_bytes = 2 * 1024 * 1024;
  // Clients may send keepalive pings this often.
  absl::Duration min_ping_interval = absl::Seconds(10);
};

// A gRPC server with the standard health service (one status for each service and "" for all),
// reflection v1alpha and v1. A method that no service has is UNIMPLEMENTED with our details; a
// message above max_request_bytes is refused by gRPC itself, RESOURCE_EXHAUSTED without details.
// Thread-safe.
class Server {
 public:
  // `services` (callback services) outlive it. Starts NOT_SERVING. UNAVAILABLE if it can not
  // listen.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options,
                                                       const std::vector<grpc::Service*>& services);
  virtual ~Server() = default;
  virtual int port() const = 0;
  virtual void SetServing(bool serving) = 0;
  // Not serving at once; running calls have until `grace`, then they are cancelled. Joins.
  virtual void Drain(absl::Duration grace) = 0;
};

}  // namespace fuju::chassis
