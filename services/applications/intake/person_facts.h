#pragma once

#include "absl/time/time.h"

#include "applications/contact_preference.h"
#include "applications/intake/intake_book.h"
#include "chassis/values/refusal.h"
#include "fuju/applications/v1/application.pb.h"
#include "fuju/applications/v1/intake_events.pb.h"

namespace fuju::applications {

// What is known of a person, with its sources. Pure.

// Complains of facts that contradict themselves or the certificate's number.
void CheckFactsAgree(const v1::Applicant& applicant, absl::CivilDay today,
                     const Complain& complain);

// Facts keep the proofs that they have in `before` if their values are the same, else they lose
// them: only an office gives one.
void CarryProofs(const v1::Applicant& before, v1::Applicant& applicant);

// Complains of each fact with which nothing can be handed in now: missing, expired, of another
// county, or without a certificate where one is needed; each with what to do.
void CheckFactsHold(const v1::Application& application, const IntakeBook& book, absl::Time now,
                    chassis::Refusal& refusal);

// Nothing is known that ends it: it is not cancelled, frozen, or out of date. A lost one is still
// in force, though nothing can be handed in with it.
bool IsCertificateInForce(const v1::CertificateFacts& facts, absl::CivilDay today);

// Whether somebody other than the applicant has looked at the fact, and that still holds.
bool IsVerified(const v1::Applicant& applicant, v1::PersonFact fact, absl::Time now);

}  // namespace fuju::applications
