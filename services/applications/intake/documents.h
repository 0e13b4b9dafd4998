#pragma once

#include <string>
#include <vector>

#include <google/protobuf/repeated_field.h>

#include "applications/application.h"
#include "applications/intake/intake_book.h"
#include "applications/intake/situation.h"
#include "chassis/values/refusal.h"

namespace fuju::applications {

// Documents as a checklist. Pure.

// Stamps the documents that are not yet in `before` with who attaches them, and complains of
// unknown kinds and of those that lie nowhere, at "<path>[...]". What is in `before` stays as it
// is.
void NormaliseDocuments(const v1::Applicant& before, const IntakeBook& book, const Act& act,
                        const std::string& path,
                        google::protobuf::RepeatedPtrField<v1::Document>& documents,
                        chassis::Refusal& refusal);

// What the situation needs; what the applicant has attached, or an office has verified, is marked.
// `applicant` is empty where there is none yet.
std::vector<v1::RequiredDocument> RequiredDocuments(const IntakeBook& book,
                                                    const Situation& situation,
                                                    const v1::Applicant& applicant, absl::Time now);

// Complains of each document that is needed and not there.
void CheckDocumentsAttached(const IntakeBook& book, const v1::Application& application,
                            absl::Time now, chassis::Refusal& refusal);

// Complains of each kind that there is none of, at "document_kinds[...]".
absl::Status CheckDocumentKinds(const IntakeBook& book, const std::vector<std::string>& kinds);

// The names of the kinds, one after the other.
Text DocumentNames(const IntakeBook& book, const std::vector<std::string>& kinds);

// FAILED_PRECONDITION, DOCUMENT_MISSING names every kind that the reviewer asked for and that was
// not attached since the case was returned.
absl::Status CheckAskedDocuments(const IntakeBook& book, const v1::Application& application,
                                 absl::Time returned);

}  // namespace fuju::applications
