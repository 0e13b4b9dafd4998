#include "applications/desk/review_desk_service.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"

#include "applications/claim_refusal.h"
#include "applications/desk/bulk_approval.h"
#include "applications/desk/case_view.h"
#include "applications/desk/evidence_reader.h"
#include "applications/desk/queue_reader.h"
#include "applications/desk/workload_reader.h"
#include "applications/staff_roles.h"
#include "chassis/values/refusal.h"

namespace fuju::applications {
namespace {

using chassis::CallInfo;

template <typename Response>
using Done = std::function<void(absl::StatusOr<Response>)>;

absl::Status CheckStaff(const std::string& actor) {
  if (actor.empty()) {
    return chassis::Refusal(absl::StatusCode::kUnauthenticated, "ACTOR_MISSING",
                            "缺少操作人；请在元数据 fuju-actor 中写明“角色:编号”",
                            "nobody is named as acting; send the metadata fuju-actor as "
                            "\"<role>:<id>\"");
  }
  if (FindStaffRole(RoleOf(actor)) != nullptr && !PersonOf(actor).empty()) {
    return absl::OkStatus();
  }
  const std::string roles = absl::StrJoin(
      StaffRoles(), ", ",
      [](std::string* out, const StaffRole& role) { absl::StrAppend(out, role.name); });
  return chassis::Refusal(
             absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
             "只有经办机构的工作人员可以使用审核工作台",
             absl::StrCat("the reviewer's desk is for the staff of an office: ", roles))
      .With("roles", roles);
}

// The end of a claim or a release.
Wiring::Store::Done AnsweringCase(const Wiring* wiring, Done<v1::QueuedCase> done) {
  return [wiring, done = std::move(done)](absl::StatusOr<chassis::Committed<Record>> committed) {
    if (!committed.ok()) return done(ToClaimRefusal(committed.status()));
    done(QueuedCaseView(committed->state, chassis::EtagOf(committed->version),
                        wiring->clock().Now()));
  };
}

}  // namespace

template <typename Request, typename Response, typename Handle>
ReviewDeskService::Reactor* ReviewDeskService::Staffed(Context* context, const Request* request,
                                                       Response* response, Handle handle) {
  return parts_.gate->Unary<Request, Response>(
      context, request, response,
      [handle](const CallInfo& call, const Request& asked, Done<Response> done) {
        if (absl::Status s = CheckStaff(call.actor); !s.ok()) return done(s);
        handle(call, asked, std::move(done));
      });
}

ReviewDeskService::Reactor* ReviewDeskService::ListQueuedCases(
    Context* context, const v1::ListQueuedCasesRequest* request,
    v1::ListQueuedCasesResponse* response) {
  return Staffed(context, request, response,
                 [this](const CallInfo& call, const auto& asked, auto done) {
                   ReadQueue(*parts_.wiring, parts_.rules, asked, std::string(PersonOf(call.actor)),
                             call.deadline, std::move(done));
                 });
}

ReviewDeskService::Reactor* ReviewDeskService::ClaimCase(Context* context,
                                                         const v1::ClaimCaseRequest* request,
                                                         v1::QueuedCase* response) {
  return Staffed(
      context, request, response, [this](const CallInfo& call, const auto& asked, auto done) {
        parts_.wiring->Change(
            IdOf(asked.name()), call.ToCommand(asked), Move::kClaim,
            [this, &asked](const Record& record, const Act& act) {
              return DecideClaim(record, asked.stage(), parts_.claims, parts_.rules, act);
            },
            AnsweringCase(parts_.wiring, std::move(done)));
      });
}

ReviewDeskService::Reactor* ReviewDeskService::ReleaseCase(Context* context,
                                                           const v1::ReleaseCaseRequest* request,
                                                           v1::QueuedCase* response) {
  return Staffed(context, request, response,
                 [this](const CallInfo& call, const auto& asked, auto done) {
                   parts_.wiring->Change(
                       IdOf(asked.name()), call.ToCommand(asked), Move::kRelease,
                       [this](const Record& record, const Act& act) {
                         return DecideRelease(record, parts_.claims, act);
                       },
                       AnsweringCase(parts_.wiring, std::move(done)));
                 });
}

ReviewDeskService::Reactor* ReviewDeskService::GetCaseEvidence(
    Context* context, const v1::GetCaseEvidenceRequest* request, v1::CaseEvidence* response) {
  return Staffed(context, request, response,
                 [this](const CallInfo& call, const auto& asked, auto done) {
                   // Half of the caller's time is left for the case itself and the way back.
                   const absl::Time now = absl::Now();
                   const absl::Duration patience =
                       std::min(parts_.catalogue_timeout, (call.deadline - now) / 2);
                   ReadEvidence(*parts_.wiring, parts_.catalogue, asked.name(), call.deadline,
                                {.actor = call.actor,
                                 .traceparent = call.trace.Child().ToHeader(),
                                 .deadline = now + patience},
                                std::move(done));
                 });
}

ReviewDeskService::Reactor* ReviewDeskService::BulkApproveCases(
    Context* context, const v1::BulkApproveCasesRequest* request,
    v1::BulkApproveCasesResponse* response) {
  return Staffed(context, request, response,
                 [this](const CallInfo& call, const auto& asked, auto done) {
                   ApproveEach(*parts_.wiring, parts_.rules, call, asked, std::move(done));
                 });
}

ReviewDeskService::Reactor* ReviewDeskService::GetWorkload(Context* context,
                                                           const v1::GetWorkloadRequest* request,
                                                           v1::Workload* response) {
  return Staffed(
      context, request, response, [this](const CallInfo& call, const auto& asked, auto done) {
        ReadWorkload(*parts_.wiring, parts_.rules, asked, call.deadline, std::move(done));
      });
}

}  // namespace fuju::applications
