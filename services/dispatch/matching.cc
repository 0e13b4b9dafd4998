#include "dispatch/matching.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <iterator>
#include <tuple>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"

#include "dispatch/vendor.h"

namespace fuju::dispatch {
namespace {

constexpr int64_t kSameCounty = 1000;
constexpr int64_t kPerDoubling = 10;

// FNV-1a and the finalizer of SplitMix64: written out, because std::hash and absl::Hash may differ
// from process to process.
uint64_t HashOf(const std::string& text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return hash;
}

uint64_t Mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

bool IsSuitable(const v1::Vendor& vendor, const MatchQuery& query) {
  return vendor.state() == v1::VENDOR_STATE_ACTIVE &&
         Serves(vendor, query.county_code, query.device_division) &&
         !absl::c_linear_search(query.excluded, vendor.name());
}

v1::Candidate CandidateOf(const VendorLoad& load, const MatchQuery& query) {
  const bool same_county = load.vendor.county_code() == query.county_code;
  const int64_t free = std::max<int64_t>(load.free, 0);
  const std::string in_use = absl::StrCat(std::max<int64_t>(load.vendor.capacity() - free, 0), "/",
                                          load.vendor.capacity());
  v1::Candidate candidate;
  candidate.set_vendor(load.vendor.name());
  candidate.set_vendor_name(load.vendor.name_zh());
  candidate.set_score((same_county ? kSameCounty : 0) +
                      kPerDoubling * std::bit_width(static_cast<uint64_t>(free)));
  candidate.set_explanation(
      same_county ? absl::StrCat("同县，在办", in_use, " / same county, load ", in_use)
                  : absl::StrCat("服务该县，在办", in_use, " / serves the county, load ", in_use));
  return candidate;
}

}  // namespace

std::vector<v1::Vendor> SuitableVendors(const std::vector<v1::Vendor>& all,
                                        const MatchQuery& query) {
  std::vector<v1::Vendor> suitable;
  absl::c_copy_if(all, std::back_inserter(suitable),
                  [&](const v1::Vendor& vendor) { return IsSuitable(vendor, query); });
  return suitable;
}

std::vector<v1::Candidate> RankVendors(const std::vector<VendorLoad>& vendors,
                                       const MatchQuery& query, int most) {
  struct Ranked {
    v1::Candidate candidate;
    uint64_t lot;
  };
  std::vector<Ranked> ranked;
  for (const VendorLoad& load : vendors) {
    if (!IsSuitable(load.vendor, query)) continue;
    ranked.push_back({CandidateOf(load, query), Mix(query.seed ^ HashOf(load.vendor.name()))});
  }
  absl::c_sort(ranked, [](const Ranked& a, const Ranked& b) {
    return std::make_tuple(-a.candidate.score(), a.lot, std::cref(a.candidate.vendor())) <
           std::make_tuple(-b.candidate.score(), b.lot, std::cref(b.candidate.vendor()));
  });
  std::vector<v1::Candidate> candidates;
  for (Ranked& r : ranked) {
    if (static_cast<int>(candidates.size()) == most) break;
    candidates.push_back(std::move(r.candidate));
  }
  return candidates;
}

uint64_t SeedOf(const std::string& application_id) { return Mix(HashOf(application_id)); }

}  // namespace fuju::dispatch
