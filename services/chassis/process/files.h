#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace fuju::chassis {

// Largest file that ReadTextFile takes, in bytes.
inline constexpr int64_t kLargestTextFile = int64_t{64} << 20;

// The bytes of a regular file, such as a table or a secret that a flag names, read at start. The
// errors name the path and what the system said, never the content: NOT_FOUND if there is no such
// file, PERMISSION_DENIED, INVALID_ARGUMENT if it is no regular file or larger than
// kLargestTextFile, UNAVAILABLE if reading fails. Thread-safe; waits for the disk.
absl::StatusOr<std::string> ReadTextFile(const std::string& path);

struct NamedText {
  // Without its folder.
  std::string name;
  std::string text;
};

// The files of a folder with this extension, such as ".json", by name; its folders are left out.
// NOT_FOUND if there is no such folder, or none of them in it; else as ReadTextFile.
absl::StatusOr<std::vector<NamedText>> ReadTextFiles(const std::string& folder,
                                                     std::string_view extension);

}  // namespace fuju::chassis
