#pragma once

#include <string>
#include <vector>

#include "support/child_process.h"

namespace fuju::chassis {

// The processes that tests kill. Each knows: the port of Redis, the service, its source, and a name
// of its own. Services have two partitions.
//
// --holder: a consumer. A reaction reads the key "mood:<service>": "broken" fails events of version
// 1, "deadly" ends the process at them; else "<subject>@<version>" goes to the list
// "handled:<service>".
//
// --replayer: replays all letters of the source by the request id "r1", then ends with 0.
inline constexpr char kHolder[] = "--holder";
inline constexpr char kReplayer[] = "--replayer";

test_support::ChildProcess StartChild(const char* what, int redis_port, const std::string& service,
                                      const std::string& source, const std::string& name);

// In the child.
int RunChild(char** argv);

}  // namespace fuju::chassis
