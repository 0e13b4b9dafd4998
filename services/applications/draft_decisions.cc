#include "applications/draft_decisions.h"

#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <google/protobuf/util/field_mask_util.h>
#include <google/protobuf/util/message_differencer.h>

#include "applications/answered_questionnaires.h"
#include "applications/contact_preference.h"
#include "applications/course.h"
#include "applications/funding.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "vocabulary/civil_date.h"
#include "vocabulary/disability_certificate.h"
#include "vocabulary/invalid_value.h"
#include "vocabulary/person_name.h"
#include "vocabulary/phone.h"
#include "vocabulary/resident_id.h"

namespace fuju::applications {
namespace {

using google::protobuf::FieldMask;
using google::protobuf::util::FieldMaskUtil;
using google::protobuf::util::MessageDifferencer;

constexpr absl::string_view kApplicantPath = "application.applicant.";
constexpr absl::string_view kAnswersField = "questionnaire_answers";

// Adds a violation with the two halves of a message of the vocabulary.
void AddViolation(chassis::Refusal& refusal, absl::string_view field, const absl::Status& why) {
  const std::string message(why.message());
  const size_t cut = message.find(std::string(vocabulary::kLanguageSeparator));
  const std::string path = absl::StrCat(kApplicantPath, field);
  if (cut == std::string::npos) {
    refusal.Field(path, message, message);
  } else {
    refusal.Field(path, message.substr(0, cut),
                  message.substr(cut + vocabulary::kLanguageSeparator.size()));
  }
}

absl::Status CertificateMismatch() {
  return chassis::Refusal(absl::StatusCode::kInvalidArgument, "CERTIFICATE_MISMATCH",
                          "残疾人证号与身份证号不是同一人",
                          "the certificate does not belong to the resident id")
      .Field("application.applicant.certificate_number",
             "残疾人证号的前18位应与身份证号相同，请核对两个号码",
             "the first 18 characters must be the resident id; check both numbers");
}

// The person decides where an application lives.
absl::Status AnotherPerson() {
  return chassis::InvalidFields()
      .Field(absl::StrCat(kApplicantPath, "resident_id"),
             "草稿不能改为另一人的申请，请为该人新建申请",
             "a draft can not become another person's; create a new one for that person")
      .Build();
}

// Writes the applicant's data in its normal form and sets the person key. `refusal` has what is
// wrong with other fields.
absl::Status NormaliseApplicant(v1::Application& application, const vocabulary::PersonKeyer& keyer,
                                absl::Time now, chassis::Refusal refusal) {
  v1::Applicant& applicant = *application.mutable_applicant();
  const absl::CivilDay today = vocabulary::TodayInShanghai(now);
  const auto name = vocabulary::PersonName::Parse(applicant.name());
  const auto person = vocabulary::ResidentId::Parse(applicant.resident_id(), today);
  const auto certificate =
      vocabulary::DisabilityCertificate::Parse(applicant.certificate_number(), today);
  if (!name.ok()) AddViolation(refusal, "name", name.status());
  if (!person.ok()) AddViolation(refusal, "resident_id", person.status());
  if (!certificate.ok()) AddViolation(refusal, "certificate_number", certificate.status());
  if (!applicant.phone().empty()) {
    const auto phone = vocabulary::Phone::Parse(applicant.phone());
    if (phone.ok()) {
      applicant.set_phone(phone->text());
    } else {
      AddViolation(refusal, "phone", phone.status());
    }
  }
  if (applicant.has_contact()) {
    NormaliseContact(*applicant.mutable_contact(),
                     [&refusal](absl::string_view field, const absl::Status& why) {
                       AddViolation(refusal, field, why);
                     });
  }
  if (refusal.has_fields()) return refusal;
  if (!certificate->BelongsTo(*person)) return CertificateMismatch();

  applicant.set_name(name->text());
  applicant.set_resident_id(person->text());
  applicant.set_certificate_number(certificate->text());
  absl::StatusOr<std::string> key = keyer.KeyOf(*person);
  if (!key.ok()) return key.status();
  application.set_person_key(*std::move(key));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::Application> NormalDraft(const v1::Application& draft,
                                            const QuestionnaireSet& questionnaires,
                                            const vocabulary::PersonKeyer& keyer, absl::Time now) {
  v1::Application normal;
  normal.set_county_code(draft.county_code());
  *normal.mutable_applicant() = draft.applicant();
  *normal.mutable_request() = draft.request();
  *normal.mutable_questionnaire_answers() = draft.questionnaire_answers();
  chassis::Refusal refusal = chassis::InvalidFields();
  NormaliseAnswers(questionnaires, normal, refusal);
  if (absl::Status s = NormaliseApplicant(normal, keyer, now, std::move(refusal)); !s.ok()) {
    return s;
  }
  return normal;
}

Result DecideCreate(const std::string& id, const v1::Application& draft, const Act& act) {
  Change change(Record(), Move::kUpdate, act);
  v1::Application& application = change.application();
  application = draft;
  application.set_name(NameOf(id));
  *application.mutable_create_time() = chassis::ToTimestamp(act.now);
  change.Enter(v1::APPLICATION_STATE_DRAFT, Party::kApplicant);
  change.Tell(Line::kDraftMade);
  return change.Publish<v1::ApplicationCreated>();
}

absl::Status CheckUpdateMask(const FieldMask& mask) {
  chassis::Refusal refusal = chassis::InvalidFields();
  for (int i = 0; i < mask.paths_size(); ++i) {
    const std::string& path = mask.paths(i);
    const bool open = path == "applicant" || path == "request" || path == "county_code" ||
                      path == kAnswersField || absl::StartsWith(path, "applicant.") ||
                      absl::StartsWith(path, "request.");
    if (open && FieldMaskUtil::IsValidPath<v1::Application>(path)) continue;
    refusal.Field(
        absl::StrCat("update_mask.paths[", i, "]"),
        "只能修改county_code、questionnaire_answers、applicant和request，以及后两者之下的字段",
        "only county_code, questionnaire_answers, applicant, request and the fields below the last "
        "two can be changed");
  }
  if (refusal.has_fields()) return refusal;
  return absl::OkStatus();
}

Result DecideUpdate(const Record& record, const v1::Application& patch, const FieldMask& mask,
                    const QuestionnaireSet& questionnaires, const vocabulary::PersonKeyer& keyer,
                    const Act& act) {
  if (!IsLegal(record.application().state(), Move::kUpdate)) {
    return Forbidden(record, Move::kUpdate);
  }
  Change change(record, Move::kUpdate, act);
  v1::Application& application = change.application();
  FieldMaskUtil::MergeOptions replace;
  replace.set_replace_message_fields(true);
  replace.set_replace_repeated_fields(true);
  FieldMaskUtil::MergeMessageTo(patch, mask, replace, &application);
  chassis::Refusal refusal = chassis::InvalidFields();
  if (absl::c_linear_search(mask.paths(), kAnswersField)) {
    NormaliseAnswers(questionnaires, application, refusal);
  }
  if (absl::Status s = NormaliseApplicant(application, keyer, act.now, std::move(refusal));
      !s.ok()) {
    return s;
  }
  if (application.person_key() != record.application().person_key()) return AnotherPerson();
  if (MessageDifferencer::Equals(application, record.application())) {
    return chassis::Decision<Record>::Unchanged();
  }
  return change.Publish<v1::ApplicationUpdated>();
}

absl::StatusOr<type::v1::EligibilityFacts> FactsOf(const v1::Application& application,
                                                   absl::Time now) {
  const v1::Applicant& applicant = application.applicant();
  const auto certificate = vocabulary::DisabilityCertificate::Parse(
      applicant.certificate_number(), vocabulary::TodayInShanghai(now));
  if (!certificate.ok()) {
    return absl::InternalError(absl::StrCat(application.name(), " has no valid certificate"));
  }
  type::v1::EligibilityFacts facts;
  facts.set_person_key(application.person_key());
  facts.set_birth_date(vocabulary::FormatCivilDate(certificate->resident_id().birth_date()));
  facts.set_category(static_cast<type::v1::DisabilityCategory>(certificate->category()));
  facts.set_grade(certificate->grade());
  facts.set_economic_status(applicant.economic_status());
  facts.set_county_code(application.county_code());
  facts.set_other_payer(application.request().other_payer());
  return facts;
}

Result DecideSubmit(const Record& record, const QuestionnaireSet& questionnaires,
                    const Rules& rules, const Act& act) {
  if (!IsLegal(record.application().state(), Move::kSubmit)) {
    return Forbidden(record, Move::kSubmit);
  }
  if (absl::Status s = CheckAnswersComplete(questionnaires, record.application()); !s.ok()) {
    return s;
  }
  absl::StatusOr<type::v1::EligibilityFacts> facts = FactsOf(record.application(), act.now);
  if (!facts.ok()) return facts.status();
  Change change(record, Move::kSubmit, act);
  *change.application().mutable_submit_time() = chassis::ToTimestamp(act.now);
  AskFunding(change);
  change.Enter(v1::APPLICATION_STATE_SUBMITTED, Party::kSubsidyCheck);
  if (absl::Status s = BeginCourse(change, rules); !s.ok()) return s;
  const v1::Promise& promise = change.application().review().promise();
  change.Tell(Line::kSubmitted, {Text{promise.text_zh(), promise.text_en()}});
  v1::ApplicationSubmitted fact;
  *fact.mutable_facts() = *std::move(facts);
  return change.Publish(std::move(fact));
}

}  // namespace fuju::applications
