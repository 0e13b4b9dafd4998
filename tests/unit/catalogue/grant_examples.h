#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "catalogue/grant.h"
#include "unit/catalogue/examples.h"

namespace fuju::catalogue {

// What tests of grants are made of: the application of EligibleApplication, by the example
// catalogue.

inline constexpr char kId[] = "620102-01HZX3M9Q2V7N8K4T6R5W1Y0AB";
inline constexpr char kVendor[] = "vendors/91620100MA00000000";

v1::SubsidyDecision Assess(const GrantApplication& application, bool county_known = true);

// Money of the county's own fund alone.
FundsAtHand CountyOnly(int64_t amount_fen);

// "4:available>reserved 98000", one text a transfer.
std::vector<std::string> Moves(const v1::Grant& grant);

// Reserved, version 1.
chassis::Versioned<v1::Grant> Opened(const GrantApplication& application = EligibleApplication());

// The grant that the one fact of a decision tells.
template <typename Fact>
const v1::Grant& GrantOf(const chassis::Decision<v1::Grant>& decision) {
  EXPECT_EQ(decision.facts.size(), 1u);
  const auto* fact = dynamic_cast<const Fact*>(decision.facts.at(0).get());
  EXPECT_NE(fact, nullptr) << decision.facts.at(0)->GetTypeName();
  return fact == nullptr ? v1::Grant::default_instance() : fact->grant();
}

}  // namespace fuju::catalogue
