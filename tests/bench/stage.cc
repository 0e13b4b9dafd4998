#include "bench/stage.h"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include "bench/measure.h"

namespace fuju::bench {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kLongestStart = absl::Seconds(60);
constexpr absl::Duration kLongestLoad = absl::Minutes(30);

// Waits, without polling, until a process has written a file.
bool AwaitFile(const fs::path& file, test_support::ChildProcess& process) {
  const int fd = inotify_init1(IN_CLOEXEC);
  inotify_add_watch(fd, file.parent_path().c_str(), IN_CREATE | IN_MOVED_TO);
  const int64_t end = SteadyNs() + absl::ToInt64Nanoseconds(kLongestStart);
  bool found = false;
  while (!(found = fs::exists(file)) && SteadyNs() < end && process.running()) {
    constexpr int kNoticeDeathMs = 500;
    pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
    if (poll(&waiting, 1, kNoticeDeathMs) <= 0) continue;
    char events[4096];
    if (read(fd, events, sizeof(events)) < 0) break;
  }
  close(fd);
  return found;
}

// Of a redis.conf, as arguments, but who may come in and how.
std::vector<std::string> ShippedSettings(const fs::path& path) {
  static const std::set<std::string> kAccess = {"aclfile", "bind", "protected-mode"};
  std::ifstream file(path);
  std::vector<std::string> arguments;
  std::string line;
  while (std::getline(file, line)) {
    std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipWhitespace());
    if (words.empty() || words[0].starts_with('#') || kAccess.contains(words[0])) continue;
    words[0].insert(0, "--");
    for (const std::string& word : words) arguments.push_back(word == "\"\"" ? "" : word);
  }
  if (arguments.empty()) Fail(absl::StrCat("no Redis settings in ", path.string()));
  return arguments;
}

}  // namespace

void Fail(const std::string& what) {
  std::fprintf(stderr, "fuju-bench: %s\n", what.c_str());
  std::exit(1);
}

void ForbidRewrites(const test_support::RedisServer& redis) {
  if (redis.Call({"CONFIG", "SET", "auto-aof-rewrite-percentage", "0"}).is_error()) {
    Fail("Redis does not take a setting");
  }
}

std::unique_ptr<test_support::RedisServer> Stage::StartRedis(const std::string& appendfsync) {
  std::vector<std::string> settings =
      ShippedSettings(fs::path(options_.source_dir) / "deploy/redis/redis.conf");
  settings.insert(settings.end(), {"--appendfsync", appendfsync});
  return std::make_unique<test_support::RedisServer>(std::move(settings));
}

std::vector<std::string> Stage::Product(const std::string& name) const {
  return {absl::StrCat(options_.bin_dir, "/", name)};
}

std::vector<std::string> Stage::Role(const std::string& name) const {
  return {absl::StrCat(options_.bin_dir, "/fuju-bench"), name};
}

Served Stage::Serve(std::vector<std::string> program, const test_support::RedisServer& redis,
                    std::vector<std::string> flags) {
  const std::string base = absl::StrCat(options_.work_dir, "/service-", ++started_);
  const std::string port_file = base + ".port";
  program.push_back(absl::StrCat("--redis=127.0.0.1:", redis.port()));
  program.push_back("--listen=127.0.0.1:0");
  program.push_back("--metrics_listen=127.0.0.1:0");
  program.push_back(absl::StrCat("--port_file=", port_file));
  program.insert(program.end(), flags.begin(), flags.end());
  const int64_t started = SteadyNs();
  auto process = test_support::ChildProcess::Start(program, base + ".log");
  if (!process.ok()) Fail(process.status().ToString());
  Served served;
  served.process = *std::move(process);
  if (!AwaitFile(port_file, served.process)) {
    Fail(absl::StrCat(absl::StrJoin(program, " "), " did not start; see ", base, ".log"));
  }
  served.start_time = absl::Nanoseconds(SteadyNs() - started);
  std::ifstream ports(port_file);
  const auto read = nlohmann::json::parse(ports, nullptr, /*allow_exceptions=*/false);
  if (!read.is_object()) Fail(absl::StrCat("cannot read ", port_file));
  served.address = absl::StrCat("127.0.0.1:", read.value("grpc", 0));
  return served;
}

Served Stage::ServeApplications(std::vector<std::string> program,
                                const test_support::RedisServer& redis,
                                std::vector<std::string> flags) {
  const std::string pepper = absl::StrCat(options_.work_dir, "/pepper");
  std::ofstream(pepper) << "pepper-of-a-benchmark-only\n";
  flags.push_back(absl::StrCat("--person_key_pepper_file=", pepper));
  flags.push_back(absl::StrCat("--data_dir=", data_dir()));
  return Serve(std::move(program), redis, std::move(flags));
}

Stage::Running Stage::StartLoad(std::vector<std::string> argv) {
  Running running{.process = {}, .log = absl::StrCat(options_.work_dir, "/load-", ++started_)};
  auto process = test_support::ChildProcess::Start(argv, running.log);
  if (!process.ok()) Fail(process.status().ToString());
  running.process = *std::move(process);
  return running;
}

nlohmann::json Stage::Await(Running running) {
  const auto code = running.process.Wait(kLongestLoad);
  if (!code.ok()) Fail(code.status().ToString());
  std::ifstream log(running.log);
  std::string last;
  for (std::string line; std::getline(log, line);) last = line;
  auto result = nlohmann::json::parse(last, nullptr, /*allow_exceptions=*/false);
  if (*code != 0 || !result.is_object()) Fail(absl::StrCat("a load failed; see ", running.log));
  return result;
}

}  // namespace fuju::bench
