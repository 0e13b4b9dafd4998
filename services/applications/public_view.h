#pragma once

#include <string>

#include "fuju/applications/storage/v1/application_record.pb.h"
#include "fuju/applications/v1/applications_service.pb.h"

namespace fuju::applications {

// What others see of a stored application. Pure.

// For a party of the case: everything, the applicant's data masked, people's own words beside the
// timeline and the outcome.
v1::Application AnswerView(const storage::v1::ApplicationRecord& record, std::string etag);

// The same as one of many in a list: without the answers to questionnaires, the diagnosis, consents
// and documents, which speak of a person's health or are long, and are read case by case.
v1::Application ListView(const storage::v1::ApplicationRecord& record, std::string etag);

// For events, which many read and nobody can take back: no applicant, no answers to questionnaires,
// and no words that a person wrote (purpose, explanations, remarks, comments), since they may name
// somebody.
v1::Application EventView(const storage::v1::ApplicationRecord& record);

// One timeline entry for a watching party: as AnswerView has it, with the holder after it. `index`
// counts from 0. The resume token is left to the caller.
v1::WatchApplicationResponse EntryView(const storage::v1::ApplicationRecord& record, int index);

}  // namespace fuju::applications
