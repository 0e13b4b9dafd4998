#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "applications/chain.h"
#include "vocabulary/region.h"

namespace fuju::applications {

// A file of the folder of chains.
struct ChainFile {
  // Without its folder: "<chain>.v<version>.json", or "areas.json".
  std::string name;
  std::string text;
};

// All chains in all their versions, and which area has which. Immutable, so safe to share between
// threads.
class ChainBook {
 public:
  // INVALID_ARGUMENT names every problem of every file at once, a line each: file, place, what is
  // wrong and how to mend it. Beside what a chain itself must be (chain_check.h): a file is called
  // after its chain and version, each version is there once, areas.json exists, its areas are of
  // `regions` and have one loaded chain each, the province among them, and a chain with a public
  // notice an objection phone. `defaults` fill the limits that chains leave open.
  static absl::StatusOr<ChainBook> Parse(absl::Span<const ChainFile> files,
                                         const vocabulary::RegionTable& regions,
                                         const Limits& defaults);

  // The chain with which a case of the county begins now.
  const Chain& ChainFor(absl::string_view county_code) const;

  // The chain with which a running case began. FAILED_PRECONDITION, CHAIN_MISSING if its file was
  // taken away.
  absl::StatusOr<const Chain*> Find(absl::string_view id, int version) const;

  // Where objections of the county are taken by phone; empty if its chain has no notice.
  const std::string& ObjectionPhone(absl::string_view county_code) const;

  // All of them, by id and version.
  std::vector<const Chain*> All() const;

  size_t size() const { return chains_.size(); }

 private:
  ChainBook() = default;
  const v1::AreaChain& AreaOf(absl::string_view county_code) const;

  std::map<std::pair<std::string, int>, Chain> chains_;
  // By area code.
  std::map<std::string, v1::AreaChain> areas_;
};

}  // namespace fuju::applications
