#include "vocabulary/person_key.h"

#include <array>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "vocabulary/invalid_value.h"

namespace fuju::vocabulary {
namespace {

constexpr size_t kHexLength = 64;

}  // namespace

PersonKeyer::PersonKeyer(std::string pepper) : pepper_(std::move(pepper)) {}

absl::StatusOr<PersonKeyer> PersonKeyer::Create(absl::string_view pepper) {
  while (!pepper.empty() && (pepper.back() == '\n' || pepper.back() == '\r')) {
    pepper.remove_suffix(1);
  }
  if (pepper.size() < kShortestPepper) {
    return InvalidValue(
        absl::StrCat("人员标识密钥至少", kShortestPepper, "字节，现为", pepper.size(), "字节"),
        absl::StrCat("the person key pepper needs at least ", kShortestPepper, " bytes, not ",
                     pepper.size()));
  }
  return PersonKeyer(std::string(pepper));
}

absl::StatusOr<std::string> PersonKeyer::KeyOf(const ResidentId& person) const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int length = 0;
  const std::string& id = person.text();
  const unsigned char* made =
      HMAC(EVP_sha256(), pepper_.data(), static_cast<int>(pepper_.size()),
           reinterpret_cast<const unsigned char*>(id.data()), id.size(), digest.data(), &length);
  if (made == nullptr || length * 2 != kHexLength) {
    return absl::InternalError("HMAC-SHA256 is not available from the crypto library");
  }
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest.data()), length));
}

bool IsPersonKey(absl::string_view text) {
  for (const char c : text) {
    const bool digit = absl::ascii_isdigit(static_cast<unsigned char>(c));
    if (!digit && (c < 'a' || c > 'f')) return false;
  }
  return text.size() == kHexLength;
}

}  // namespace fuju::vocabulary
