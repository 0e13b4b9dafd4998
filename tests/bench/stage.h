#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include <nlohmann/json.hpp>

#include "support/child_process.h"
#include "support/redis_server.h"

namespace fuju::bench {

// Ends the program: a measurement that went wrong says nothing.
[[noreturn]] void Fail(const std::string& what);

// From now on this Redis does not rewrite its append-only file, which takes a processor for seconds
// of whatever measurement it falls into.
void ForbidRewrites(const test_support::RedisServer& redis);

// How `fuju-bench` was asked to measure. A value.
struct StageOptions {
  std::string bin_dir;
  std::string source_dir;
  std::string work_dir;
  int runs = 5;
  // Tiny numbers: shows that all of it works.
  bool quick = false;
};

// A service as a process, ready.
struct Served {
  test_support::ChildProcess process;
  std::string address;
  // From its start to the moment that it was ready.
  absl::Duration start_time;
};

// Where measurements are taken: starts Redis, services and loads as processes. Everything ends with
// the objects returned. Use from the main thread only.
class Stage {
 public:
  explicit Stage(StageOptions options) : options_(std::move(options)) {}

  const StageOptions& options() const { return options_; }
  std::string data_dir() const { return options_.source_dir + "/deploy/data/gansu"; }
  // `full`, or `quick` when only the works are to be shown.
  int Scale(int full, int quick) const { return options_.quick ? quick : full; }

  // With the settings of deploy/redis/redis.conf, as far as they touch speed and memory.
  std::unique_ptr<test_support::RedisServer> StartRedis(const std::string& appendfsync = "always");

  // A service of the product, "fuju-applications", or of a role. Waits until it serves.
  Served Serve(std::vector<std::string> program, const test_support::RedisServer& redis,
               std::vector<std::string> flags = {});
  // With the flags that fuju-applications needs beside.
  Served ServeApplications(std::vector<std::string> program, const test_support::RedisServer& redis,
                           std::vector<std::string> flags = {});
  std::vector<std::string> Product(const std::string& name) const;
  std::vector<std::string> Role(const std::string& name) const;

  // Starts a load, or another program; its output goes to a file of its own.
  struct Running {
    test_support::ChildProcess process;
    std::string log;
  };
  Running StartLoad(std::vector<std::string> argv);
  // Waits for its end; what its last line says.
  static nlohmann::json Await(Running running);
  nlohmann::json Run(std::vector<std::string> argv) { return Await(StartLoad(std::move(argv))); }

 private:
  const StageOptions options_;
  int started_ = 0;
};

}  // namespace fuju::bench
