#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "chassis/process/process.h"

namespace fuju::chassis {

void SettingsCheck::Require(bool holds, std::string_view complaint) {
  if (!holds) complaints_.emplace_back(complaint);
}

void SettingsCheck::RequireBetween(const char* flag, int64_t value, int64_t least, int64_t most) {
  Require(value >= least && value <= most,
          absl::StrCat("--", flag, " must be ", least, " to ", most, ", not ", value));
}

absl::Status SettingsCheck::Result() const {
  if (complaints_.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrJoin(complaints_, "\n"));
}

}  // namespace fuju::chassis
