#include "applications/notices/notice_reactions.h"

#include <string>
#include <utility>

#include "absl/time/clock.h"

#include "applications/notices/notice_kinds.h"
#include "applications/reactions.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"

namespace fuju::applications {
namespace {

using chassis::Delivery;
using chassis::ReactionDone;

// How long one read of the application may take; then the fact is tried again.
constexpr absl::Duration kReadTimeout = absl::Seconds(5);

// `fact` lives until `done`.
void Plan(const NoticePlanner& planner, v1::NoticeKind kind, const v1::Application& fact,
          const Delivery& delivery, ReactionDone done) {
  const std::string application_id = IdOf(fact.name());
  const std::string id = NoticeIdOf(application_id, delivery.event->aggregate_version());
  planner.applications->Get(
      application_id, absl::Now() + kReadTimeout,
      [planner, kind, &fact, fact_time = chassis::ToTime(delivery.event->time()), id,
       command = delivery.ToCommand(kService),
       done = std::move(done)](absl::StatusOr<chassis::Versioned<Record>> found) mutable {
        if (!found.ok()) return done(found.status());
        if (!found->exists()) return done(chassis::NotFound(fact.name()));
        command.presumes_new = true;
        planner.notices->Update(
            id, std::move(command),
            [planner, kind, &fact, fact_time, id,
             applicant = found->state.application().applicant()](
                const chassis::Versioned<NoticeRecord>& current) -> NoticeDecision {
              if (current.exists()) return chassis::Decision<NoticeRecord>::Unchanged();
              return DecidePlan({.id = id,
                                 .kind = kind,
                                 .fact = fact,
                                 .fact_time = fact_time,
                                 .applicant = applicant},
                                planner.policy, planner.notices->raw()->clock().Now());
            },
            [done = std::move(done)](
                const absl::StatusOr<chassis::Committed<NoticeRecord>>& committed) {
              done(committed.status());
            });
      });
}

template <typename FactMessage>
void OnFact(chassis::Reactions& reactions, const NoticePlanner& planner) {
  reactions.On<FactMessage>(
      kService, [planner](const FactMessage& fact, const Delivery& delivery, ReactionDone done) {
        const v1::NoticeKind kind = NoticeKindOf(fact);
        if (kind == v1::NOTICE_KIND_UNSPECIFIED || planner.texts->IsSilent(kind)) {
          return done(absl::OkStatus());
        }
        Plan(planner, kind, fact.application(), delivery, std::move(done));
      });
}

}  // namespace

void AddNoticeReactions(chassis::Reactions& reactions, const NoticePlanner& planner) {
  OnFact<v1::ApplicationSubmitted>(reactions, planner);
  OnFact<v1::ApplicationReviewStarted>(reactions, planner);
  OnFact<v1::ApplicationReturned>(reactions, planner);
  OnFact<v1::ApplicationSupplemented>(reactions, planner);
  OnFact<v1::ApplicationApproved>(reactions, planner);
  OnFact<v1::ApplicationProgressed>(reactions, planner);
  OnFact<v1::ApplicationDeadlineMissed>(reactions, planner);
  OnFact<v1::WithdrawalRequested>(reactions, planner);
  OnFact<v1::ApplicationAccepted>(reactions, planner);
  OnFact<v1::ApplicationSettled>(reactions, planner);
  OnFact<v1::FollowUpRequested>(reactions, planner);
  OnFact<v1::ApplicationClosed>(reactions, planner);
  OnFact<v1::ApplicationEnded>(reactions, planner);
  OnFact<v1::ApplicationStagePassed>(reactions, planner);
  OnFact<v1::ApplicationHeld>(reactions, planner);
  OnFact<v1::ObjectionFiled>(reactions, planner);
  OnFact<v1::ApplicationResumed>(reactions, planner);
  OnFact<v1::ApplicationAppealed>(reactions, planner);
  OnFact<v1::ApplicationReopened>(reactions, planner);
  OnFact<v1::TransferRequested>(reactions, planner);
  OnFact<v1::ApplicationTransferred>(reactions, planner);
  OnFact<v1::ApplicationRepriced>(reactions, planner);
}

}  // namespace fuju::applications
