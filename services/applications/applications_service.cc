#include "applications/applications_service.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "applications/appeal_decisions.h"
#include "applications/application_watcher.h"
#include "applications/claim_refusal.h"
#include "applications/closing_decisions.h"
#include "applications/county_transfer.h"
#include "applications/draft_decisions.h"
#include "applications/footprint.h"
#include "applications/hold_decisions.h"
#include "applications/intake/representatives.h"
#include "applications/officer_check.h"
#include "applications/price_decisions.h"
#include "applications/public_view.h"
#include "applications/relation.h"
#include "applications/review_decisions.h"
#include "applications/termination.h"
#include "chassis/rpc/page_token.h"
#include "chassis/values/refusal.h"

namespace fuju::applications {
namespace {

using chassis::CallInfo;

// Open applications of one person that a dry submission looks at.
constexpr int kMostOfPerson = 200;

v1::Application ToAnswer(const Record& record, int64_t version) {
  return AnswerView(record, chassis::EtagOf(version));
}

// The end of a committing call.
template <typename Done>
Wiring::Store::Done Answering(Done done) {
  return [done = std::move(done)](absl::StatusOr<chassis::Committed<Record>> committed) {
    if (!committed.ok()) return done(ToClaimRefusal(committed.status()));
    done(ToAnswer(committed->state, committed->version));
  };
}

template <typename Request>
Verdict ToVerdict(const Request& request) {
  Verdict verdict{request.stage(), {}, request.remark()};
  // Passing a stage and resuming it need no codes.
  if constexpr (requires { request.reason_codes(); }) {
    verdict.reason_codes = {request.reason_codes().begin(), request.reason_codes().end()};
  }
  if constexpr (requires { request.document_kinds(); }) {
    verdict.document_kinds = {request.document_kinds().begin(), request.document_kinds().end()};
  }
  return verdict;
}

// The decision as who acts for the applicant, if the request says who.
template <typename Request, typename Decide>
Result DecideForApplicant(const Request& asked, const IntakeBook& book, const Record& record,
                          const Act& act, const Decide& decide) {
  if constexpr (requires { asked.acting(); }) {
    if (asked.has_acting()) {
      return DecideAs(asked.acting(), book, record, act, [&](const Record& known, const Act& done) {
        return decide(asked, known, done);
      });
    }
  }
  return decide(asked, record, act);
}

absl::Status CheckList(const v1::ListApplicationsRequest& request) {
  if (!request.county_code().empty() || !request.person_key().empty()) return absl::OkStatus();
  constexpr char kZh[] = "county_code和person_key至少填一项";
  constexpr char kEn[] = "at least one of county_code and person_key is required";
  return chassis::InvalidFields()
      .Field("county_code", kZh, kEn)
      .Field("person_key", kZh, kEn)
      .Build();
}

// An index lags by nothing, but the state is read after it; and a person's index holds every state
// and county. So a page may have less than it could.
bool IsAsked(const v1::ListApplicationsRequest& request, const v1::Application& application) {
  const bool state = request.state() == v1::APPLICATION_STATE_UNSPECIFIED ||
                     request.state() == application.state();
  const bool county =
      request.county_code().empty() || request.county_code() == application.county_code();
  return state && county;
}

absl::Status CheckNames(const v1::UpdateApplicationRequest& request) {
  const std::string& inner = request.application().name();
  if (inner.empty() || inner == request.name()) return CheckUpdateMask(request.update_mask());
  return chassis::InvalidFields()
      .Field("application.name", "应与name相同或为空", "must be the same as name, or empty")
      .Build();
}

}  // namespace

template <typename Request, typename Decide>
ApplicationsService::Reactor* ApplicationsService::Command(Context* context, const Request* request,
                                                           v1::Application* response, Move move,
                                                           Decide decide) {
  return parts_.gate->Unary<Request, v1::Application>(
      context, request, response,
      [this, move, decide](const CallInfo& call, const Request& asked, Done done) {
        parts_.wiring->Change(
            IdOf(asked.name()), call.ToCommand(asked), move,
            [this, decide, &asked](const Record& record, const Act& act) {
              return DecideForApplicant(asked, parts_.rules.intake, record, act, decide);
            },
            Answering(std::move(done)));
      });
}

template <typename Request>
ApplicationsService::Reactor* ApplicationsService::OfficerDecides(Context* context,
                                                                  const Request* request,
                                                                  v1::Application* response,
                                                                  Move move, DecideVerdict decide) {
  return Command(context, request, response, move,
                 [this, decide](const Request& asked, const Record& record, const Act& act) {
                   return decide(record, ToVerdict(asked), parts_.rules, act);
                 });
}

void ApplicationsService::DryRun(const CallInfo& call, const std::string& name,
                                 std::string expected_etag, Wiring::Decide decide,
                                 Done done) const {
  parts_.wiring->store().Get(
      IdOf(name), call.deadline,
      [this, name, actor = call.actor, expected_etag = std::move(expected_etag),
       decide = std::move(decide),
       done = std::move(done)](absl::StatusOr<chassis::Versioned<Record>> found) {
        if (!found.ok()) return done(found.status());
        if (!found->exists()) return done(chassis::NotFound(name));
        const std::string etag = chassis::EtagOf(found->version);
        if (!expected_etag.empty() && expected_etag != etag) {
          return done(chassis::Refusal(absl::StatusCode::kAborted, "ETAG_MISMATCH",
                                       "申请已被修改，请重新读取",
                                       "the application changed since its etag was read")
                          .Build());
        }
        Result decision = decide(found->state, Act{parts_.wiring->clock().Now(), actor});
        if (!decision.ok()) return done(decision.status());
        done(AnswerView(decision->changed ? decision->next : found->state, etag));
      });
}

ApplicationsService::Reactor* ApplicationsService::CreateApplication(
    Context* context, const v1::CreateApplicationRequest* request, v1::Application* response) {
  return parts_.gate->Unary<v1::CreateApplicationRequest, v1::Application>(
      context, request, response,
      [this](const CallInfo& call, const v1::CreateApplicationRequest& asked, Done done) {
        MakeDraft(call.ToCommand(asked),
                  {asked.application(), asked.acting(), asked.validate_only()}, std::move(done));
      });
}

void ApplicationsService::MakeDraft(chassis::Command command, const NewDraft& draft,
                                    Done done) const {
  Act act{parts_.wiring->clock().Now(), command.actor};
  Record asked;
  *asked.mutable_application() = draft.application;
  if (absl::Status s = ApplyActing(draft.acting, parts_.rules.intake, asked, act); !s.ok()) {
    return done(s);
  }
  const absl::StatusOr<v1::Application> normal =
      NormalDraft(asked.application(), books(), act, draft.known);
  if (!normal.ok()) return done(normal.status());
  if (draft.validate_only) {
    Result decision = DecideCreate("", *normal, parts_.rules.intake, act);
    if (!decision.ok()) return done(decision.status());
    decision->next.mutable_application()->clear_name();
    return done(AnswerView(decision->next, ""));
  }
  const absl::StatusOr<std::string> ulid = parts_.ids->Next(act.now, TailOf(normal->person_key()));
  if (!ulid.ok()) return done(ulid.status());
  const std::string id = absl::StrCat(normal->county_code(), "-", *ulid);
  command.correlation_id = NameOf(id);
  parts_.wiring->Create(
      id, std::move(command),
      [id, normal = *normal, intake = &parts_.rules.intake, asked_act = act](const Record&,
                                                                             const Act& now) {
        Act by = asked_act;
        by.now = now.now;
        return DecideCreate(id, normal, *intake, by);
      },
      Answering(std::move(done)));
}

ApplicationsService::Reactor* ApplicationsService::UpdateApplication(
    Context* context, const v1::UpdateApplicationRequest* request, v1::Application* response) {
  return parts_.gate->Unary<v1::UpdateApplicationRequest, v1::Application>(
      context, request, response,
      [this](const CallInfo& call, const v1::UpdateApplicationRequest& asked, Done done) {
        if (absl::Status s = CheckNames(asked); !s.ok()) return done(s);
        const auto decide = [this, &asked](const Record& record, const Act& act) {
          return DecideForApplicant(
              asked, parts_.rules.intake, record, act,
              [this](const auto& update, const Record& known, const Act& done_as) {
                return DecideUpdate(known, update.application(), update.update_mask(), books(),
                                    done_as);
              });
        };
        if (asked.validate_only()) {
          return DryRun(call, asked.name(), asked.application().etag(), decide, std::move(done));
        }
        parts_.wiring->Change(IdOf(asked.name()), call.ToCommand(asked), Move::kUpdate, decide,
                              Answering(std::move(done)));
      });
}

Wiring::Decide ApplicationsService::Submitting(const v1::SubmitApplicationRequest& asked) const {
  return [this, &asked](const Record& record, const Act& act) {
    return DecideForApplicant(asked, parts_.rules.intake, record, act,
                              [this](const auto&, const Record& known, const Act& done) {
                                return DecideSubmit(known, *parts_.questionnaires, parts_.rules,
                                                    done);
                              });
  };
}

ApplicationsService::Reactor* ApplicationsService::SubmitApplication(
    Context* context, const v1::SubmitApplicationRequest* request, v1::Application* response) {
  return parts_.gate->Unary<v1::SubmitApplicationRequest, v1::Application>(
      context, request, response,
      [this](const CallInfo& call, const v1::SubmitApplicationRequest& asked, Done done) {
        if (asked.validate_only()) return TrySubmit(call, asked, std::move(done));
        parts_.wiring->Change(IdOf(asked.name()), call.ToCommand(asked), Move::kSubmit,
                              Submitting(asked), Answering(std::move(done)));
      });
}

void ApplicationsService::TrySubmit(const CallInfo& call,
                                    const v1::SubmitApplicationRequest& request, Done done) const {
  DryRun(call, request.name(), request.etag(), Submitting(request),
         [this, deadline = call.deadline,
          done = std::move(done)](absl::StatusOr<v1::Application> would_be) {
           if (!would_be.ok()) return done(would_be.status());
           parts_.wiring->store().List(
               PersonIndex(would_be->person_key()), PersonRoute(would_be->person_key()), "",
               kMostOfPerson, deadline,
               [would_be, done](absl::StatusOr<chassis::Page<Record>> page) {
                 if (!page.ok()) return done(page.status());
                 for (const auto& item : page->items) {
                   const v1::Application& other = item.aggregate.state.application();
                   const bool open = other.state() != v1::APPLICATION_STATE_DRAFT &&
                                     other.state() != v1::APPLICATION_STATE_UNSPECIFIED &&
                                     !IsFinal(other.state());
                   if (open && OpenClaimOf(other) == OpenClaimOf(*would_be)) {
                     return done(OpenApplicationExists(other.name()));
                   }
                 }
                 done(would_be);
               });
         });
}

ApplicationsService::Reactor* ApplicationsService::SupplementApplication(
    Context* context, const v1::SupplementApplicationRequest* request, v1::Application* response) {
  return Command(context, request, response, Move::kSupplement,
                 [this](const auto& asked, const Record& record, const Act& act) {
                   return DecideSupplement(record, {asked.explanation(), asked.documents()},
                                           parts_.rules, act);
                 });
}

ApplicationsService::Reactor* ApplicationsService::WithdrawApplication(
    Context* context, const v1::WithdrawApplicationRequest* request, v1::Application* response) {
  return Command(context, request, response, Move::kWithdraw,
                 [](const auto& asked, const Record& record, const Act& act) {
                   return DecideWithdraw(record, asked.reason(), act);
                 });
}

ApplicationsService::Reactor* ApplicationsService::TerminateApplication(
    Context* context, const v1::TerminateApplicationRequest* request, v1::Application* response) {
  return Command(context, request, response, Move::kTerminate,
                 [](const auto& asked, const Record& record, const Act& act) {
                   const EndReason reason = asked.cause() == v1::TERMINATION_CAUSE_DEATH
                                                ? EndReason::kDeath
                                                : EndReason::kCertificateCancelled;
                   return DecideTerminate(record, reason, asked.remark(), act);
                 });
}

ApplicationsService::Reactor* ApplicationsService::TransferApplication(
    Context* context, const v1::TransferApplicationRequest* request, v1::Application* response) {
  return Command(context, request, response, Move::kTransfer,
                 [this](const auto& asked, const Record& record, const Act& act) {
                   return DecideTransfer(
                       record, TransferAsk{asked.county_code(), asked.address(), asked.proof()},
                       parts_.rules, act);
                 });
}

ApplicationsService::Reactor* ApplicationsService::FixPrice(Context* context,
                                                            const v1::FixPriceRequest* request,
                                                            v1::Application* response) {
  return Command(context, request, response, Move::kFixPrice,
                 [this](const auto& asked, const Record& record, const Act& act) {
                   return DecideFixPrice(record, asked.price_fen(), ToVerdict(asked), parts_.rules,
                                         act);
                 });
}

ApplicationsService::Reactor* ApplicationsService::ApproveApplication(
    Context* context, const v1::ApproveApplicationRequest* request, v1::Application* response) {
  return OfficerDecides(context, request, response, Move::kApprove, DecideApprove);
}

ApplicationsService::Reactor* ApplicationsService::RejectApplication(
    Context* context, const v1::RejectApplicationRequest* request, v1::Application* response) {
  return OfficerDecides(context, request, response, Move::kReject, DecideReject);
}

ApplicationsService::Reactor* ApplicationsService::ReturnApplication(
    Context* context, const v1::ReturnApplicationRequest* request, v1::Application* response) {
  return OfficerDecides(context, request, response, Move::kReturn, DecideReturn);
}

ApplicationsService::Reactor* ApplicationsService::HoldApplication(
    Context* context, const v1::HoldApplicationRequest* request, v1::Application* response) {
  return OfficerDecides(context, request, response, Move::kHold, DecideHold);
}

ApplicationsService::Reactor* ApplicationsService::ResumeApplication(
    Context* context, const v1::ResumeApplicationRequest* request, v1::Application* response) {
  return OfficerDecides(context, request, response, Move::kResume, DecideResume);
}

ApplicationsService::Reactor* ApplicationsService::AppealApplication(
    Context* context, const v1::AppealApplicationRequest* request, v1::Application* response) {
  return Command(context, request, response, Move::kAppeal,
                 [this](const auto& asked, const Record& record, const Act& act) {
                   return DecideAppeal(record, asked.reason(), parts_.rules, act);
                 });
}

ApplicationsService::Reactor* ApplicationsService::DismissAppeal(
    Context* context, const v1::DismissAppealRequest* request, v1::Application* response) {
  return Command(context, request, response, Move::kDismissAppeal,
                 [this](const auto& asked, const Record& record, const Act& act) {
                   return DecideDismissAppeal(record, asked.remark(), parts_.rules, act);
                 });
}

ApplicationsService::Reactor* ApplicationsService::GrantAppeal(
    Context* context, const v1::GrantAppealRequest* request, v1::Application* response) {
  return Command(context, request, response, Move::kGrantAppeal,
                 [this](const auto& asked, const Record& record, const Act& act) {
                   return DecideGrantAppeal(record, asked.remark(), parts_.rules, act);
                 });
}

ApplicationsService::Reactor* ApplicationsService::ConfirmReceipt(
    Context* context, const v1::ConfirmReceiptRequest* request, v1::Application* response) {
  return Command(context, request, response, Move::kConfirmReceipt,
                 [](const auto& asked, const Record& record, const Act& act) {
                   return DecideConfirmReceipt(record, asked.serial_number(), act);
                 });
}

ApplicationsService::Reactor* ApplicationsService::AnswerFollowUp(
    Context* context, const v1::AnswerFollowUpRequest* request, v1::Application* response) {
  return Command(context, request, response, Move::kAnswerFollowUp,
                 [](const auto& asked, const Record& record, const Act& act) {
                   v1::FollowUp answer;
                   answer.set_satisfaction(asked.satisfaction());
                   answer.set_in_use(asked.in_use());
                   answer.set_comment(asked.comment());
                   return DecideAnswerFollowUp(record, answer, act);
                 });
}

ApplicationsService::Reactor* ApplicationsService::GetApplication(
    Context* context, const v1::GetApplicationRequest* request, v1::Application* response) {
  return parts_.gate->Unary<v1::GetApplicationRequest, v1::Application>(
      context, request, response,
      [this](const CallInfo& call, const v1::GetApplicationRequest& asked, Done done) {
        parts_.wiring->store().Get(IdOf(asked.name()), call.deadline,
                                   [name = asked.name(), done = std::move(done)](
                                       absl::StatusOr<chassis::Versioned<Record>> found) {
                                     if (!found.ok()) return done(found.status());
                                     if (!found->exists()) return done(chassis::NotFound(name));
                                     done(ToAnswer(found->state, found->version));
                                   });
      });
}

ApplicationsService::Reactor* ApplicationsService::ListApplications(
    Context* context, const v1::ListApplicationsRequest* request,
    v1::ListApplicationsResponse* response) {
  using ListDone = std::function<void(absl::StatusOr<v1::ListApplicationsResponse>)>;
  return parts_.gate->Unary<v1::ListApplicationsRequest, v1::ListApplicationsResponse>(
      context, request, response,
      [this](const CallInfo& call, const v1::ListApplicationsRequest& asked, ListDone done) {
        if (absl::Status s = CheckList(asked); !s.ok()) return done(s);
        absl::StatusOr<std::string> cursor = chassis::CursorOf(asked);
        if (!cursor.ok()) return done(cursor.status());
        const std::string index = asked.person_key().empty()
                                      ? CountyIndex(asked.county_code(), asked.state())
                                      : PersonIndex(asked.person_key());
        // A county's applications are wherever their persons' are.
        const std::string route = asked.person_key().empty() ? "" : PersonRoute(asked.person_key());
        parts_.wiring->store().List(
            index, route, *std::move(cursor), chassis::PageSize(asked.page_size()), call.deadline,
            [&asked, done = std::move(done)](absl::StatusOr<chassis::Page<Record>> page) {
              if (!page.ok()) return done(page.status());
              v1::ListApplicationsResponse answer;
              for (const auto& item : page->items) {
                if (!IsAsked(asked, item.aggregate.state.application())) continue;
                *answer.add_applications() =
                    ListView(item.aggregate.state, chassis::EtagOf(item.aggregate.version));
              }
              if (!page->next_cursor.empty()) {
                answer.set_next_page_token(chassis::MakePageToken(asked, page->next_cursor));
              }
              done(std::move(answer));
            });
      });
}

grpc::ServerWriteReactor<v1::WatchApplicationResponse>* ApplicationsService::WatchApplication(
    Context* context, const v1::WatchApplicationRequest* request) {
  return OpenApplicationWatch(parts_.wiring, parts_.fanout, parts_.gate, parts_.watch_heartbeat,
                              context, request);
}

}  // namespace fuju::applications
