#include "chassis/streams/backlog.h"

#include "chassis/streams/backlog.lua.h"

namespace fuju::chassis {

const redis::Script& BacklogScript() {
  static const auto* const script = new redis::Script(kBacklogLua);
  return *script;
}

}  // namespace fuju::chassis
