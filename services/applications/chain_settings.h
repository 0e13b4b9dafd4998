#pragma once

#include <string>

#include "absl/status/statusor.h"

#include "applications/chain_book.h"

namespace fuju::applications {

// Reads every *.json of a folder as ChainBook::Parse does. Errors as chassis::ReadTextFiles and
// ChainBook::Parse. Waits for the disk.
absl::StatusOr<ChainBook> ReadChains(const std::string& folder,
                                     const vocabulary::RegionTable& regions,
                                     const Limits& defaults);

}  // namespace fuju::applications
