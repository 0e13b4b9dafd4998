#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <grpcpp/grpcpp.h>

#include "support/child_process.h"
#include "support/redis_server.h"

namespace fuju::test_support {

struct ClusterOptions {
  // Folder of the service binaries.
  std::string bin_dir;
  // The source tree, for deploy/.
  std::string source_dir;
  // Folder for Redis' files, logs, port files and the archive; made if absent.
  std::string work_dir;
  // Folder below deploy/profiles with one <service>.flags file each.
  std::string profile = "demo";
};

// Names of the services in the order in which they are started.
const std::vector<std::string>& ServiceNames();

// A Redis with the settings and users of deploy/redis and all services, each as its own user, as
// processes on free loopback ports. Everything ends with this
// object. Not thread-safe, but channels are.
class Cluster {
 public:
  static absl::StatusOr<std::unique_ptr<Cluster>> Start(ClusterOptions options);
  ~Cluster();

  // "127.0.0.1:port" of a service's gRPC or metrics endpoint; the archive also has "dashboard".
  std::string address(const std::string& service) const;
  std::string metrics_address(const std::string& service) const;
  std::string dashboard_address() const;
  std::string redis_address() const;
  // The flags with which fujuctl reaches it.
  std::vector<std::string> operator_flags() const;
  chassis::redis::Endpoint redis_endpoint() const { return redis_->endpoint(); }

  // A channel that reconnects quickly and has no retry policy of its own.
  std::shared_ptr<grpc::Channel> channel(const std::string& service) const;

  // SIGKILL, as a crash would end it.
  absl::Status Kill(const std::string& service);
  // Starts a killed service again on the ports it had, and waits until it serves.
  absl::Status Restart(const std::string& service);
  // The private Redis, to kill and restart it.
  RedisServer& redis() { return *redis_; }

  // SIGTERM to all services, then Redis. Names each that did not end with exit code 0 in time.
  absl::Status Stop();

 private:
  struct Instance {
    ChildProcess process;
    int grpc_port = 0;
    int metrics_port = 0;
    int dashboard_port = 0;
  };
  explicit Cluster(ClusterOptions options) : options_(std::move(options)) {}
  absl::Status StartRedis();
  std::string PasswordFile(const std::string& user) const;
  std::string OperatorFlagFile() const;
  // Addresses stay as they are when a service is started again.
  void WriteOperatorFlags() const;
  absl::Status Launch(const std::string& service);
  absl::Status AwaitReady(const std::string& service);

  ClusterOptions options_;
  std::unique_ptr<RedisServer> redis_;
  std::map<std::string, Instance> instances_;
};

}  // namespace fuju::test_support
