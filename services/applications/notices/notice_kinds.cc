#include "applications/notices/notice_kinds.h"

#include <cstddef>

#include "applications/limits.h"

namespace fuju::applications {
namespace {

constexpr size_t kPrefix = sizeof("NOTICE_KIND_") - 1;

struct Title {
  v1::NoticeKind kind;
  const char* zh;
  const char* en;
};
constexpr Title kTitles[] = {
    {v1::NOTICE_KIND_SUBMITTED, "收到申请", "application received"},
    {v1::NOTICE_KIND_REVIEW_STARTED, "开始审核", "review started"},
    {v1::NOTICE_KIND_RETURNED, "请补正材料", "please supplement"},
    {v1::NOTICE_KIND_SUPPLEMENTED, "收到补正材料", "supplement received"},
    {v1::NOTICE_KIND_APPROVED, "审核通过", "approved"},
    {v1::NOTICE_KIND_REJECTED, "审核未通过", "not approved"},
    {v1::NOTICE_KIND_INELIGIBLE, "不符合条件", "conditions not met"},
    {v1::NOTICE_KIND_UNFUNDED, "预算不足", "no money left"},
    {v1::NOTICE_KIND_EXPIRED, "逾期未提交或补正", "not handed in or supplemented in time"},
    {v1::NOTICE_KIND_REVIEW_LATE, "审核延期", "review is late"},
    {v1::NOTICE_KIND_DISPATCHED, "已安排服务机构", "vendor found"},
    {v1::NOTICE_KIND_VISIT_TO_BOOK, "请预约上门时间", "please book a visit"},
    {v1::NOTICE_KIND_VENDOR_SOUGHT, "另行安排服务机构", "another vendor is sought"},
    {v1::NOTICE_KIND_VISIT_BOOKED, "已预约上门时间", "visit booked"},
    {v1::NOTICE_KIND_VISIT_MOVED, "上门时间有变", "visit moved"},
    {v1::NOTICE_KIND_VISIT_CANCELLED, "上门取消", "visit cancelled"},
    {v1::NOTICE_KIND_HANDED_OVER, "辅具已交付，请签收", "device handed over, please sign"},
    {v1::NOTICE_KIND_RECEIPT_REMINDER, "提醒签收", "reminder to sign"},
    {v1::NOTICE_KIND_RECEIPT_SIGNED, "已签收", "receipt signed"},
    {v1::NOTICE_KIND_PAID, "补贴已结算", "subsidy settled"},
    {v1::NOTICE_KIND_FOLLOW_UP_ASKED, "使用情况回访", "follow-up question"},
    {v1::NOTICE_KIND_CLOSED, "申请办结", "case closed"},
    {v1::NOTICE_KIND_WITHDRAWAL_REQUESTED, "正在撤回", "withdrawal under way"},
    {v1::NOTICE_KIND_WITHDRAWN, "已撤回", "withdrawn"},
    {v1::NOTICE_KIND_UNSERVED, "未能服务", "could not be served"},
    {v1::NOTICE_KIND_HELD, "暂缓办理", "standing still"},
    {v1::NOTICE_KIND_OBJECTED, "公示期核实", "checked during the public notice"},
    {v1::NOTICE_KIND_RESUMED, "恢复办理", "goes on"},
    {v1::NOTICE_KIND_HOLD_LATE, "核实延期", "clearing up is late"},
    {v1::NOTICE_KIND_APPEALED, "收到申诉", "appeal received"},
    {v1::NOTICE_KIND_APPEAL_GRANTED, "申诉成立", "appeal granted"},
    {v1::NOTICE_KIND_APPEAL_DISMISSED, "申诉未获支持", "appeal not granted"},
    {v1::NOTICE_KIND_APPEAL_LATE, "申诉延期", "appeal is late"},
    {v1::NOTICE_KIND_TERMINATED, "申请终止", "case terminated"},
    {v1::NOTICE_KIND_TRANSFER_REQUESTED, "正在转县", "moving to another county"},
    {v1::NOTICE_KIND_TRANSFERRED, "已转到新的县区", "moved to another county"},
    {v1::NOTICE_KIND_PRICE_FIXED, "价格已核定", "price fixed"},
    {v1::NOTICE_KIND_MADE_PUBLIC, "开始公示", "public notice"},
};
static_assert(std::size(kTitles) + 1 == v1::NoticeKind_ARRAYSIZE);

// State before the last entry of the timeline.
v1::ApplicationState StateBefore(const v1::Application& application) {
  const int entries = application.timeline_size();
  return entries < 2 ? v1::APPLICATION_STATE_UNSPECIFIED
                     : application.timeline(entries - 2).state();
}

v1::NoticeKind KindOfVisitToCome(const v1::Application& application) {
  if (StateBefore(application) == v1::APPLICATION_STATE_SCHEDULED) {
    return v1::NOTICE_KIND_VISIT_CANCELLED;
  }
  return application.service().order().empty() ? v1::NOTICE_KIND_DISPATCHED
                                               : v1::NOTICE_KIND_VISIT_TO_BOOK;
}

}  // namespace

std::vector<v1::NoticeKind> AllNoticeKinds() {
  std::vector<v1::NoticeKind> kinds;
  for (const Title& title : kTitles) kinds.push_back(title.kind);
  return kinds;
}

std::string NoticeKindName(v1::NoticeKind kind) {
  return v1::NoticeKind_Name(kind).substr(kPrefix);
}

Text NoticeTitle(v1::NoticeKind kind) {
  for (const Title& title : kTitles) {
    if (title.kind == kind) return Text{title.zh, title.en};
  }
  return Text{"通知", "notice"};
}

v1::NoticeKind NoticeKindOf(const v1::ApplicationSubmitted&) { return v1::NOTICE_KIND_SUBMITTED; }
v1::NoticeKind NoticeKindOf(const v1::ApplicationReviewStarted&) {
  return v1::NOTICE_KIND_REVIEW_STARTED;
}
v1::NoticeKind NoticeKindOf(const v1::ApplicationReturned&) { return v1::NOTICE_KIND_RETURNED; }
v1::NoticeKind NoticeKindOf(const v1::ApplicationSupplemented&) {
  return v1::NOTICE_KIND_SUPPLEMENTED;
}
v1::NoticeKind NoticeKindOf(const v1::ApplicationApproved&) { return v1::NOTICE_KIND_APPROVED; }

v1::NoticeKind NoticeKindOf(const v1::ApplicationProgressed& fact) {
  const v1::Application& application = fact.application();
  switch (application.state()) {
    case v1::APPLICATION_STATE_APPROVED:
      return v1::NOTICE_KIND_VENDOR_SOUGHT;
    case v1::APPLICATION_STATE_DISPATCHED:
      return KindOfVisitToCome(application);
    case v1::APPLICATION_STATE_SCHEDULED:
      return StateBefore(application) == v1::APPLICATION_STATE_SCHEDULED
                 ? v1::NOTICE_KIND_VISIT_MOVED
                 : v1::NOTICE_KIND_VISIT_BOOKED;
    case v1::APPLICATION_STATE_FITTED:
      return v1::NOTICE_KIND_HANDED_OVER;
    default:
      // A step of a withdrawal: its end is told.
      return v1::NOTICE_KIND_UNSPECIFIED;
  }
}

v1::NoticeKind NoticeKindOf(const v1::ApplicationDeadlineMissed& fact) {
  // The steps before are between the office and its supervisor.
  if (fact.limit() == kReviewTimer && fact.level() == v1::ESCALATION_LEVEL_PREFECTURE) {
    return v1::NOTICE_KIND_REVIEW_LATE;
  }
  if (fact.limit() == kHoldTimer) return v1::NOTICE_KIND_HOLD_LATE;
  if (fact.limit() == kAppealTimer) return v1::NOTICE_KIND_APPEAL_LATE;
  if (fact.limit() == kReceiptTimer) return v1::NOTICE_KIND_RECEIPT_REMINDER;
  return v1::NOTICE_KIND_UNSPECIFIED;
}

v1::NoticeKind NoticeKindOf(const v1::WithdrawalRequested& fact) {
  const v1::Outcome& outcome = fact.application().outcome();
  const bool withdrawn = outcome.reason_codes_size() > 0 &&
                         outcome.reason_codes(0) == EndReasonCode(EndReason::kWithdrawnByApplicant);
  // Of a termination its end is told.
  return withdrawn ? v1::NOTICE_KIND_WITHDRAWAL_REQUESTED : v1::NOTICE_KIND_UNSPECIFIED;
}
v1::NoticeKind NoticeKindOf(const v1::ApplicationAccepted&) {
  return v1::NOTICE_KIND_RECEIPT_SIGNED;
}
v1::NoticeKind NoticeKindOf(const v1::ApplicationSettled&) { return v1::NOTICE_KIND_PAID; }
v1::NoticeKind NoticeKindOf(const v1::FollowUpRequested&) {
  return v1::NOTICE_KIND_FOLLOW_UP_ASKED;
}
v1::NoticeKind NoticeKindOf(const v1::ApplicationClosed&) { return v1::NOTICE_KIND_CLOSED; }

v1::NoticeKind NoticeKindOf(const v1::ApplicationEnded& fact) {
  const v1::Application& application = fact.application();
  if (StateBefore(application) == v1::APPLICATION_STATE_APPEALED &&
      application.review().appeal().result() == v1::APPEAL_RESULT_DISMISSED) {
    return v1::NOTICE_KIND_APPEAL_DISMISSED;
  }
  switch (application.state()) {
    case v1::APPLICATION_STATE_REJECTED:
      return v1::NOTICE_KIND_REJECTED;
    case v1::APPLICATION_STATE_INELIGIBLE:
      return v1::NOTICE_KIND_INELIGIBLE;
    case v1::APPLICATION_STATE_UNFUNDED:
      return v1::NOTICE_KIND_UNFUNDED;
    case v1::APPLICATION_STATE_EXPIRED:
      return v1::NOTICE_KIND_EXPIRED;
    case v1::APPLICATION_STATE_UNSERVED:
      return v1::NOTICE_KIND_UNSERVED;
    case v1::APPLICATION_STATE_WITHDRAWN:
      // Who throws a draft away needs no letter about it.
      return application.has_submit_time() ? v1::NOTICE_KIND_WITHDRAWN
                                           : v1::NOTICE_KIND_UNSPECIFIED;
    case v1::APPLICATION_STATE_TERMINATED:
      return application.has_submit_time() ? v1::NOTICE_KIND_TERMINATED
                                           : v1::NOTICE_KIND_UNSPECIFIED;
    default:
      return v1::NOTICE_KIND_UNSPECIFIED;
  }
}

v1::NoticeKind NoticeKindOf(const v1::ApplicationStagePassed& fact) {
  // From stage to stage nothing changes for the person; that the name becomes public does.
  return fact.application().state() == v1::APPLICATION_STATE_PUBLIC_NOTICE
             ? v1::NOTICE_KIND_MADE_PUBLIC
             : v1::NOTICE_KIND_UNSPECIFIED;
}
v1::NoticeKind NoticeKindOf(const v1::ApplicationHeld&) { return v1::NOTICE_KIND_HELD; }
v1::NoticeKind NoticeKindOf(const v1::ObjectionFiled& fact) {
  // A further one changes nothing.
  return StateBefore(fact.application()) == v1::APPLICATION_STATE_PUBLIC_NOTICE
             ? v1::NOTICE_KIND_OBJECTED
             : v1::NOTICE_KIND_UNSPECIFIED;
}
v1::NoticeKind NoticeKindOf(const v1::ApplicationResumed&) { return v1::NOTICE_KIND_RESUMED; }
v1::NoticeKind NoticeKindOf(const v1::ApplicationAppealed&) { return v1::NOTICE_KIND_APPEALED; }
v1::NoticeKind NoticeKindOf(const v1::ApplicationReopened&) {
  return v1::NOTICE_KIND_APPEAL_GRANTED;
}
v1::NoticeKind NoticeKindOf(const v1::TransferRequested&) {
  return v1::NOTICE_KIND_TRANSFER_REQUESTED;
}
v1::NoticeKind NoticeKindOf(const v1::ApplicationTransferred&) {
  return v1::NOTICE_KIND_TRANSFERRED;
}
v1::NoticeKind NoticeKindOf(const v1::ApplicationRepriced& fact) {
  return fact.refused() ? v1::NOTICE_KIND_UNSPECIFIED : v1::NOTICE_KIND_PRICE_FIXED;
}

bool IsOvertaken(v1::NoticeKind kind, int timeline_sequence, const v1::Application& now) {
  switch (kind) {
    case v1::NOTICE_KIND_VISIT_TO_BOOK:
    case v1::NOTICE_KIND_VISIT_BOOKED:
    case v1::NOTICE_KIND_VISIT_MOVED:
    case v1::NOTICE_KIND_VISIT_CANCELLED:
      // Whatever came after it says more of the visit.
      return now.timeline_size() > timeline_sequence;
    case v1::NOTICE_KIND_HELD:
    case v1::NOTICE_KIND_OBJECTED:
    case v1::NOTICE_KIND_HOLD_LATE:
      return now.state() != v1::APPLICATION_STATE_ON_HOLD;
    case v1::NOTICE_KIND_APPEAL_LATE:
      return now.state() != v1::APPLICATION_STATE_APPEALED;
    case v1::NOTICE_KIND_MADE_PUBLIC:
      return now.state() != v1::APPLICATION_STATE_PUBLIC_NOTICE;
    case v1::NOTICE_KIND_TRANSFER_REQUESTED:
      return now.state() != v1::APPLICATION_STATE_TRANSFERRING;
    case v1::NOTICE_KIND_RETURNED:
      return now.state() != v1::APPLICATION_STATE_SUPPLEMENT;
    case v1::NOTICE_KIND_HANDED_OVER:
    case v1::NOTICE_KIND_RECEIPT_REMINDER:
      return now.state() != v1::APPLICATION_STATE_FITTED;
    case v1::NOTICE_KIND_FOLLOW_UP_ASKED:
      return now.state() != v1::APPLICATION_STATE_FOLLOW_UP;
    default:
      return false;
  }
}

}  // namespace fuju::applications
