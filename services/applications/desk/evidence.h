#pragma once

#include <vector>

#include "absl/status/statusor.h"

#include "applications/application.h"
#include "fuju/applications/v1/review_desk.pb.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::applications {

// The parts of the evidence, each of what its source answered. Pure. An error becomes the reason
// why the part is missing.

// `grant` NOT_FOUND: the catalogue has decided nothing yet.
v1::SubsidyEvidence SubsidyEvidenceOf(const absl::StatusOr<catalogue::v1::Grant>& grant,
                                      const Record& record);
v1::BudgetEvidence BudgetEvidenceOf(const absl::StatusOr<catalogue::v1::Budget>& budget);

// All applications of a person, newest first.
struct PersonsApplications {
  std::vector<Record> records;
  // There are more.
  bool more = false;
};
// `record` is the one that the others are evidence for.
v1::PersonEvidence PersonEvidenceOf(const absl::StatusOr<PersonsApplications>& all,
                                    const Record& record);

// "grants/<application id>", and the budget from which a case is paid: of the year that the
// catalogue decided for, else of the year in which `now` is.
std::string GrantNameOf(const Record& record);
std::string BudgetNameOf(const Record& record, absl::Time now);

}  // namespace fuju::applications
