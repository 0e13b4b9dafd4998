#include <array>

#include "absl/strings/escaping.h"
#include <openssl/sha.h>

#include "chassis/redis/client.h"

namespace fuju::chassis::redis {

Script::Script(std::string_view text) : text_(text) {
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  sha1_ = absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

}  // namespace fuju::chassis::redis
