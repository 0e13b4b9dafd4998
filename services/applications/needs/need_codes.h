#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

#include "fuju/applications/v1/need.pb.h"
#include "fuju/type/v1/person.pb.h"

namespace fuju::applications {

// The code lists of a survey, as they are written in its cells: the Chinese word, short forms that
// are in use, or the code or English word, in any case. Pure.

std::optional<v1::NeedArea> NeedAreaOf(absl::string_view cell);
std::optional<v1::NeedUrgency> NeedUrgencyOf(absl::string_view cell);
std::optional<type::v1::EconomicStatus> EconomicStatusOf(absl::string_view cell);
// "Not agreed" is UNSPECIFIED.
std::optional<v1::NeedConsent> NeedConsentOf(absl::string_view cell);

// What such a cell may say: "出行、日常照料、……" and "mobility, daily_care, ...".
struct AllowedWords {
  std::string zh;
  std::string en;
};
const AllowedWords& NeedAreaWords();
const AllowedWords& NeedUrgencyWords();
const AllowedWords& EconomicStatusWords();
const AllowedWords& NeedConsentWords();

}  // namespace fuju::applications
