#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"

#include "chassis/redis/reply.h"

struct lua_State;

namespace fuju::simulation {

// Runs the product's own Lua scripts, by the same Lua 5.1 that Redis embeds, with KEYS, ARGV,
// redis.call and redis.pcall as Redis gives them. One interpreter; not thread-safe.
class LuaScripts {
 public:
  using Command = std::function<chassis::redis::Reply(absl::Span<const std::string>)>;

  LuaScripts();
  ~LuaScripts();
  LuaScripts(const LuaScripts&) = delete;
  LuaScripts& operator=(const LuaScripts&) = delete;

  bool Knows(const std::string& sha1) const { return compiled_.contains(sha1); }
  void Load(const std::string& sha1, std::string_view text);

  // Runs a script that was loaded. `command` runs what the script calls. The answer, converted as
  // Redis converts it; a script that fails answers an error reply.
  chassis::redis::Reply Run(const std::string& sha1, absl::Span<const std::string> keys,
                            absl::Span<const std::string> args, const Command& command);

 private:
  static int OnCall(lua_State* lua);
  static int OnPcall(lua_State* lua);
  // True if the answer that was pushed is an error.
  bool Perform();

  lua_State* const lua_;
  // Registry index of each compiled script.
  absl::flat_hash_map<std::string, int> compiled_;
  const Command* command_ = nullptr;
  // Kept between calls for their memory.
  std::vector<std::string> words_;
};

}  // namespace fuju::simulation
