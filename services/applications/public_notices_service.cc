#include "applications/public_notices_service.h"

#include <functional>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"

#include "applications/footprint.h"
#include "applications/public_notice.h"
#include "applications/staff_roles.h"
#include "chassis/rpc/page_token.h"
#include "chassis/values/refusal.h"

namespace fuju::applications {
namespace {

using chassis::CallInfo;

// The stage that makes cases of this chain public; null if it has none.
const Stage* NoticeOf(const Chain& chain) {
  const auto found =
      absl::c_find_if(chain.stages, [](const Stage& stage) { return stage.IsNotice(); });
  return found == chain.stages.end() ? nullptr : &*found;
}

absl::StatusOr<v1::ListObjectionsResponse> ObjectionsFor(const Record& record,
                                                         const std::string& notice,
                                                         const Rules& rules,
                                                         const std::string& actor) {
  const v1::Review& review = record.application().review();
  if (record.objections().empty()) return chassis::NotFound(notice);
  const absl::StatusOr<const Chain*> chain =
      rules.chains.Find(review.chain(), review.chain_version());
  if (!chain.ok()) return chain.status();
  const Stage* stage = NoticeOf(**chain);
  if (stage == nullptr || !stage->HasRole(RoleOf(actor))) {
    return chassis::Refusal(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
                            "只有办理公示的人员可以查看异议",
                            "objections are shown to the officers of the notice only")
        .Build();
  }
  v1::ListObjectionsResponse answer;
  *answer.mutable_objections() = record.objections();
  return answer;
}

}  // namespace

v1::PublicNotice PublicNoticesService::ViewOf(const Record& record) const {
  const std::string& county = record.application().county_code();
  std::string area = county;
  const auto code = vocabulary::RegionCode::Parse(county);
  if (code.ok()) area = regions_->FullNameOf(*code).value_or(county);
  return NoticeView(record, std::move(area), rules_.chains.ObjectionPhone(county));
}

PublicNoticesService::Reactor* PublicNoticesService::ListPublicNotices(
    Context* context, const v1::ListPublicNoticesRequest* request,
    v1::ListPublicNoticesResponse* response) {
  using ListDone = std::function<void(absl::StatusOr<v1::ListPublicNoticesResponse>)>;
  return gate_->Unary<v1::ListPublicNoticesRequest, v1::ListPublicNoticesResponse>(
      context, request, response,
      [this](const CallInfo& call, const v1::ListPublicNoticesRequest& asked, ListDone done) {
        absl::StatusOr<std::string> cursor = chassis::CursorOf(asked);
        if (!cursor.ok()) return done(cursor.status());
        wiring_->store().List(
            CountyIndex(asked.county_code(), v1::APPLICATION_STATE_PUBLIC_NOTICE), "",
            *std::move(cursor), chassis::PageSize(asked.page_size()), call.deadline,
            [this, &asked, done = std::move(done)](absl::StatusOr<chassis::Page<Record>> page) {
              if (!page.ok()) return done(page.status());
              v1::ListPublicNoticesResponse answer;
              for (const auto& item : page->items) {
                // The state is read after the index.
                if (!IsPublic(item.aggregate.state)) continue;
                *answer.add_public_notices() = ViewOf(item.aggregate.state);
              }
              if (!page->next_cursor.empty()) {
                answer.set_next_page_token(chassis::MakePageToken(asked, page->next_cursor));
              }
              done(std::move(answer));
            });
      });
}

PublicNoticesService::Reactor* PublicNoticesService::ObjectToPublicNotice(
    Context* context, const v1::ObjectToPublicNoticeRequest* request, v1::PublicNotice* response) {
  using Done = std::function<void(absl::StatusOr<v1::PublicNotice>)>;
  return gate_->Unary<v1::ObjectToPublicNoticeRequest, v1::PublicNotice>(
      context, request, response,
      [this](const CallInfo& call, const v1::ObjectToPublicNoticeRequest& asked, Done done) {
        wiring_->Change(
            IdOfNotice(asked.name()), call.ToCommand(asked), Move::kObject,
            [this, &asked](const Record& record, const Act& act) {
              v1::Objection objection;
              objection.set_reason(asked.reason());
              objection.set_contact(asked.contact());
              return DecideObject(record, objection, rules_, act);
            },
            [this, &asked,
             done = std::move(done)](const absl::StatusOr<chassis::Committed<Record>>& committed) {
              if (committed.ok()) return done(ViewOf(committed->state));
              // Whether there is such an application, and where it stands, is nobody's business.
              const std::string reason = chassis::ReasonOf(committed.status());
              if (reason == "STATE_FORBIDS" || reason == "RESOURCE_NOT_FOUND") {
                return done(chassis::NotFound(asked.name()));
              }
              done(committed.status());
            });
      });
}

PublicNoticesService::Reactor* PublicNoticesService::ListObjections(
    Context* context, const v1::ListObjectionsRequest* request,
    v1::ListObjectionsResponse* response) {
  using ListDone = std::function<void(absl::StatusOr<v1::ListObjectionsResponse>)>;
  return gate_->Unary<v1::ListObjectionsRequest, v1::ListObjectionsResponse>(
      context, request, response,
      [this](const CallInfo& call, const v1::ListObjectionsRequest& asked, ListDone done) {
        wiring_->store().Get(IdOfNotice(asked.name()), call.deadline,
                             [this, &asked, actor = call.actor, done = std::move(done)](
                                 const absl::StatusOr<chassis::Versioned<Record>>& found) {
                               if (!found.ok()) return done(found.status());
                               if (!found->exists()) return done(chassis::NotFound(asked.name()));
                               done(ObjectionsFor(found->state, asked.name(), rules_, actor));
                             });
      });
}

}  // namespace fuju::applications
