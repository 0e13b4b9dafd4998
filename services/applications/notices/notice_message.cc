#include "applications/notices/notice_message.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "applications/contact_preference.h"
#include "applications/notices/letter.h"
#include "applications/notices/notice_kinds.h"
#include "applications/notices/notice_values.h"
#include "applications/notices/text_pattern.h"
#include "chassis/values/timestamps.h"
#include "vocabulary/civil_date.h"

namespace fuju::applications {
namespace {

constexpr char kEnglish[] = "en";

// The values of one notice, in one language.
class Values {
 public:
  Values(const NoticeRecord& record, const Record& application, const NoticeTextBook& texts,
         const std::string& county, bool english)
      : record_(record),
        application_(application),
        texts_(texts),
        county_(county),
        english_(english) {}

  std::string Of(absl::string_view name) const {
    const v1::Application& application = application_.application();
    if (name == "name") return application.applicant().name();
    if (name == "application") return IdOf(application.name());
    if (name == "office") return texts_.OfficeOf(application.county_code(), county_);
    if (name == "phone") return texts_.PhoneOf(application.county_code());
    if (name == "note") return Note();
    for (const storage::v1::NoticeValue& value : record_.values()) {
      if (value.name() == name) return english_ ? value.en() : value.zh();
    }
    return "";
  }

  std::string Fill(const std::string& pattern) const {
    return FillPattern(pattern, [this](absl::string_view name) { return Of(name); });
  }

  // Each value as long as its placeholder allows.
  std::string FillShort(const std::string& pattern) const {
    return FillPattern(pattern, [this](absl::string_view name) {
      return CutTo(Of(name), FindPlaceholder(name)->most_characters);
    });
  }

 private:
  // What a person said to the entry of the timeline that the notice tells of.
  std::string Note() const {
    const int index = record_.notice().timeline_sequence() - 1;
    if (index < 0 || index >= application_.entry_details_size()) return "";
    const std::string& note = application_.entry_details(index).note();
    if (note.empty()) return "";
    const std::string line = absl::StrReplaceAll(note, {{"\r", ""}, {"\n", " "}});
    return english_ ? absl::StrCat("Remark: “", line, "”.") : absl::StrCat("说明：“", line, "”。");
  }

  const NoticeRecord& record_;
  const Record& application_;
  const NoticeTextBook& texts_;
  const std::string& county_;
  const bool english_;
};

std::string LetterOf(const NoticeRecord& record, const Record& application,
                     const storage::v1::NoticeForms& forms, const storage::v1::NoticeFrame& frame,
                     const Values& values, bool english) {
  const v1::Applicant& applicant = application.application().applicant();
  const absl::CivilDay day =
      vocabulary::TodayInShanghai(chassis::ToTime(record.notice().create_time()));
  const Letter letter = {
      .address = applicant.address(),
      .to = values.Fill(frame.letter_to()),
      .date = english ? vocabulary::FormatCivilDateEn(day) : vocabulary::FormatCivilDateZh(day),
      .reference = values.Fill(frame.letter_reference()),
      .title = values.Fill(forms.title()),
      .salutation = values.Fill(frame.letter_salutation()),
      .body = values.Fill(forms.letter()),
      .help = values.Fill(frame.letter_help()),
      .sender = values.Fill(frame.letter_sender()),
  };
  return LayOut(letter, applicant.contact().large_print());
}

}  // namespace

absl::StatusOr<NoticeMessage> ComposeMessage(const NoticeRecord& record, const Record& application,
                                             const NoticeTextBook& texts,
                                             const std::string& county) {
  const v1::Notice& notice = record.notice();
  const v1::Applicant& applicant = application.application().applicant();
  if (texts.IsSilent(notice.kind())) return absl::FailedPreconditionError("NO_TEXT");
  NoticeMessage message;
  message.idempotency_key = IdempotencyKeyOf(notice);
  message.notice = notice.name();
  message.county_code = notice.county_code();
  message.kind = NoticeKindName(notice.kind());
  message.channel = notice.channel();
  message.language = texts.LanguageOf(notice.kind(), LanguageFor(applicant));
  const bool english = message.language == kEnglish;
  const storage::v1::NoticeForms& forms = texts.FormsOf(notice.kind(), message.language);
  const storage::v1::NoticeFrame& frame = texts.FrameOf(message.language);
  const Values values(record, application, texts, county, english);
  switch (notice.channel()) {
    case v1::CONTACT_CHANNEL_LETTER:
      message.large_print = applicant.contact().large_print();
      message.text = LetterOf(record, application, forms, frame, values, english);
      return message;
    case v1::CONTACT_CHANNEL_SMS:
      message.phone = applicant.phone();
      message.text = values.FillShort(forms.sms());
      break;
    case v1::CONTACT_CHANNEL_VOICE_CALL:
      message.phone = applicant.phone();
      message.text = values.Fill(forms.voice());
      break;
    case v1::CONTACT_CHANNEL_HELPER:
      message.phone = HelperPhoneFor(applicant);
      message.text =
          absl::StrCat(values.Fill(frame.helper_prefix()), values.FillShort(forms.sms()));
      break;
    default:
      return absl::FailedPreconditionError("NO_CHANNEL");
  }
  if (message.phone.empty()) return absl::FailedPreconditionError("NO_NUMBER");
  return message;
}

}  // namespace fuju::applications
