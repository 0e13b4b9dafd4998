#pragma once

#include "fuju/applications/v1/application.pb.h"

namespace fuju::test_support {

// Adds what an invented applicant needs beside their own data so that the application can be handed
// in by the shipped rules (deploy/data/gansu): every consent, the proof of an economic status, and
// for a child a guardian with the proof of it.
void CompleteApplicant(applications::v1::Applicant& applicant, bool child = false);

// A document that lies somewhere.
applications::v1::Document DocumentOf(const char* kind);

}  // namespace fuju::test_support
