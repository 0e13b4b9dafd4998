#include "audit/audit_answers.h"

#include <memory>
#include <utility>

#include "audit/archive_queries.h"

namespace fuju::audit {
namespace {

template <typename Answer>
void Ask(ArchiveReaders* readers, absl::Time deadline,
         std::function<absl::StatusOr<Answer>(soci::session&)> question,
         AuditAnswers::Done<Answer> done) {
  auto answer = std::make_shared<Answer>();
  readers->Ask(
      deadline,
      [answer, question = std::move(question)](soci::session& session) {
        absl::StatusOr<Answer> result = question(session);
        if (result.ok()) *answer = *std::move(result);
        return result.status();
      },
      [answer, done = std::move(done)](absl::Status status) {
        if (status.ok()) {
          done(std::move(*answer));
        } else {
          done(std::move(status));
        }
      });
}

}  // namespace

void AuditAnswers::Trace(const v1::GetApplicationTraceRequest& request, absl::Time deadline,
                         Done<v1::ApplicationTrace> done) {
  Ask<v1::ApplicationTrace>(
      readers_, deadline,
      [application = request.application()](soci::session& session) {
        return ReadTrace(session, application);
      },
      std::move(done));
}

void AuditAnswers::Spending(const v1::ListSpendingRequest& request, absl::Time deadline,
                            Done<v1::ListSpendingResponse> done) {
  Ask<v1::ListSpendingResponse>(
      readers_, deadline,
      [request](soci::session& session) { return ReadSpending(session, request); },
      std::move(done));
}

void AuditAnswers::Overview(const v1::GetOverviewRequest& /*request*/, absl::Time deadline,
                            Done<v1::Overview> done) {
  Ask<v1::Overview>(
      readers_, deadline, [](soci::session& session) { return ReadOverview(session); },
      std::move(done));
}

}  // namespace fuju::audit
