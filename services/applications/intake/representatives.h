#pragma once

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

#include "applications/application.h"
#include "applications/contact_preference.h"
#include "applications/intake/intake_book.h"
#include "fuju/applications/v1/acting.pb.h"

namespace fuju::applications {

// Who acts for an applicant (services/adr/0017). Pure.

// Writes the representatives' data in its normal form, and complains of what is wrong: also of a
// relation that stands there twice, and of a guardian or agent without a basis.
void NormaliseRepresentatives(v1::Applicant& applicant, const Complain& complain);

// Masks whom the representatives are, for answers.
void MaskRepresentatives(v1::Applicant& applicant);

// Makes `act` one that is done as `acting` says, and writes a new helper into the case.
// INVALID_ARGUMENT for a bad helper; FAILED_PRECONDITION, NOT_A_REPRESENTATIVE if the case knows
// nobody of the relation; PERMISSION_DENIED if the actor's role may not help.
absl::Status ApplyActing(const v1::Acting& acting, const IntakeBook& book, Record& record,
                         Act& act);

// Runs `decide` as `acting` says: on the case as it is then known, by the act as it was done.
Result DecideAs(const v1::Acting& acting, const IntakeBook& book, const Record& record,
                const Act& act, absl::FunctionRef<Result(const Record&, const Act&)> decide);

// "（由监护人马*代办，电话）": how a timeline entry was done, behind its text. `actor` is who did
// it, and `helper_name` may be empty. Empty if the applicant did it in person and online.
Text HelpText(const v1::ActedFor& acted_for, absl::string_view actor,
              const std::string& helper_name);

}  // namespace fuju::applications
