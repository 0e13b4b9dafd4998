#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"

#include "chassis/store/command.h"
#include "chassis/store/commit_script.h"
#include "chassis/values/decision.h"

namespace fuju::chassis {

// Puts facts into their envelopes, serialized: consecutive versions after the loaded one, all else
// from the commit and the command.
std::vector<std::string> SerializeEvents(const std::vector<Fact>& facts, const Commit& commit,
                                         const Command& command, const std::string& service,
                                         absl::Time now);

}  // namespace fuju::chassis
