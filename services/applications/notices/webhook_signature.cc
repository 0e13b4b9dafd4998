#include "applications/notices/webhook_signature.h"

#include <array>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace fuju::applications {
namespace {

constexpr size_t kShortestSecret = 16;

}  // namespace

std::string WebhookSignature(absl::string_view secret, absl::Time now, absl::string_view body) {
  const std::string signed_text = absl::StrCat(absl::ToUnixSeconds(now), ".", body);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(signed_text.data()), signed_text.size(),
       digest.data(), &size);
  const absl::string_view bytes(reinterpret_cast<const char*>(digest.data()), size);
  return absl::StrCat("t=", absl::ToUnixSeconds(now), ",v1=", absl::BytesToHexString(bytes));
}

absl::StatusOr<std::string> NewestSecret(absl::string_view file) {
  for (const absl::string_view line : absl::StrSplit(file, '\n')) {
    const absl::string_view secret = absl::StripAsciiWhitespace(line);
    if (secret.empty()) continue;
    if (secret.size() < kShortestSecret) break;
    return std::string(secret);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("has no secret of at least ", kShortestSecret, " bytes in its first line"));
}

}  // namespace fuju::applications
