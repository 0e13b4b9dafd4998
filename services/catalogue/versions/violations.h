#pragma once

#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace fuju::catalogue {

// Bad cells that one refusal lists; it says how many more there are. Errors travel in trailers of
// at most 8 KiB, and the edge shortens descriptions to fit: with more cells than this, nothing but
// their addresses would arrive.
inline constexpr int kMostListedViolations = 60;

// Collects what is wrong with the files of a version. A value.
class Violations {
 public:
  void Add(std::string path, std::string zh, std::string en);
  // What stands at the place, and what is allowed there.
  void AddValue(std::string path, absl::string_view value, absl::string_view allowed_zh,
                absl::string_view allowed_en);
  // The halves of a message of the vocabulary.
  void AddStatus(std::string path, const absl::Status& why);

  // Something was said of this place already.
  bool Has(absl::string_view path) const { return paths_.contains(path); }
  bool empty() const { return count_ == 0; }

  // OK if there are none; else INVALID_ARGUMENT, CATALOGUE_INVALID.
  absl::Status ToStatus() const;

 private:
  struct Field {
    std::string path, zh, en;
  };
  int count_ = 0;
  std::vector<Field> listed_;
  absl::flat_hash_set<std::string> paths_;
};

// The beginning of a text, cut between characters.
std::string Shown(absl::string_view text);

}  // namespace fuju::catalogue
