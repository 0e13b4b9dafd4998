#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <grpcpp/grpcpp.h>

#include "support/child_process.h"
#include "support/fault_proxy.h"
#include "support/redis_cluster.h"
#include "support/redis_sentinels.h"
#include "support/redis_server.h"

namespace fuju::test_support {

// Names of the services in the order in which they are started.
const std::vector<std::string>& ServiceNames();

struct ClusterOptions {
  // Folder of the service binaries.
  std::string bin_dir;
  // The source tree, for deploy/.
  std::string source_dir;
  // Folder for Redis' files, logs, port files and the archive; made if absent.
  std::string work_dir;
  // Folder below deploy/profiles with one <service>.flags file each.
  std::string profile = "demo";
  // What is started, in the order of ServiceNames().
  std::vector<std::string> services = ServiceNames();
  // Processes of each service; the archive always has one.
  int instances = 1;
  // Further flags of all services.
  std::vector<std::string> flags = {};
  // Applicants get letters, in the folder "letters" of work_dir.
  bool letters = false;
  // Further arguments of redis-server.
  std::vector<std::string> redis_arguments = {};
  // One Redis; or a primary with two replicas and three Sentinels; or a Redis Cluster of three
  // primaries and three replicas.
  chassis::redis::Deployment::Kind redis = chassis::redis::Deployment::Kind::kSingle;
  // Words before the command of a process, by its name, such as {"env", "TZ=UTC"}; "redis" is a
  // single Redis.
  std::map<std::string, std::vector<std::string>> launchers = {};
  // Puts a FaultProxy between the services and Redis, and one before each process for its clients.
  bool proxies = false;
  // A process that alone has a FaultProxy before Redis; not together with `proxies`.
  std::string apart = {};
  // Channels repeat calls as deploy/clients/service_config.json says; else not at all.
  bool published_retries = false;
};

// A Redis with the settings and users of deploy/redis and all services, each as its own user, as
// processes on free loopback ports. Everything ends with this object. The first process of a
// service has the service's name, the others "<service>-2" and so on; what takes a process takes
// such a name. Not thread-safe, but channels are.
class Cluster {
 public:
  static absl::StatusOr<std::unique_ptr<Cluster>> Start(ClusterOptions options);
  ~Cluster();

  // Names of the processes of a service; all of them in the order in which they are started.
  std::vector<std::string> InstancesOf(const std::string& service) const;
  std::vector<std::string> Instances() const;

  // "127.0.0.1:port" of a process' gRPC or metrics endpoint; the archive also has "dashboard".
  std::string address(const std::string& instance) const;
  std::string metrics_address(const std::string& instance) const;
  std::string dashboard_address() const;
  // "host:port,..." of the nodes or Sentinels by which Redis is found.
  std::string redis_address() const;
  // The flags with which fujuctl reaches it.
  std::vector<std::string> operator_flags() const;
  // Where clients find Redis, with the operator's login; the endpoint only of one Redis.
  chassis::redis::Endpoint redis_endpoint() const;
  chassis::redis::Deployment redis_deployment() const;
  // The operator's, of whatever Redis there is; made on first use.
  chassis::redis::Client& redis_client();
  // File with the users of this cluster's Redis, for another one that takes its place.
  std::string acl_file() const;

  // A channel that reconnects quickly and goes round the processes of the service.
  std::shared_ptr<grpc::Channel> channel(const std::string& service) const;
  // The same to one process.
  std::shared_ptr<grpc::Channel> channel_to(const std::string& instance) const;

  // SIGKILL, as a crash would end it.
  absl::Status Kill(const std::string& instance);
  // SIGTERM; the exit code. DEADLINE_EXCEEDED if it does not end.
  absl::StatusOr<int> Terminate(const std::string& instance);
  // Starts a process that has ended again on the ports it had, and waits until it serves.
  absl::Status Restart(const std::string& instance);
  // To stop it from running and to let it run on.
  void Signal(const std::string& instance, int signal) const;
  pid_t pid(const std::string& instance) const { return instances_.at(instance).process.pid(); }
  // The Redis of options.redis, to kill and restart it.
  RedisServer& redis() { return *redis_; }
  RedisSentinels& redis_sentinels() { return *redis_sentinels_; }
  RedisCluster& redis_cluster() { return *redis_cluster_; }
  // With options.proxies: what lies between all services and Redis, between clients and a process.
  // With options.apart: what lies between that process and Redis.
  FaultProxy& redis_proxy() { return *redis_proxy_; }
  FaultProxy& client_proxy(const std::string& instance) {
    return *instances_.at(instance).client_proxy;
  }

  // SIGTERM to all services, then Redis. Names each that did not end with exit code 0 in time.
  absl::Status Stop();

 private:
  struct Instance {
    ChildProcess process;
    std::unique_ptr<FaultProxy> client_proxy;
    int grpc_port = 0;
    int metrics_port = 0;
    int dashboard_port = 0;
  };
  explicit Cluster(ClusterOptions options) : options_(std::move(options)) {}
  absl::Status StartRedis();
  // --redis and what belongs to it.
  static std::vector<std::string> RedisFlags(const chassis::redis::Deployment& deployment);
  std::vector<std::string> LauncherOf(const std::string& name) const;
  bool IsBehindProxy(const std::string& instance) const;
  std::string PasswordFile(const std::string& user) const;
  std::string OperatorFlagFile() const;
  // Addresses stay as they are when a service is started again.
  void WriteOperatorFlags() const;
  absl::Status Launch(const std::string& instance);
  absl::Status AwaitReady(const std::string& instance);
  // Where clients of a process call it.
  std::string ClientAddress(const std::string& instance) const;
  std::shared_ptr<grpc::Channel> ChannelTo(const std::string& addresses) const;

  ClusterOptions options_;
  std::unique_ptr<RedisServer> redis_;
  std::unique_ptr<RedisSentinels> redis_sentinels_;
  std::unique_ptr<RedisCluster> redis_cluster_;
  std::unique_ptr<chassis::redis::Client> redis_client_;
  std::unique_ptr<FaultProxy> redis_proxy_;
  std::map<std::string, Instance> instances_;
};

}  // namespace fuju::test_support
