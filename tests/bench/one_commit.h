#pragma once

#include <string>

#include "chassis/store/commit_script.h"

namespace fuju::bench {

// The call of the commit script for this one commit, as bytes for a Pipeline; the script is loaded.
// Takes the long texts out of `commit`.
std::string EncodedCommit(chassis::Commit& commit, const chassis::Command& command,
                          const chassis::Keys& keys);

}  // namespace fuju::bench
