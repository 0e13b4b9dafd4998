#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include <openssl/sha.h>

#include "fuju/applications/storage/v1/need_record.pb.h"

namespace fuju::applications {

// SHA-256 of a file that arrives in several sittings: its state can be kept and taken up again, so
// that the whole file is hashed although no sitting sees all of it. A value.
class FileHash {
 public:
  FileHash();
  // As Save left it, after `length` bytes.
  FileHash(const storage::v1::ReadingPosition& saved, int64_t length);

  void Add(absl::string_view bytes);
  void Save(storage::v1::ReadingPosition& position) const;
  // 64 lower-case hex digits of all bytes so far.
  std::string Hex() const;

 private:
  SHA256_CTX state_;
};

// The same of one text.
std::string FileHashOf(absl::string_view bytes);

}  // namespace fuju::applications
