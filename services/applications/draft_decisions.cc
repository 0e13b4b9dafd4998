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
#include "applications/intake/consents.h"
#include "applications/intake/documents.h"
#include "applications/intake/field_complaints.h"
#include "applications/intake/person_facts.h"
#include "applications/intake/representatives.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "vocabulary/civil_date.h"
#include "vocabulary/disability_certificate.h"
#include "vocabulary/person_name.h"
#include "vocabulary/phone.h"
#include "vocabulary/resident_id.h"

namespace fuju::applications {
namespace {

using google::protobuf::FieldMask;
using google::protobuf::util::FieldMaskUtil;
using google::protobuf::util::MessageDifferencer;

constexpr absl::string_view kAnswersField = "questionnaire_answers";

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

// The normal form of a value that was parsed; else a complaint.
template <typename Value>
void SetNormal(const absl::StatusOr<Value>& value, absl::string_view path, std::string* field,
               const Complain& complain) {
  if (value.ok()) {
    *field = value->text();
  } else {
    complain(path, value.status());
  }
}

// Writes the applicant's data in its normal form and sets the person key. `before` is the applicant
// until now. `refusal` has what is wrong with other fields.
absl::Status NormaliseApplicant(const v1::Applicant& before, const DraftBooks& books,
                                const Act& act, v1::Application& application,
                                chassis::Refusal refusal) {
  v1::Applicant& applicant = *application.mutable_applicant();
  const absl::CivilDay today = vocabulary::TodayInShanghai(act.now);
  const Complain complain = [&refusal](absl::string_view field, const absl::Status& why) {
    AddComplaint(refusal, absl::StrCat(kApplicantPath, field), why);
  };
  SetNormal(vocabulary::PersonName::Parse(applicant.name()), "name", applicant.mutable_name(),
            complain);
  const auto person = vocabulary::ResidentId::Parse(applicant.resident_id(), today);
  SetNormal(person, "resident_id", applicant.mutable_resident_id(), complain);
  bool of_another = false;
  if (!applicant.certificate_number().empty()) {
    const auto certificate =
        vocabulary::DisabilityCertificate::Parse(applicant.certificate_number(), today);
    SetNormal(certificate, "certificate_number", applicant.mutable_certificate_number(), complain);
    of_another = certificate.ok() && person.ok() && !certificate->BelongsTo(*person);
  }
  if (!applicant.phone().empty()) {
    SetNormal(vocabulary::Phone::Parse(applicant.phone()), "phone", applicant.mutable_phone(),
              complain);
  }
  if (applicant.has_contact()) NormaliseContact(*applicant.mutable_contact(), complain);
  NormaliseRepresentatives(applicant, complain);
  CheckFactsAgree(applicant, today, complain);
  CarryProofs(before, applicant);
  NormaliseConsents(before, books.intake, act, applicant, refusal);
  NormaliseDocuments(before, books.intake, act, absl::StrCat(kApplicantPath, "documents"),
                     *applicant.mutable_documents(), refusal);
  if (refusal.has_fields()) return refusal;
  if (of_another) return CertificateMismatch();
  absl::StatusOr<std::string> key = books.keyer.KeyOf(*person);
  if (!key.ok()) return key.status();
  application.set_person_key(*std::move(key));
  return absl::OkStatus();
}

// The draft is kept until some time after this change.
void EnterDraft(Change& change, const IntakeBook& intake) {
  const absl::Time kept = change.act().now + intake.draft_limit();
  change.Enter(v1::APPLICATION_STATE_DRAFT, Party::kApplicant, Deadline{kept, MomentText(kept)});
  change.RunTimer(kDraftTimer, kept);
}

// All that is missing at once.
absl::Status CheckReady(const v1::Application& application, const QuestionnaireSet& questionnaires,
                        const IntakeBook& intake, absl::Time now) {
  chassis::Refusal refusal(absl::StatusCode::kFailedPrecondition, "DRAFT_INCOMPLETE",
                           "申请还不能提交，请按所列各项补齐",
                           "the draft can not be handed in yet: see what each field needs");
  CheckFactsHold(application, intake, now, refusal);
  CheckConsentsGiven(application.applicant(), intake, refusal);
  CheckDocumentsAttached(intake, application, now, refusal);
  CheckAnswersComplete(questionnaires, application, refusal);
  if (refusal.has_fields()) return refusal;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::Application> NormalDraft(const v1::Application& draft, const DraftBooks& books,
                                            const Act& act, const v1::Applicant& known) {
  v1::Application normal;
  normal.set_county_code(draft.county_code());
  *normal.mutable_applicant() = draft.applicant();
  *normal.mutable_request() = draft.request();
  *normal.mutable_questionnaire_answers() = draft.questionnaire_answers();
  chassis::Refusal refusal = chassis::InvalidFields();
  NormaliseAnswers(books.questionnaires, normal, refusal);
  if (absl::Status s = NormaliseApplicant(known, books, act, normal, std::move(refusal)); !s.ok()) {
    return s;
  }
  return normal;
}

Result DecideCreate(const std::string& id, const v1::Application& draft, const IntakeBook& intake,
                    const Act& act) {
  Change change(Record(), Move::kUpdate, act);
  v1::Application& application = change.application();
  application = draft;
  application.set_name(NameOf(id));
  *application.mutable_create_time() = chassis::ToTimestamp(act.now);
  EnterDraft(change, intake);
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
                    const DraftBooks& books, const Act& act) {
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
    NormaliseAnswers(books.questionnaires, application, refusal);
  }
  if (absl::Status s = NormaliseApplicant(record.application().applicant(), books, act, application,
                                          std::move(refusal));
      !s.ok()) {
    return s;
  }
  if (application.person_key() != record.application().person_key()) return AnotherPerson();
  if (MessageDifferencer::Equals(application, record.application())) {
    return chassis::Decision<Record>::Unchanged();
  }
  EnterDraft(change, books.intake);
  if (act.IsHelp()) change.Tell(Line::kDraftChanged);
  return change.Publish<v1::ApplicationUpdated>();
}

absl::StatusOr<type::v1::EligibilityFacts> FactsOf(const v1::Application& application,
                                                   absl::Time now) {
  const v1::Applicant& applicant = application.applicant();
  const absl::CivilDay today = vocabulary::TodayInShanghai(now);
  const auto person = vocabulary::ResidentId::Parse(applicant.resident_id(), today);
  if (!person.ok()) {
    return absl::InternalError(absl::StrCat(application.name(), " has no valid resident id"));
  }
  type::v1::EligibilityFacts facts;
  facts.set_person_key(application.person_key());
  facts.set_birth_date(vocabulary::FormatCivilDate(person->birth_date()));
  if (applicant.certificate_number().empty()) {
    facts.set_uncertified(true);
    facts.set_category(applicant.diagnosis().category());
  } else {
    const auto certificate =
        vocabulary::DisabilityCertificate::Parse(applicant.certificate_number(), today);
    if (!certificate.ok()) {
      return absl::InternalError(absl::StrCat(application.name(), " has no valid certificate"));
    }
    facts.set_category(static_cast<type::v1::DisabilityCategory>(certificate->category()));
    facts.set_grade(certificate->grade());
    *facts.mutable_single_categories() = applicant.certificate().single_categories();
    facts.set_certificate_invalid(!IsCertificateInForce(applicant.certificate(), today));
  }
  facts.set_economic_status(applicant.economic_status());
  facts.set_county_code(application.county_code());
  facts.set_other_payer(application.request().other_payer());
  facts.set_early_ground(application.request().early_ground());
  return facts;
}

Result DecideSubmit(const Record& record, const QuestionnaireSet& questionnaires,
                    const Rules& rules, const Act& act) {
  if (!IsLegal(record.application().state(), Move::kSubmit)) {
    return Forbidden(record, Move::kSubmit);
  }
  if (absl::Status s = CheckReady(record.application(), questionnaires, rules.intake, act.now);
      !s.ok()) {
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
  if (facts->uncertified()) change.Tell(Line::kUncertified);
  change.Tell(Line::kSubmitted, {Text{promise.text_zh(), promise.text_en()}});
  v1::ApplicationSubmitted fact;
  *fact.mutable_facts() = *std::move(facts);
  return change.Publish(std::move(fact));
}

}  // namespace fuju::applications
