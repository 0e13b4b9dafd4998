#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace fuju::applications {

// Enough of an address to recognise one's own village or street by, never the house.
std::string MaskAddress(absl::string_view address);

}  // namespace fuju::applications
