#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "applications/application.h"
#include "applications/intake/intake_book.h"
#include "chassis/values/decision.h"
#include "fuju/applications/storage/v1/person_record.pb.h"

namespace fuju::applications {

// What is known of a person. Applications themselves are the register of what persons stated: they
// lie in the person's partition and never change behind the submission, so nothing is copied. The
// aggregate of this room has what came otherwise, such as from a survey (adr/0017). Its id is the
// person key.
using PersonRecord = storage::v1::PersonRecord;

// "persons/<person key>".
std::string PersonNameOf(absl::string_view person_key);

// What was found about a person, and by what.
struct Finding {
  // In normal form (NormalDraft); what is empty was not found out.
  v1::Applicant found;
  v1::FactSource source = v1::FACT_SOURCE_UNSPECIFIED;
  // The person agreed that applications are filled in from it.
  bool may_prefill = false;
};

// Records a finding: what was found takes the place of what was known, with its source and day.
// Pure.
chassis::Decision<PersonRecord> RecordFinding(const PersonRecord& before,
                                              const std::string& person_key, const Finding& finding,
                                              absl::Time now);

// What a new application may be filled in with: the newest submitted application and the record,
// each only if the person agreed to it; the newer of both comes first, the other fills its gaps.
// Without consents: these are given for each application. Nothing if the person agreed to nothing.
// `applications` are the person's, newest first. Pure.
std::optional<v1::Applicant> KnownOf(const PersonRecord& record,
                                     const std::vector<v1::Application>& applications,
                                     const IntakeBook& book);

// FAILED_PRECONDITION, PERSON_INCOMPLETE names everything without which a draft can not be made.
absl::Status CheckFillsDraft(const v1::Applicant& known);

}  // namespace fuju::applications
