#include "support/cluster.h"

#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/random/random.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include <nlohmann/json.hpp>

namespace fuju::test_support {
namespace {

namespace fs = std::filesystem;
using Kind = chassis::redis::Deployment::Kind;

constexpr char kOperator[] = "operator";
constexpr char kCatalogue[] = "catalogue";
constexpr absl::Duration kStartLimit = absl::Seconds(60);
constexpr absl::Duration kStopLimit = absl::Seconds(30);

// Waits until `file` exists in a folder, without polling; false at the deadline or when the process
// has ended.
bool AwaitFile(const fs::path& file, ChildProcess& process, absl::Time deadline) {
  const int fd = inotify_init1(IN_CLOEXEC);
  inotify_add_watch(fd, file.parent_path().c_str(), IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE);
  bool found = false;
  while (!(found = fs::exists(file)) && absl::Now() < deadline && process.running()) {
    // A second at most, to notice a process that ended without writing the file.
    pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
    if (poll(&waiting, 1, 1000) > 0) {
      char buffer[4096];
      if (read(fd, buffer, sizeof(buffer)) < 0) break;
    }
  }
  close(fd);
  return found;
}

constexpr char kHost[] = "127.0.0.1";

std::string Local(int port) { return absl::StrCat(kHost, ":", port); }

std::string Addresses(const chassis::redis::Deployment& deployment) {
  std::vector<std::string> addresses;
  for (const chassis::redis::Address& seed : deployment.seeds) addresses.push_back(ToString(seed));
  return absl::StrJoin(addresses, ",");
}

}  // namespace

const std::vector<std::string>& ServiceNames() {
  static const auto* const kNames =
      new std::vector<std::string>{kCatalogue, "dispatch", "fitting", "applications", "audit"};
  return *kNames;
}

absl::StatusOr<std::unique_ptr<Cluster>> Cluster::Start(ClusterOptions options) {
  auto cluster = std::unique_ptr<Cluster>(new Cluster(std::move(options)));
  std::error_code error;
  fs::create_directories(cluster->options_.work_dir, error);
  if (error)
    return absl::UnavailableError(absl::StrCat("cannot make the work folder: ", error.message()));
  // Invented for this run; a deployment brings its own.
  std::ofstream(fs::path(cluster->options_.work_dir) / "person_key_pepper")
      << "pepper-of-a-demonstration-run-only\n";
  if (absl::Status status = cluster->StartRedis(); !status.ok()) return status;
  // The applications service asks the catalogue, whose port is known when it is ready.
  const std::vector<std::string> instances = cluster->Instances();
  const auto rest = std::find_if(instances.begin(), instances.end(), [](const std::string& name) {
    return !absl::StartsWith(name, kCatalogue);
  });
  const std::vector<std::string> waves[] = {{instances.begin(), rest}, {rest, instances.end()}};
  for (const std::vector<std::string>& wave : waves) {
    for (const std::string& instance : wave) {
      if (absl::Status status = cluster->Launch(instance); !status.ok()) return status;
    }
    for (const std::string& instance : wave) {
      if (absl::Status status = cluster->AwaitReady(instance); !status.ok()) return status;
    }
  }
  cluster->WriteOperatorFlags();
  return cluster;
}

Cluster::~Cluster() { Stop().IgnoreError(); }

std::vector<std::string> Cluster::InstancesOf(const std::string& service) const {
  std::vector<std::string> names = {service};
  // Two archives would each get half of the partitions.
  const int count = service == "audit" ? 1 : options_.instances;
  for (int i = 2; i <= count; ++i) names.push_back(absl::StrCat(service, "-", i));
  return names;
}

std::vector<std::string> Cluster::Instances() const {
  std::vector<std::string> all;
  for (const std::string& service : options_.services) {
    for (std::string& name : InstancesOf(service)) all.push_back(std::move(name));
  }
  return all;
}

std::string Cluster::PasswordFile(const std::string& user) const {
  return (fs::path(options_.work_dir) / "redis_passwords" / user).string();
}

// As deploy/README.md says: passwords, users.acl made of them, redis.conf. Only the addresses
// differ.
absl::Status Cluster::StartRedis() {
  // Absolute, because redis-server goes to a folder of its own before it reads them.
  const fs::path deploy = fs::absolute(options_.source_dir) / "deploy" / "redis";
  const fs::path work = fs::absolute(options_.work_dir);
  fs::create_directories(work / "redis_passwords");
  std::vector<std::string> users = ServiceNames();
  users.push_back(kOperator);
  absl::BitGen random;
  std::string password;
  for (const std::string& user : users) {
    password = absl::StrCat(absl::Hex(absl::Uniform<uint64_t>(random), absl::kZeroPad16),
                            absl::Hex(absl::Uniform<uint64_t>(random), absl::kZeroPad16));
    std::ofstream(PasswordFile(user)) << password << "\n";
  }
  const std::string acl = acl_file();
  auto renderer = ChildProcess::Start(
      {(deploy / "render-acl").string(), (work / "redis_passwords").string()}, acl);
  if (!renderer.ok()) return renderer.status();
  const auto code = renderer->Wait(kStartLimit);
  if (!code.ok()) return code.status();
  if (*code != 0) return absl::InternalError(absl::StrCat("render-acl failed; see ", acl));
  std::vector<std::string> arguments = {
      "--include", (deploy / "redis.conf").string(), "--bind", "127.0.0.1", "--aclfile", acl};
  arguments.insert(arguments.end(), options_.redis_arguments.begin(),
                   options_.redis_arguments.end());
  const RedisLogin login = {.user = kOperator, .password = password};
  switch (options_.redis) {
    case Kind::kCluster:
      redis_cluster_ = std::make_unique<RedisCluster>(std::move(arguments), login);
      return absl::OkStatus();
    case Kind::kSentinel:
      redis_sentinels_ = std::make_unique<RedisSentinels>(2, std::move(arguments), login);
      return absl::OkStatus();
    case Kind::kSingle:
      break;
  }
  redis_ = std::make_unique<RedisServer>(std::move(arguments), login, LauncherOf("redis"));
  if (options_.proxies || !options_.apart.empty()) {
    redis_proxy_ = std::make_unique<FaultProxy>(redis_->port());
  }
  return absl::OkStatus();
}

std::vector<std::string> Cluster::RedisFlags(const chassis::redis::Deployment& deployment) {
  constexpr auto mode_of = [](Kind kind) {
    switch (kind) {
      case Kind::kCluster:
        return "cluster";
      case Kind::kSentinel:
        return "sentinel";
      case Kind::kSingle:
        break;
    }
    return "single";
  };
  std::vector<std::string> flags = {absl::StrCat("--redis=", Addresses(deployment)),
                                    absl::StrCat("--redis_mode=", mode_of(deployment.kind))};
  if (!deployment.primary_name.empty()) {
    flags.push_back(absl::StrCat("--redis_primary_name=", deployment.primary_name));
  }
  return flags;
}

std::vector<std::string> Cluster::LauncherOf(const std::string& name) const {
  const auto launcher = options_.launchers.find(name);
  return launcher == options_.launchers.end() ? std::vector<std::string>() : launcher->second;
}

bool Cluster::IsBehindProxy(const std::string& instance) const {
  return options_.proxies || options_.apart == instance;
}

absl::Status Cluster::Launch(const std::string& name) {
  Instance& instance = instances_[name];
  const std::string service(name.substr(0, name.find('-')));
  const fs::path work = options_.work_dir;
  const fs::path deploy = fs::path(options_.source_dir) / "deploy";
  fs::remove(work / (name + ".port"));
  std::vector<std::string> argv = LauncherOf(name);
  const std::vector<std::string> command = {
      (fs::path(options_.bin_dir) / ("fuju-" + service)).string(),
      absl::StrCat("--flagfile=",
                   (deploy / "profiles" / options_.profile / (service + ".flags")).string()),
      absl::StrCat("--redis_user=", service),
      absl::StrCat("--redis_password_file=", PasswordFile(service)),
      absl::StrCat("--listen=", Local(instance.grpc_port)),
      absl::StrCat("--metrics_listen=", Local(instance.metrics_port)),
      absl::StrCat("--port_file=", (work / (name + ".port")).string()),
      absl::StrCat("--data_dir=", (deploy / "data" / "gansu").string()),
  };
  argv.insert(argv.end(), command.begin(), command.end());
  chassis::redis::Deployment deployment = redis_deployment();
  if (IsBehindProxy(name)) deployment.seeds = {{.host = kHost, .port = redis_proxy_->port()}};
  const std::vector<std::string> redis = RedisFlags(deployment);
  argv.insert(argv.end(), redis.begin(), redis.end());
  argv.insert(argv.end(), options_.flags.begin(), options_.flags.end());
  if (service == "applications") {
    argv.push_back(
        absl::StrCat("--person_key_pepper_file=", (work / "person_key_pepper").string()));
    argv.push_back(absl::StrCat("--catalogue_address=", Local(instances_[kCatalogue].grpc_port)));
    if (options_.letters) {
      fs::create_directories(work / "letters");
      argv.push_back(absl::StrCat("--notice_letter_dir=", (work / "letters").string()));
    }
  }
  if (service == "audit") {
    argv.push_back(absl::StrCat("--archive_file=", (work / "archive.sqlite").string()));
    argv.push_back(absl::StrCat("--dashboard_listen=", Local(instance.dashboard_port)));
    argv.push_back(absl::StrCat(
        "--web_root=", (fs::path(options_.source_dir) / "services/audit/web/dist").string()));
  }
  auto process = ChildProcess::Start(argv, (work / (name + ".log")).string());
  if (!process.ok()) return process.status();
  instance.process = *std::move(process);
  return absl::OkStatus();
}

absl::Status Cluster::AwaitReady(const std::string& name) {
  Instance& instance = instances_[name];
  const fs::path file = fs::path(options_.work_dir) / (name + ".port");
  if (!AwaitFile(file, instance.process, absl::Now() + kStartLimit)) {
    return absl::UnavailableError(
        absl::StrCat(name, " did not become ready; see ", options_.work_dir, "/", name, ".log"));
  }
  std::ifstream in(file);
  const auto ports = nlohmann::json::parse(in, nullptr, /*allow_exceptions=*/false);
  if (!ports.is_object()) return absl::DataLossError(absl::StrCat("cannot read ", file.string()));
  instance.grpc_port = ports.value("grpc", 0);
  instance.metrics_port = ports.value("metrics", 0);
  instance.dashboard_port = ports.value("dashboard", 0);
  if (options_.proxies && instance.client_proxy == nullptr) {
    instance.client_proxy = std::make_unique<FaultProxy>(instance.grpc_port);
  }
  return absl::OkStatus();
}

std::string Cluster::address(const std::string& instance) const {
  return Local(instances_.at(instance).grpc_port);
}
std::string Cluster::metrics_address(const std::string& instance) const {
  return Local(instances_.at(instance).metrics_port);
}
std::string Cluster::ClientAddress(const std::string& instance) const {
  const auto& proxy = instances_.at(instance).client_proxy;
  return proxy == nullptr ? address(instance) : Local(proxy->port());
}
std::string Cluster::dashboard_address() const {
  return Local(instances_.at("audit").dashboard_port);
}
std::string Cluster::redis_address() const { return Addresses(redis_deployment()); }

chassis::redis::Deployment Cluster::redis_deployment() const {
  if (redis_cluster_ != nullptr) return redis_cluster_->deployment();
  if (redis_sentinels_ != nullptr) return redis_sentinels_->deployment();
  const chassis::redis::Endpoint endpoint = redis_endpoint();
  return {.seeds = {{.host = endpoint.host, .port = endpoint.port}},
          .user = endpoint.user,
          .password = endpoint.password};
}

chassis::redis::Client& Cluster::redis_client() {
  if (redis_client_ == nullptr) {
    redis_client_ = chassis::redis::PipelinedClient::Start(
        {.topology = chassis::redis::Topology::Follow(redis_deployment())});
  }
  return *redis_client_;
}

chassis::redis::Endpoint Cluster::redis_endpoint() const {
  chassis::redis::Endpoint endpoint = redis_->endpoint();
  if (options_.proxies) endpoint.port = redis_proxy_->port();
  return endpoint;
}

std::string Cluster::acl_file() const {
  return (fs::absolute(options_.work_dir) / "users.acl").string();
}

std::vector<std::string> Cluster::operator_flags() const {
  return {absl::StrCat("--flagfile=", OperatorFlagFile())};
}

std::string Cluster::OperatorFlagFile() const {
  return (fs::path(options_.work_dir) / "fujuctl.flags").string();
}

void Cluster::WriteOperatorFlags() const {
  std::ofstream flags(OperatorFlagFile());
  for (const std::string& flag : RedisFlags(redis_deployment())) flags << flag << "\n";
  flags << "--redis_user=" << kOperator << "\n--redis_password_file=" << PasswordFile(kOperator)
        << "\n";
  for (const std::string& service : options_.services) {
    flags << "--" << service << "=" << address(service) << "\n";
  }
}

std::shared_ptr<grpc::Channel> Cluster::ChannelTo(const std::string& addresses) const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 50);
  // How long one attempt may take: a busy machine may need more than the time between two.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 500);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, options_.published_retries ? 1 : 0);
  // Notices a connection that is gone without an end.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 10000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 3000);
  arguments.SetLoadBalancingPolicyName("round_robin");
  if (options_.published_retries) {
    std::ifstream in(fs::path(options_.source_dir) / "deploy/clients/service_config.json");
    arguments.SetServiceConfigJSON(std::string(std::istreambuf_iterator<char>(in), {}));
  }
  return grpc::CreateCustomChannel(absl::StrCat("ipv4:", addresses),
                                   grpc::InsecureChannelCredentials(), arguments);
}

