#include "support/cluster.h"

#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include <nlohmann/json.hpp>

namespace fuju::test_support {
namespace {

namespace fs = std::filesystem;

constexpr char kOperator[] = "operator";
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

std::string Local(int port) { return absl::StrCat("127.0.0.1:", port); }

}  // namespace

const std::vector<std::string>& ServiceNames() {
  static const auto* const kNames =
      new std::vector<std::string>{"catalogue", "dispatch", "fitting", "applications", "audit"};
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
  for (const std::string& service : ServiceNames()) {
    if (absl::Status status = cluster->Launch(service); !status.ok()) return status;
  }
  for (const std::string& service : ServiceNames()) {
    if (absl::Status status = cluster->AwaitReady(service); !status.ok()) return status;
  }
  cluster->WriteOperatorFlags();
  return cluster;
}

Cluster::~Cluster() { Stop().IgnoreError(); }

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
  const std::string acl = (work / "users.acl").string();
  auto renderer = ChildProcess::Start(
      {(deploy / "render-acl").string(), (work / "redis_passwords").string()}, acl);
  if (!renderer.ok()) return renderer.status();
  const auto code = renderer->Wait(kStartLimit);
  if (!code.ok()) return code.status();
  if (*code != 0) return absl::InternalError(absl::StrCat("render-acl failed; see ", acl));
  redis_ = std::make_unique<RedisServer>(
      std::vector<std::string>{"--include", (deploy / "redis.conf").string(), "--bind", "127.0.0.1",
                               "--aclfile", acl},
      RedisLogin{.user = kOperator, .password = password});
  return absl::OkStatus();
}

absl::Status Cluster::Launch(const std::string& service) {
  Instance& instance = instances_[service];
  const fs::path work = options_.work_dir;
  const fs::path deploy = fs::path(options_.source_dir) / "deploy";
  fs::remove(work / (service + ".port"));
  std::vector<std::string> argv = {
      (fs::path(options_.bin_dir) / ("fuju-" + service)).string(),
      absl::StrCat("--flagfile=",
                   (deploy / "profiles" / options_.profile / (service + ".flags")).string()),
      absl::StrCat("--redis=", redis_address()),
      absl::StrCat("--redis_user=", service),
      absl::StrCat("--redis_password_file=", PasswordFile(service)),
      absl::StrCat("--listen=", Local(instance.grpc_port)),
      absl::StrCat("--metrics_listen=", Local(instance.metrics_port)),
      absl::StrCat("--port_file=", (work / (service + ".port")).string()),
      absl::StrCat("--data_dir=", (deploy / "data" / "gansu").string()),
  };
  if (service == "applications") {
    argv.push_back(
        absl::StrCat("--person_key_pepper_file=", (work / "person_key_pepper").string()));
  }
  if (service == "audit") {
    argv.push_back(absl::StrCat("--archive_file=", (work / "archive.sqlite").string()));
    argv.push_back(absl::StrCat("--dashboard_listen=", Local(instance.dashboard_port)));
    argv.push_back(absl::StrCat(
        "--web_root=", (fs::path(options_.source_dir) / "services/audit/web/dist").string()));
  }
  auto process = ChildProcess::Start(argv, (work / (service + ".log")).string());
  if (!process.ok()) return process.status();
  instance.process = *std::move(process);
  return absl::OkStatus();
}

absl::Status Cluster::AwaitReady(const std::string& service) {
  Instance& instance = instances_[service];
  const fs::path file = fs::path(options_.work_dir) / (service + ".port");
  if (!AwaitFile(file, instance.process, absl::Now() + kStartLimit)) {
    return absl::UnavailableError(absl::StrCat(service, " did not become ready; see ",
                                               options_.work_dir, "/", service, ".log"));
  }
  std::ifstream in(file);
  const auto ports = nlohmann::json::parse(in, nullptr, /*allow_exceptions=*/false);
  if (!ports.is_object()) return absl::DataLossError(absl::StrCat("cannot read ", file.string()));
  instance.grpc_port = ports.value("grpc", 0);
  instance.metrics_port = ports.value("metrics", 0);
  instance.dashboard_port = ports.value("dashboard", 0);
  return absl::OkStatus();
}

std::string Cluster::address(const std::string& service) const {
  return Local(instances_.at(service).grpc_port);
}
std::string Cluster::metrics_address(const std::string& service) const {
  return Local(instances_.at(service).metrics_port);
}
std::string Cluster::dashboard_address() const {
  return Local(instances_.at("audit").dashboard_port);
}
std::string Cluster::redis_address() const { return Local(redis_->port()); }

std::vector<std::string> Cluster::operator_flags() const {
  return {absl::StrCat("--flagfile=", OperatorFlagFile())};
}

std::string Cluster::OperatorFlagFile() const {
  return (fs::path(options_.work_dir) / "fujuctl.flags").string();
}

void Cluster::WriteOperatorFlags() const {
  std::ofstream flags(OperatorFlagFile());
  flags << "--redis=" << redis_address() << "\n--redis_user=" << kOperator
        << "\n--redis_password_file=" << PasswordFile(kOperator) << "\n";
  for (const std::string& service : ServiceNames()) {
    flags << "--" << service << "=" << address(service) << "\n";
  }
}

std::shared_ptr<grpc::Channel> Cluster::channel(const std::string& service) const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 50);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 50);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 500);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  return grpc::CreateCustomChannel(address(service), grpc::InsecureChannelCredentials(), arguments);
}

absl::Status Cluster::Kill(const std::string& service) {
  ChildProcess& process = instances_.at(service).process;
  process.Signal(SIGKILL);
  return process.Wait(kStopLimit).status();
}

absl::Status Cluster::Restart(const std::string& service) {
  if (absl::Status status = Launch(service); !status.ok()) return status;
  return AwaitReady(service);
}

absl::Status Cluster::Stop() {
  std::string late;
  for (auto& [service, instance] : instances_) instance.process.Signal(SIGTERM);
  for (auto& [service, instance] : instances_) {
    if (instance.process.pid() <= 0) continue;
    const auto code = instance.process.Wait(kStopLimit);
    if (!code.ok()) absl::StrAppend(&late, " ", service, " (", code.status().message(), ")");
    if (code.ok() && *code != 0) absl::StrAppend(&late, " ", service, " (exit code ", *code, ")");
  }
  instances_.clear();
  redis_.reset();
  if (!late.empty()) return absl::InternalError(absl::StrCat("did not stop cleanly:", late));
  return absl::OkStatus();
}

}  // namespace fuju::test_support
