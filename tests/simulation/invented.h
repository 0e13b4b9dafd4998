#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "fuju/applications/v1/application.pb.h"
#include "fuju/dispatch/v1/dispatch.pb.h"
#include "fuju/fitting/v1/fitting.pb.h"

namespace fuju::simulation {

// People and things of a simulated house; none of them exists.

inline constexpr int kVendors = 2;
inline constexpr int kFiscalYear = 2026;
// Enough for one case, and for all of a run.
inline constexpr int64_t kScarceBudget = 100'000;
inline constexpr int64_t kAmpleBudget = 10'000'000;
inline constexpr char kItem[] = "M01";
// Of different partitions.
inline constexpr std::array<const char*, 2> kCounties = {"620102", "620103"};
// With a chain that has every kind of stage; the others have one review.
inline constexpr const char* kFullChainCounty = kCounties[1];
// Of no case that is drawn; it has not enough for one.
inline constexpr char kPoorCounty[] = "620104";
inline constexpr int64_t kPoorBudget = 100;
inline constexpr int64_t kQuote = 98'000;
inline constexpr int64_t kLowerPrice = 90'000;
inline constexpr char kStaffNumber[] = "T1";

// A wheelchair for a man who may have one; the purpose says which case it is.
applications::v1::Application InventedDraft(int person, int number, const std::string& county);
// Serves both counties, with room for so many jobs at a time.
dispatch::v1::Vendor InventedVendor(int number, int capacity);
// Works on all days but Sunday.
fitting::v1::Technician InventedTechnician();
fitting::v1::HandOver InventedHandOver(const std::string& serial_number);

}  // namespace fuju::simulation
