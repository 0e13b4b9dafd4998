#pragma once

#include <functional>
#include <string>
#include <vector>

#include "chassis/redis/client.h"
#include "chassis/redis/reply.h"
#include "simulation/keyspace.h"
#include "simulation/lua_scripts.h"
#include "support/fake_clock.h"

namespace fuju::simulation {

// One Redis of one simulated house: its own keys, the product's own scripts, the simulation's time.
// Each call is one atomic step. Not thread-safe.
class SimulatedRedis {
 public:
  // Told after every step that wrote: the slots that were written, each once.
  using Observer = std::function<void(const std::vector<Slot*>& written)>;

  // Both outlive it. `scripts` may serve several, one after the other.
  SimulatedRedis(LuaScripts* scripts, const test_support::FakeClock* clock);

  void Observe(Observer observer) { observer_ = std::move(observer); }

  // EVAL and EVALSHA included.
  chassis::redis::Reply Run(const chassis::redis::Command& command);
  chassis::redis::Reply Run(const chassis::redis::Script& script,
                            const std::vector<std::string>& keys,
                            const std::vector<std::string>& args);

  // A key as it is; it stays at its place.
  Slot& At(std::string_view key) { return keyspace_.At(key, now()); }
  const Keyspace& keyspace() const { return keyspace_; }
  // Milliseconds since 1970.
  int64_t now() const { return absl::ToUnixMillis(clock_->Now()); }

 private:
  chassis::redis::Reply RunScript(const std::string& sha1, absl::Span<const std::string> keys,
                                  absl::Span<const std::string> args);
  void Tell();

  LuaScripts* const scripts_;
  const test_support::FakeClock* const clock_;
  Keyspace keyspace_;
  Observer observer_;
};

}  // namespace fuju::simulation
