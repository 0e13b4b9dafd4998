#pragma once

#include "applications/application.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::applications {

// The money of a case as the catalogue decides it. Each question has a number
// (Application.funding_request), and its answer names it: after a transfer the answer for the old
// county may still be on its way, and must not be taken for that of the new one.

// The catalogue is asked: by the fact that the change publishes.
void AskFunding(Change& change);

// The grant answers the question that is open. One without a number comes from a catalogue that
// does not know of them yet.
bool IsAnswer(const Record& record, const catalogue::v1::Grant& grant);

// What the fund and what the person pays by the grant; `reserved` stays as it is.
void SetSubsidy(v1::Application& application, const catalogue::v1::Grant& grant);

}  // namespace fuju::applications
