#include "applications/intake/field_complaints.h"

#include <cstddef>

#include "absl/strings/str_cat.h"

#include "vocabulary/invalid_value.h"

namespace fuju::applications {

void AddComplaint(chassis::Refusal& refusal, absl::string_view path, const absl::Status& why) {
  const std::string message(why.message());
  const size_t cut = message.find(std::string(vocabulary::kLanguageSeparator));
  if (cut == std::string::npos) {
    refusal.Field(std::string(path), message, message);
  } else {
    refusal.Field(std::string(path), message.substr(0, cut),
                  message.substr(cut + vocabulary::kLanguageSeparator.size()));
  }
}

void AddApplicantComplaint(chassis::Refusal& refusal, absl::string_view field, absl::string_view zh,
                           absl::string_view en) {
  refusal.Field(absl::StrCat(kApplicantPath, field), std::string(zh), std::string(en));
}

}  // namespace fuju::applications
