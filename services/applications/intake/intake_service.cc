#include "applications/intake/intake_service.h"

#include <string>
#include <utility>
#include <vector>

#include "applications/footprint.h"
#include "applications/intake/consents.h"
#include "applications/intake/documents.h"
#include "applications/intake/fact_decisions.h"
#include "applications/intake/representatives.h"
#include "applications/public_view.h"
#include "chassis/values/refusal.h"
#include "vocabulary/civil_date.h"
#include "vocabulary/resident_id.h"

namespace fuju::applications {
namespace {

using chassis::CallInfo;

// Applications of one person among which the newest submitted one is looked for.
constexpr int kMostOfPerson = 200;

Wiring::Store::Done Answering(std::function<void(absl::StatusOr<v1::Application>)> done) {
  return [done = std::move(done)](absl::StatusOr<chassis::Committed<Record>> committed) {
    if (!committed.ok()) return done(committed.status());
    done(AnswerView(committed->state, chassis::EtagOf(committed->version)));
  };
}

absl::Status PersonUnknown() {
  return chassis::Refusal(absl::StatusCode::kFailedPrecondition, "PERSON_UNKNOWN",
                          "没有此人同意使用的信息，请用CreateApplication填写",
                          "nothing is known of the person that may be used: make the draft by "
                          "CreateApplication")
      .Build();
}

v1::ListRequiredDocumentsResponse ToResponse(std::vector<v1::RequiredDocument> documents) {
  v1::ListRequiredDocumentsResponse response;
  for (v1::RequiredDocument& document : documents) {
    *response.add_documents() = std::move(document);
  }
  return response;
}

absl::Status CheckOneIsAsked(const v1::ListRequiredDocumentsRequest& request) {
  if (request.name().empty() != !request.has_situation()) return absl::OkStatus();
  constexpr char kZh[] = "name和situation请填且只填一项";
  constexpr char kEn[] = "exactly one of name and situation is required";
  return chassis::InvalidFields().Field("name", kZh, kEn).Field("situation", kZh, kEn).Build();
}

}  // namespace

IntakeService::Reactor* IntakeService::ListConsents(Context* context,
                                                    const v1::ListConsentsRequest* request,
                                                    v1::ListConsentsResponse* response) {
  using ListDone = std::function<void(absl::StatusOr<v1::ListConsentsResponse>)>;
  return parts_.gate->Unary<v1::ListConsentsRequest, v1::ListConsentsResponse>(
      context, request, response,
      [this](const CallInfo&, const v1::ListConsentsRequest&, ListDone done) {
        v1::ListConsentsResponse answer;
        for (const v1::ConsentText* text : parts_.rules.intake.NewestConsents()) {
          *answer.add_consents() = *text;
        }
        done(std::move(answer));
      });
}

IntakeService::Reactor* IntakeService::ListRequiredDocuments(
    Context* context, const v1::ListRequiredDocumentsRequest* request,
    v1::ListRequiredDocumentsResponse* response) {
  using ListDone = std::function<void(absl::StatusOr<v1::ListRequiredDocumentsResponse>)>;
  return parts_.gate->Unary<v1::ListRequiredDocumentsRequest, v1::ListRequiredDocumentsResponse>(
      context, request, response,
      [this](const CallInfo& call, const v1::ListRequiredDocumentsRequest& asked, ListDone done) {
        if (absl::Status s = CheckOneIsAsked(asked); !s.ok()) return done(s);
        const absl::Time now = parts_.wiring->clock().Now();
        if (asked.has_situation()) {
          return done(ToResponse(
              RequiredDocuments(parts_.rules.intake, SituationOf(asked.situation()), {}, now)));
        }
        parts_.wiring->store().Get(
            IdOf(asked.name()), call.deadline,
            [this, now, &asked,
             done = std::move(done)](absl::StatusOr<chassis::Versioned<Record>> found) {
              if (!found.ok()) return done(found.status());
              if (!found->exists()) return done(chassis::NotFound(asked.name()));
              const v1::Application& application = found->state.application();
              done(ToResponse(RequiredDocuments(parts_.rules.intake, SituationOf(application, now),
                                                application.applicant(), now)));
            });
      });
}

IntakeService::Reactor* IntakeService::PrefillApplication(
    Context* context, const v1::PrefillApplicationRequest* request, v1::Application* response) {
  return parts_.gate->Unary<v1::PrefillApplicationRequest, v1::Application>(
      context, request, response,
      [this](const CallInfo& call, const v1::PrefillApplicationRequest& asked, Done done) {
        Prefill(call, asked, std::move(done));
      });
}

void IntakeService::FindKnown(const std::string& person_key, absl::Time deadline,
                              std::function<void(absl::StatusOr<v1::Applicant>)> done) const {
  parts_.find_surveyed(person_key, deadline,
                       [this, person_key, deadline,
                        done = std::move(done)](absl::StatusOr<std::optional<Surveyed>> surveyed) {
                         if (!surveyed.ok()) return done(surveyed.status());
                         parts_.wiring->store().List(
                             PersonIndex(person_key), PersonRoute(person_key), "", kMostOfPerson,
                             deadline,
                             [this, surveyed = *std::move(surveyed),
                              done](absl::StatusOr<chassis::Page<Record>> page) {
                               if (!page.ok()) return done(page.status());
                               std::vector<v1::Application> applications;
                               for (const auto& item : page->items) {
                                 applications.push_back(item.aggregate.state.application());
                               }
                               std::optional<v1::Applicant> known =
                                   KnownOf(surveyed, applications, parts_.rules.intake);
                               if (!known.has_value()) return done(PersonUnknown());
                               if (absl::Status s = CheckFillsDraft(*known); !s.ok())
                                 return done(s);
                               done(*std::move(known));
                             });
                       });
}

void IntakeService::Prefill(const CallInfo& call, const v1::PrefillApplicationRequest& asked,
                            Done done) const {
  const auto person = vocabulary::ResidentId::Parse(
      asked.resident_id(), vocabulary::TodayInShanghai(parts_.wiring->clock().Now()));
  // The gate has checked it, by the same clock.
  if (!person.ok()) return done(person.status());
  const absl::StatusOr<std::string> key = parts_.keyer->KeyOf(*person);
  if (!key.ok()) return done(key.status());
  FindKnown(
      *key, call.deadline,
      [this, &call, &asked, done = std::move(done)](absl::StatusOr<v1::Applicant> known) mutable {
        if (!known.ok()) return done(known.status());
        ApplicationsService::NewDraft draft;
        draft.application.set_county_code(asked.county_code());
        *draft.application.mutable_request() = asked.request();
        *draft.application.mutable_applicant() = *known;
        *draft.application.mutable_applicant()->mutable_consents() = asked.consents();
        draft.acting = asked.acting();
        draft.validate_only = asked.validate_only();
        draft.known = *std::move(known);
        parts_.applications->MakeDraft(call.ToCommand(asked), draft, std::move(done));
      });
}

IntakeService::Reactor* IntakeService::VerifyPersonFact(Context* context,
                                                        const v1::VerifyPersonFactRequest* request,
                                                        v1::Application* response) {
  return parts_.gate->Unary<v1::VerifyPersonFactRequest, v1::Application>(
      context, request, response,
      [this](const CallInfo& call, const v1::VerifyPersonFactRequest& asked, Done done) {
        parts_.wiring->Change(
            IdOf(asked.name()), call.ToCommand(asked), Move::kVerifyFact,
            [&asked](const Record& record, const Act& act) {
              return DecideVerifyFact(record, asked, act);
            },
            Answering(std::move(done)));
      });
}

IntakeService::Reactor* IntakeService::WithdrawConsent(Context* context,
                                                       const v1::WithdrawConsentRequest* request,
                                                       v1::Application* response) {
  return parts_.gate->Unary<v1::WithdrawConsentRequest, v1::Application>(
      context, request, response,
      [this](const CallInfo& call, const v1::WithdrawConsentRequest& asked, Done done) {
        parts_.wiring->Change(
            IdOf(asked.name()), call.ToCommand(asked), Move::kWithdrawConsent,
            [this, &asked](const Record& record, const Act& act) {
              return DecideAs(asked.acting(), parts_.rules.intake, record, act,
                              [this, &asked](const Record& known, const Act& done_as) {
                                return DecideWithdrawConsent(known, asked.purpose(),
                                                             parts_.rules.intake, done_as);
                              });
            },
            Answering(std::move(done)));
      });
}

}  // namespace fuju::applications
