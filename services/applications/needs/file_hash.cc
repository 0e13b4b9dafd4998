#include "applications/needs/file_hash.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "absl/strings/escaping.h"

// The newer interface of OpenSSL does not let out the state, which is what this is about.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace fuju::applications {

FileHash::FileHash() { SHA256_Init(&state_); }

FileHash::FileHash(const storage::v1::ReadingPosition& saved, int64_t length) {
  SHA256_Init(&state_);
  if (saved.hash_words_size() != static_cast<int>(std::size(state_.h))) return;
  std::copy(saved.hash_words().begin(), saved.hash_words().end(), std::begin(state_.h));
  // The length in bits, in two words; of whole blocks, since the rest is added again.
  const auto bits =
      static_cast<uint64_t>(length - static_cast<int64_t>(saved.hash_rest().size())) * 8;
  state_.Nl = static_cast<SHA_LONG>(bits);
  state_.Nh = static_cast<SHA_LONG>(bits >> 32U);
  Add(saved.hash_rest());
}

void FileHash::Add(absl::string_view bytes) { SHA256_Update(&state_, bytes.data(), bytes.size()); }

void FileHash::Save(storage::v1::ReadingPosition& position) const {
  position.mutable_hash_words()->Assign(std::begin(state_.h), std::end(state_.h));
  position.set_hash_rest(state_.data, state_.num);
}

std::string FileHash::Hex() const {
  SHA256_CTX end = state_;
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256_Final(digest.data(), &end);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

std::string FileHashOf(absl::string_view bytes) {
  FileHash hash;
  hash.Add(bytes);
  return hash.Hex();
}

}  // namespace fuju::applications
