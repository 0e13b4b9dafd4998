#include "applications/masked_address.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"

#include "vocabulary/utf8.h"

namespace fuju::applications {
namespace {

constexpr size_t kShownOfAddress = 6;

}  // namespace

std::string MaskAddress(absl::string_view address) {
  std::optional<std::vector<char32_t>> text = vocabulary::DecodeUtf8(address);
  if (!text.has_value()) return "****";
  text->resize(std::min(kShownOfAddress, text->size() / 3));
  return absl::StrCat(vocabulary::EncodeUtf8(*text), "****");
}

}  // namespace fuju::applications
