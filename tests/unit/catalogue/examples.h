#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "catalogue/grant.h"
#include "catalogue/subsidy_decision.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::catalogue {

// M01 of the example catalogue: wheelchair, categories 4|7, grades 1|2, 0 to 150 years, cap 1200
// yuan, ratios 1/1/1/0.5, child 1, three years.
v1::Item Wheelchair();

// A man of 40 with a physical disability of grade 1, on minimum living allowance, in 620102, who
// asks for a wheelchair at 980 yuan on 2026-03-02 and never had one: every rule holds.
SubsidyQuestion EligibleQuestion();
GrantApplication EligibleApplication();

// The moment of EligibleQuestion.
absl::Time DecisionTime();

// A catalogue with the wheelchair only, as one from before there were drafts.
storage::v1::CatalogueRecord ExampleRecord(const std::string& label = "test-1");

v1::Delivery DeliveryOn(const std::string& day, const std::string& division = "122203");

absl::CivilDay Day(absl::string_view text);
vocabulary::BasisPoints Ratio(int64_t basis_points);

}  // namespace fuju::catalogue
