#include "applications/public_view.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "applications/contact_preference.h"
#include "applications/intake/representatives.h"
#include "applications/masked_address.h"
#include "vocabulary/person_name.h"
#include "vocabulary/phone.h"
#include "vocabulary/resident_id.h"

namespace fuju::applications {
namespace {

using Record = storage::v1::ApplicationRecord;

void Mask(v1::Applicant& applicant) {
  applicant.set_name(vocabulary::MaskPersonName(applicant.name()));
  applicant.set_resident_id(vocabulary::MaskResidentId(applicant.resident_id()));
  if (!applicant.certificate_number().empty()) {
    applicant.set_certificate_number(vocabulary::MaskResidentId(applicant.certificate_number()));
  }
  if (!applicant.phone().empty()) applicant.set_phone(vocabulary::MaskPhone(applicant.phone()));
  applicant.set_address(MaskAddress(applicant.address()));
  if (applicant.has_contact()) MaskContact(*applicant.mutable_contact());
  MaskRepresentatives(applicant);
}

// "<text>“<note>”": the note is in the language that the person wrote.
template <typename WithTexts>
void AddNote(WithTexts& message, const std::string& note) {
  if (note.empty()) return;
  message.set_text_zh(absl::StrCat(message.text_zh(), "说明：“", note, "”"));
  message.set_text_en(absl::StrCat(message.text_en(), " Remark: “", note, "”"));
}

// How it was done, and what was said.
void AddDetail(v1::TimelineEntry& entry, const storage::v1::EntryDetail& detail) {
  if (entry.has_acted_for()) {
    const Text help = HelpText(entry.acted_for(), entry.actor(), detail.helper_name());
    entry.set_text_zh(absl::StrCat(entry.text_zh(), help.zh));
    entry.set_text_en(absl::StrCat(entry.text_en(), help.en));
  }
  AddNote(entry, detail.note());
}

}  // namespace

v1::Application AnswerView(const Record& record, std::string etag) {
  v1::Application view = record.application();
  view.set_etag(std::move(etag));
  Mask(*view.mutable_applicant());
  for (int i = 0; i < view.timeline_size(); ++i) {
    AddDetail(*view.mutable_timeline(i), record.entry_details(i));
  }
  if (view.has_outcome()) AddNote(*view.mutable_outcome(), record.outcome_note());
  return view;
}

v1::Application ListView(const Record& record, std::string etag) {
  v1::Application view = AnswerView(record, std::move(etag));
  view.clear_questionnaire_answers();
  v1::Applicant& applicant = *view.mutable_applicant();
  applicant.clear_diagnosis();
  applicant.clear_consents();
  applicant.clear_documents();
  return view;
}

v1::Application EventView(const Record& record) {
  v1::Application view = record.application();
  view.clear_applicant();
  view.mutable_request()->clear_purpose();
  view.clear_questionnaire_answers();
  if (view.has_follow_up()) view.mutable_follow_up()->clear_comment();
  return view;
}

v1::WatchApplicationResponse EntryView(const Record& record, int index) {
  v1::WatchApplicationResponse response;
  *response.mutable_entry() = record.application().timeline(index);
  AddDetail(*response.mutable_entry(), record.entry_details(index));
  *response.mutable_holder() = record.entry_details(index).holder();
  return response;
}

}  // namespace fuju::applications
