#include "applications/intake/consents.h"

#include <set>

#include "absl/strings/str_cat.h"

#include "applications/intake/field_complaints.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/intake_events.pb.h"

namespace fuju::applications {
namespace {

const v1::Consent* FindConsent(const v1::Applicant& applicant, absl::string_view purpose) {
  for (const v1::Consent& consent : applicant.consents()) {
    if (consent.purpose() == purpose) return &consent;
  }
  return nullptr;
}

void ComplainOfText(const v1::Consent& consent, const std::string& path, const IntakeBook& book,
                    chassis::Refusal& refusal) {
  const v1::ConsentText* newest = book.FindNewestConsent(consent.purpose());
  if (newest == nullptr) {
    AddApplicantComplaint(refusal, absl::StrCat(path, ".purpose"),
                          "没有这项同意事项，请用同意事项列表里的名称",
                          "there is no such purpose: take one from the list of consents");
  } else if (book.FindConsent(consent.purpose(), consent.version()) == nullptr) {
    AddApplicantComplaint(
        refusal, absl::StrCat(path, ".version"),
        absl::StrCat("没有这一版，请用现在的第", newest->version(), "版"),
        absl::StrCat("there is no such version: use version ", newest->version()));
  }
}

absl::Status ConsentRequired(const v1::ConsentText& text) {
  return chassis::Refusal(
             absl::StatusCode::kFailedPrecondition, "CONSENT_REQUIRED",
             absl::StrCat("不同意“", text.title_zh(), "”就不能办理；如不再同意，请撤回申请"),
             absl::StrCat("nothing goes on without \"", text.title_en(),
                          "\": to take it back, withdraw the application"))
      .Build();
}

}  // namespace

void NormaliseConsents(const v1::Applicant& before, const IntakeBook& book, const Act& act,
                       v1::Applicant& applicant, chassis::Refusal& refusal) {
  std::set<std::string> seen;
  for (int i = 0; i < applicant.consents_size(); ++i) {
    v1::Consent& consent = *applicant.mutable_consents(i);
    const std::string path = absl::StrCat("consents[", i, "]");
    if (!seen.insert(consent.purpose()).second) {
      AddApplicantComplaint(refusal, absl::StrCat(path, ".purpose"),
                            "这项同意前面已经有了，请只留一项",
                            "this purpose stands before already: keep one");
    }
    const v1::Consent* known = FindConsent(before, consent.purpose());
    if (known != nullptr && known->version() == consent.version() && !known->has_withdraw_time()) {
      consent = *known;
      continue;
    }
    ComplainOfText(consent, path, book, refusal);
    v1::Consent given;
    given.set_purpose(consent.purpose());
    given.set_version(consent.version());
    *given.mutable_give_time() = chassis::ToTimestamp(act.now);
    given.set_actor(act.actor);
    if (act.IsHelp()) *given.mutable_acted_for() = act.acted_for;
    consent = std::move(given);
  }
}

void CheckConsentsGiven(const v1::Applicant& applicant, const IntakeBook& book,
                        chassis::Refusal& refusal) {
  for (const v1::ConsentText* text : book.NewestConsents()) {
    if (!text->required()) continue;
    const v1::Consent* given = FindConsent(applicant, text->purpose());
    const bool holds = given != nullptr && !given->has_withdraw_time();
    if (holds && given->version() == text->version()) continue;
    AddApplicantComplaint(
        refusal, "consents",
        absl::StrCat(holds ? "文本已更新，请再次征得本人同意“" : "请征得本人同意“",
                     text->title_zh(), "”（", text->purpose(), "，第", text->version(), "版）"),
        absl::StrCat(holds ? "the text has changed, ask the person again to agree to \""
                           : "ask the person to agree to \"",
                     text->title_en(), "\" (", text->purpose(), ", version ", text->version(),
                     ")"));
  }
}

bool Agrees(const v1::Applicant& applicant, v1::ConsentEffect effect, const IntakeBook& book,
            bool if_not_asked) {
  if (applicant.consents().empty()) return if_not_asked;
  for (const v1::Consent& consent : applicant.consents()) {
    const v1::ConsentText* text = book.FindNewestConsent(consent.purpose());
    if (text != nullptr && text->effect() == effect) return !consent.has_withdraw_time();
  }
  return false;
}

Result DecideWithdrawConsent(const Record& record, const std::string& purpose,
                             const IntakeBook& book, const Act& act) {
  const ApplicationState state = record.application().state();
  if (!IsLegal(state, Move::kWithdrawConsent)) return Forbidden(record, Move::kWithdrawConsent);
  const v1::Consent* given = FindConsent(record.application().applicant(), purpose);
  if (given == nullptr) {
    return chassis::InvalidFields()
        .Field("purpose", "没有给过这项同意", "this consent was not given")
        .Build();
  }
  if (given->has_withdraw_time()) return chassis::Decision<Record>::Unchanged();
  const v1::ConsentText* text = book.FindNewestConsent(purpose);
  if (text != nullptr && text->required() && !IsFinal(state)) return ConsentRequired(*text);
  Change change(record, Move::kWithdrawConsent, act);
  for (v1::Consent& consent : *change.application().mutable_applicant()->mutable_consents()) {
    if (consent.purpose() != purpose) continue;
    *consent.mutable_withdraw_time() = chassis::ToTimestamp(act.now);
    consent.set_withdraw_actor(act.actor);
  }
  const Text title =
      text == nullptr ? Text{purpose, purpose} : Text{text->title_zh(), text->title_en()};
  change.Tell(Line::kConsentWithdrawn, {title});
  v1::ConsentWithdrawn fact;
  fact.set_purpose(purpose);
  return change.Publish(std::move(fact));
}

}  // namespace fuju::applications
