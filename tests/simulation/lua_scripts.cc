#include "simulation/lua_scripts.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include <lua.hpp>

namespace fuju::simulation {
namespace {

using chassis::redis::Reply;

void Push(lua_State* lua, const Reply& reply) {
  switch (reply.type()) {
    case Reply::Type::kNil:
      lua_pushboolean(lua, 0);
      return;
    case Reply::Type::kInteger:
      lua_pushnumber(lua, static_cast<lua_Number>(reply.integer()));
      return;
    case Reply::Type::kString:
    case Reply::Type::kStatus:
      lua_pushlstring(lua, reply.text().data(), reply.text().size());
      return;
    case Reply::Type::kError:
      lua_createtable(lua, 0, 1);
      lua_pushlstring(lua, reply.text().data(), reply.text().size());
      lua_setfield(lua, -2, "err");
      return;
    case Reply::Type::kArray:
      luaL_checkstack(lua, 4, "deep reply");
      lua_createtable(lua, static_cast<int>(reply.size()), 0);
      for (size_t i = 0; i < reply.size(); ++i) {
        Push(lua, reply[i]);
        lua_rawseti(lua, -2, static_cast<int>(i + 1));
      }
      return;
  }
}

std::string TextAt(lua_State* lua, int index) {
  size_t size = 0;
  const char* const text = lua_tolstring(lua, index, &size);
  return std::string(text, size);
}

// The value on top of the stack as Redis answers it; popped.
Reply Pop(lua_State* lua) {
  Reply reply;
  switch (lua_type(lua, -1)) {
    case LUA_TNUMBER:
      reply = Reply::Integer(static_cast<int64_t>(lua_tonumber(lua, -1)));
      break;
    case LUA_TSTRING:
      reply = Reply::String(TextAt(lua, -1));
      break;
    case LUA_TBOOLEAN:
      if (lua_toboolean(lua, -1) != 0) reply = Reply::Integer(1);
      break;
    case LUA_TTABLE: {
      lua_getfield(lua, -1, "err");
      const bool is_error = lua_isstring(lua, -1) != 0;
      if (is_error) reply = Reply::Error(TextAt(lua, -1));
      lua_pop(lua, 1);
      if (is_error) break;
      std::vector<Reply> items;
      for (int i = 1;; ++i) {
        lua_rawgeti(lua, -1, i);
        if (lua_isnil(lua, -1)) break;
        items.push_back(Pop(lua));
      }
      lua_pop(lua, 1);
      reply = Reply::Array(std::move(items));
      break;
    }
    default:
      break;
  }
  lua_pop(lua, 1);
  return reply;
}

void SetList(lua_State* lua, const char* name, absl::Span<const std::string> list) {
  lua_createtable(lua, static_cast<int>(list.size()), 0);
  for (size_t i = 0; i < list.size(); ++i) {
    lua_pushlstring(lua, list[i].data(), list[i].size());
    lua_rawseti(lua, -2, static_cast<int>(i + 1));
  }
  lua_setglobal(lua, name);
}

}  // namespace

LuaScripts::LuaScripts() : lua_(luaL_newstate()) {
  luaL_openlibs(lua_);
  lua_pushlightuserdata(lua_, this);
  lua_setfield(lua_, LUA_REGISTRYINDEX, "scripts");
  lua_createtable(lua_, 0, 2);
  lua_pushcfunction(lua_, OnCall);
  lua_setfield(lua_, -2, "call");
  lua_pushcfunction(lua_, OnPcall);
  lua_setfield(lua_, -2, "pcall");
  lua_setglobal(lua_, "redis");
}

LuaScripts::~LuaScripts() { lua_close(lua_); }

// Lua's errors are long jumps: nothing with a destructor may be alive where one is raised.
int LuaScripts::OnCall(lua_State* lua) {
  lua_getfield(lua, LUA_REGISTRYINDEX, "scripts");
  auto* const self = static_cast<LuaScripts*>(lua_touserdata(lua, -1));
  lua_pop(lua, 1);
  if (!self->Perform()) return 1;
  lua_getfield(lua, -1, "err");
  return lua_error(lua);
}

int LuaScripts::OnPcall(lua_State* lua) {
  lua_getfield(lua, LUA_REGISTRYINDEX, "scripts");
  auto* const self = static_cast<LuaScripts*>(lua_touserdata(lua, -1));
  lua_pop(lua, 1);
  self->Perform();
  return 1;
}

bool LuaScripts::Perform() {
  const auto count = static_cast<size_t>(lua_gettop(lua_));
  if (words_.size() < count) words_.resize(count);
  for (size_t i = 0; i < count; ++i) {
    size_t size = 0;
    const char* const text = lua_tolstring(lua_, static_cast<int>(i + 1), &size);
    words_[i].assign(text, size);
  }
  const Reply reply = (*command_)(absl::MakeConstSpan(words_.data(), count));
  Push(lua_, reply);
  return reply.is_error();
}

void LuaScripts::Load(const std::string& sha1, std::string_view text) {
  if (luaL_loadbuffer(lua_, text.data(), text.size(), "@script") != 0) {
    std::fprintf(stderr, "a script does not compile: %s\n", lua_tostring(lua_, -1));
    std::abort();
  }
  compiled_[sha1] = luaL_ref(lua_, LUA_REGISTRYINDEX);
}

Reply LuaScripts::Run(const std::string& sha1, absl::Span<const std::string> keys,
                      absl::Span<const std::string> args, const Command& command) {
  command_ = &command;
  SetList(lua_, "KEYS", keys);
  SetList(lua_, "ARGV", args);
  lua_rawgeti(lua_, LUA_REGISTRYINDEX, compiled_.at(sha1));
  const int failed = lua_pcall(lua_, 0, 1, 0);
  command_ = nullptr;
  if (failed == 0) return Pop(lua_);
  std::string error = absl::StrCat("ERR script: ", TextAt(lua_, -1));
  lua_pop(lua_, 1);
  return Reply::Error(std::move(error));
}

}  // namespace fuju::simulation
