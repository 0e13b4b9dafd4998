#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fuju/dispatch/v1/dispatch.pb.h"

namespace fuju::dispatch {

// Who is asked first. Pure: the same vendors, query and seed give the same order in every process
// and release, so that an auditor can replay a ranking.
//
// The rule (domain.md 1.5): filter by active, county and device class; the vendors whose seat is in
// the county come first, then those with more free capacity. Free capacity is compared in powers of
// two, so that vendors which differ little are near-equals; near-equals stand in an order drawn
// from the seed, so that over many cases each of them is first equally often.

// A vendor with what was known of its free capacity. Only a hint: the offer's commit decides.
struct VendorLoad {
  v1::Vendor vendor;
  int64_t free = 0;
};

struct MatchQuery {
  std::string county_code;
  // Six digits.
  std::string device_division;
  uint64_t seed = 0;
  // Names of vendors that must not be asked.
  std::vector<std::string> excluded;
};

// Vendors of `all` that may be asked at all, in the order given.
std::vector<v1::Vendor> SuitableVendors(const std::vector<v1::Vendor>& all,
                                        const MatchQuery& query);

// The suitable ones of `vendors` in the order of asking, at most `most`.
std::vector<v1::Candidate> RankVendors(const std::vector<VendorLoad>& vendors,
                                       const MatchQuery& query, int most);

// Seed of the ranking for an application: a hash of its id.
uint64_t SeedOf(const std::string& application_id);

}  // namespace fuju::dispatch
