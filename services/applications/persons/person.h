#pragma once

#include <optional>
#include <vector>

#include "absl/time/civil_time.h"

#include "applications/application.h"
#include "applications/intake/intake_book.h"
#include "fuju/applications/v1/application.pb.h"

namespace fuju::applications {

// What is known of a person. Applications themselves are the register of what persons stated: they
// lie in the person's partition and never change behind the submission, so nothing is copied. What
// a survey found lies in the demand register, in the same partition (adr/0017).

// What a survey found about a person who agreed that it is kept and used for own applications.
struct Surveyed {
  // In normal form; what is empty was not found out. Facts without proof.
  v1::Applicant found;
  // The day of the survey.
  absl::CivilDay day;
};

// What a new application may be filled in with: the newest submitted application, if the person
// agreed to it, and what a survey found, with its proofs; the newer of both comes first, the other
// fills its gaps. Without consents: these are given for each application. Nothing if nothing is
// known, or the person agreed to nothing. `applications` are the person's, newest first. Pure.
std::optional<v1::Applicant> KnownOf(const std::optional<Surveyed>& surveyed,
                                     const std::vector<v1::Application>& applications,
                                     const IntakeBook& book);

// FAILED_PRECONDITION, PERSON_INCOMPLETE names everything without which a draft can not be made.
absl::Status CheckFillsDraft(const v1::Applicant& known);

}  // namespace fuju::applications
