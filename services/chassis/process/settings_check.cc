#include "absl/status/status.h"
#include "absl/strings/str_join.h"

#include "chassis/process/process.h"

namespace fuju::chassis {

void SettingsCheck::Require(bool holds, std::string_view complaint) {
  if (!holds) complaints_.emplace_back(complaint);
}

absl::Status SettingsCheck::Result() const {
  if (complaints_.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrJoin(complaints_, "\n"));
}

}  // namespace fuju::chassis
