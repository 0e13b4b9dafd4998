#include "simulation/simulated_redis.h"

#include "absl/strings/numbers.h"

#include "simulation/redis_commands.h"

namespace fuju::simulation {

using chassis::redis::Reply;

SimulatedRedis::SimulatedRedis(LuaScripts* scripts, const test_support::FakeClock* clock)
    : scripts_(scripts), clock_(clock) {}

Reply SimulatedRedis::Run(const chassis::redis::Command& command) {
  if (command[0] == "EVALSHA" || command[0] == "EVAL") {
    std::string sha1 = command[1];
    if (command[0] == "EVAL") {
      const chassis::redis::Script script(command[1]);
      sha1 = script.sha1();
      if (!scripts_->Knows(sha1)) scripts_->Load(sha1, command[1]);
    }
    if (!scripts_->Knows(sha1)) return Reply::Error("NOSCRIPT No matching script");
    size_t keys = 0;
    (void)absl::SimpleAtoi(command[2], &keys);
    const auto words = absl::MakeConstSpan(command);
    return RunScript(sha1, words.subspan(3, keys), words.subspan(3 + keys));
  }
  Reply reply = RunCommand(keyspace_, now(), command);
  Tell();
  return reply;
}

Reply SimulatedRedis::Run(const chassis::redis::Script& script,
                          const std::vector<std::string>& keys,
                          const std::vector<std::string>& args) {
  if (!scripts_->Knows(script.sha1())) scripts_->Load(script.sha1(), script.text());
  return RunScript(script.sha1(), keys, args);
}

Reply SimulatedRedis::RunScript(const std::string& sha1, absl::Span<const std::string> keys,
                                absl::Span<const std::string> args) {
  // Time stands still within a script, as in Redis.
  const int64_t time = now();
  Reply reply = scripts_->Run(sha1, keys, args, [this, time](absl::Span<const std::string> words) {
    return RunCommand(keyspace_, time, words);
  });
  Tell();
  return reply;
}

void SimulatedRedis::Tell() {
  const std::vector<Slot*>& written = keyspace_.TakeTouched();
  if (!written.empty() && observer_) observer_(written);
}

}  // namespace fuju::simulation
