#include "vocabulary/invalid_value.h"

#include "absl/strings/str_cat.h"

namespace fuju::vocabulary {

absl::Status InvalidValue(absl::string_view zh, absl::string_view en) {
  return absl::InvalidArgumentError(absl::StrCat(zh, kLanguageSeparator, en));
}

absl::Status MissingData(absl::string_view zh, absl::string_view en) {
  return absl::FailedPreconditionError(absl::StrCat(zh, kLanguageSeparator, en));
}

}  // namespace fuju::vocabulary
