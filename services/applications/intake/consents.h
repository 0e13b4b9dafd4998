#pragma once

#include <string>

#include "applications/application.h"
#include "applications/intake/intake_book.h"
#include "chassis/values/refusal.h"

namespace fuju::applications {

// What an applicant agreed to. Pure.

// Stamps the consents that are not yet in `before` with who enters them, and complains of unknown
// purposes and versions. What is in `before` stays as it is.
void NormaliseConsents(const v1::Applicant& before, const IntakeBook& book, const Act& act,
                       v1::Applicant& applicant, chassis::Refusal& refusal);

// Complains of each consent that nobody applies without and that was not given to its newest text.
void CheckConsentsGiven(const v1::Applicant& applicant, const IntakeBook& book,
                        chassis::Refusal& refusal);

// Whether the person agreed, and still does, to the purpose that decides the effect; `if_not_asked`
// if the case is from before there were consents.
bool Agrees(const v1::Applicant& applicant, v1::ConsentEffect effect, const IntakeBook& book,
            bool if_not_asked);

// Withdraws the consent to a purpose, in any state; no effect if it was withdrawn already.
// FAILED_PRECONDITION, CONSENT_REQUIRED while the case is open, if nobody applies without it.
// INVALID_ARGUMENT if it was not given.
Result DecideWithdrawConsent(const Record& record, const std::string& purpose,
                             const IntakeBook& book, const Act& act);

}  // namespace fuju::applications
