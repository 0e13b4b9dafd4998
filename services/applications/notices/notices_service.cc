#include "applications/notices/notices_service.h"

#include <functional>
#include <string>
#include <utility>

#include "applications/application.h"
#include "chassis/rpc/page_token.h"
#include "chassis/values/refusal.h"

namespace fuju::applications {
namespace {

using chassis::CallInfo;

template <typename Response>
using Done = std::function<void(absl::StatusOr<Response>)>;

// One page of an index; `request` lives until `done`. `wanted` leaves out what has moved on since
// the index was read.
template <typename Request, typename Response>
void List(const Notices& notices, const CallInfo& call, const Request& request, std::string index,
          std::string route, std::function<bool(const v1::Notice&)> wanted, Done<Response> done) {
  absl::StatusOr<std::string> cursor = chassis::CursorOf(request);
  if (!cursor.ok()) return done(cursor.status());
  notices.store().List(
      std::move(index), std::move(route), *std::move(cursor),
      chassis::PageSize(request.page_size()), call.deadline,
      [&request, wanted = std::move(wanted),
       done = std::move(done)](absl::StatusOr<chassis::Page<NoticeRecord>> page) {
        if (!page.ok()) return done(page.status());
        Response answer;
        for (const auto& item : page->items) {
          if (!item.aggregate.exists() || !wanted(item.aggregate.state.notice())) continue;
          *answer.add_notices() =
              NoticeView(item.aggregate.state, chassis::EtagOf(item.aggregate.version));
        }
        if (!page->next_cursor.empty()) {
          answer.set_next_page_token(chassis::MakePageToken(request, page->next_cursor));
        }
        done(std::move(answer));
      });
}

}  // namespace

NoticesService::Reactor* NoticesService::ListNotices(Context* context,
                                                     const v1::ListNoticesRequest* request,
                                                     v1::ListNoticesResponse* response) {
  return gate_->Unary<v1::ListNoticesRequest, v1::ListNoticesResponse>(
      context, request, response,
      [this](const CallInfo& call, const v1::ListNoticesRequest& asked,
             Done<v1::ListNoticesResponse> done) {
        const std::string application = IdOf(asked.parent());
        List<v1::ListNoticesRequest, v1::ListNoticesResponse>(
            *notices_, call, asked, NoticesOfApplication(application), RouteOf(application),
            [](const v1::Notice&) { return true; }, std::move(done));
      });
}

NoticesService::Reactor* NoticesService::ListFailedNotices(
    Context* context, const v1::ListFailedNoticesRequest* request,
    v1::ListFailedNoticesResponse* response) {
  return gate_->Unary<v1::ListFailedNoticesRequest, v1::ListFailedNoticesResponse>(
      context, request, response,
      [this](const CallInfo& call, const v1::ListFailedNoticesRequest& asked,
             Done<v1::ListFailedNoticesResponse> done) {
        // A county's notices are wherever their persons' are.
        List<v1::ListFailedNoticesRequest, v1::ListFailedNoticesResponse>(
            *notices_, call, asked, FailedNoticesOf(asked.county_code()), "",
            [](const v1::Notice& notice) { return notice.state() == v1::NOTICE_STATE_FAILED; },
            std::move(done));
      });
}

NoticesService::Reactor* NoticesService::ResendNotice(Context* context,
                                                      const v1::ResendNoticeRequest* request,
                                                      v1::Notice* response) {
  return gate_->Unary<v1::ResendNoticeRequest, v1::Notice>(
      context, request, response,
      [this](const CallInfo& call, const v1::ResendNoticeRequest& asked, Done<v1::Notice> done) {
        notices_->store().Update(
            NoticeIdFromName(asked.name()), call.ToCommand(asked),
            [this, &asked](const chassis::Versioned<NoticeRecord>& current) -> NoticeDecision {
              if (!current.exists()) return chassis::NotFound(asked.name());
              return DecideResend(current.state, notices_->policy(),
                                  notices_->store().raw()->clock().Now());
            },
            [done = std::move(done)](absl::StatusOr<chassis::Committed<NoticeRecord>> committed) {
              if (!committed.ok()) return done(committed.status());
              done(NoticeView(committed->state, chassis::EtagOf(committed->version)));
            });
      });
}

}  // namespace fuju::applications
