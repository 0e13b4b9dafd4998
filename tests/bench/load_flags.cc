#include "bench/load_flags.h"

#include "absl/strings/str_cat.h"

namespace fuju::bench {

std::vector<std::string> LoadArguments(const Stage& stage, const std::string& role,
                                       const Served& target, const test_support::RedisServer& redis,
                                       int first, int calls) {
  std::vector<std::string> argv = stage.Role(role);
  for (const std::string& flag :
       {absl::StrCat("--target=", target.address),
        absl::StrCat("--server_pid=", target.process.pid()),
        absl::StrCat("--redis_pid=", redis.pid()), absl::StrCat("--first=", first),
        absl::StrCat("--count=", calls), absl::StrCat("--data_dir=", stage.data_dir())}) {
    argv.push_back(flag);
  }
  return argv;
}

}  // namespace fuju::bench
