#pragma once

#include <string>

#include "absl/status/status.h"
#include <google/protobuf/field_mask.pb.h>

#include "applications/application.h"
#include "applications/questionnaire_set.h"
#include "fuju/type/v1/person.pb.h"
#include "vocabulary/person_key.h"

namespace fuju::applications {

// The files that a draft is checked against, and the key of persons. All of it outlives it.
struct DraftBooks {
  const QuestionnaireSet& questionnaires;
  const IntakeBook& intake;
  const vocabulary::PersonKeyer& keyer;
};

// The fields that the caller of a creation may set, the applicant's data in its normal form, the
// person key, and what is recommended for the answers to questionnaires; consents and documents are
// stamped with the act. What stands in `known`, too, keeps its proofs and stamps. The rest of
// `draft` is left out. INVALID_ARGUMENT, CERTIFICATE_MISMATCH if the certificate is another
// person's.
absl::StatusOr<v1::Application> NormalDraft(const v1::Application& draft, const DraftBooks& books,
                                            const Act& act, const v1::Applicant& known = {});

// Makes a draft of what NormalDraft returned. `id` ends with the person's tail. It is kept for
// IntakeBook::draft_limit after its last change.
Result DecideCreate(const std::string& id, const v1::Application& draft, const IntakeBook& intake,
                    const Act& act);

// The paths that an update may name: "county_code", "questionnaire_answers", "applicant", "request"
// and what is below the last two. INVALID_ARGUMENT names each other one. The name stays when the
// county changes.
absl::Status CheckUpdateMask(const google::protobuf::FieldMask& mask);

// Sets the masked fields of a draft to the values in `patch`. No effect if they have them already.
// The mask has passed CheckUpdateMask. Errors as NormalDraft; and a draft stays its person's:
// INVALID_ARGUMENT for the resident id of another one. Answers to questionnaires are looked at only
// if the mask names them: those given to a version that is gone do not stand in the way of another
// change.
Result DecideUpdate(const Record& record, const v1::Application& patch,
                    const google::protobuf::FieldMask& mask, const DraftBooks& books,
                    const Act& act);

// What the decision on the subsidy looks at; the applicant's data is in its normal form. Without a
// certificate the diagnosis stands in for it.
absl::StatusOr<type::v1::EligibilityFacts> FactsOf(const v1::Application& application,
                                                   absl::Time now);

// Hands a draft in: it gets the chain of its county and the date that is promised
// (CALENDAR_MISSING without that year). FAILED_PRECONDITION, DRAFT_INCOMPLETE names everything that
// is missing or does not hold. The commit refuses it while the person's open claim is another's
// (footprint.h).
Result DecideSubmit(const Record& record, const QuestionnaireSet& questionnaires,
                    const Rules& rules, const Act& act);

}  // namespace fuju::applications