std::shared_ptr<grpc::Channel> Cluster::channel(const std::string& service) const {
  std::vector<std::string> addresses;
  for (const std::string& name : InstancesOf(service)) addresses.push_back(ClientAddress(name));
  return ChannelTo(absl::StrJoin(addresses, ","));
}

std::shared_ptr<grpc::Channel> Cluster::channel_to(const std::string& instance) const {
  return ChannelTo(ClientAddress(instance));
}

absl::Status Cluster::Kill(const std::string& instance) {
  ChildProcess& process = instances_.at(instance).process;
  process.Signal(SIGKILL);
  return process.Wait(kStopLimit).status();
}

absl::StatusOr<int> Cluster::Terminate(const std::string& instance) {
  ChildProcess& process = instances_.at(instance).process;
  process.Signal(SIGTERM);
  return process.Wait(kStopLimit);
}

absl::Status Cluster::Restart(const std::string& instance) {
  if (absl::Status status = Launch(instance); !status.ok()) return status;
  return AwaitReady(instance);
}

void Cluster::Signal(const std::string& instance, int signal) const {
  instances_.at(instance).process.Signal(signal);
}

absl::Status Cluster::Stop() {
  std::string late;
  for (auto& [name, instance] : instances_) {
    instance.process.Signal(SIGTERM);
    instance.process.Signal(SIGCONT);
  }
  for (auto& [name, instance] : instances_) {
    if (instance.process.pid() <= 0) continue;
    const auto code = instance.process.Wait(kStopLimit);
    if (!code.ok()) absl::StrAppend(&late, " ", name, " (", code.status().message(), ")");
    if (code.ok() && *code != 0) absl::StrAppend(&late, " ", name, " (exit code ", *code, ")");
  }
  instances_.clear();
  redis_client_.reset();
  redis_proxy_.reset();
  redis_cluster_.reset();
  redis_sentinels_.reset();
  redis_.reset();
  if (!late.empty()) return absl::InternalError(absl::StrCat("did not stop cleanly:", late));
  return absl::OkStatus();
}

}  // namespace fuju::test_support
