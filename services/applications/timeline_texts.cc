#include "applications/timeline_texts.h"

#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "vocabulary/civil_date.h"

namespace fuju::applications {
namespace {

// In the order of Line.
struct LineText {
  Line line;
  absl::string_view zh;
  absl::string_view en;
};
constexpr LineText kLines[] = {
    {Line::kDraftMade, "申请草稿已保存，尚未提交。",
     "The draft is saved. It has not been handed in yet."},
    {Line::kDraftChanged, "申请草稿已修改。", "The draft was changed."},
    {Line::kDraftExpired, "草稿长期没有修改和提交，已结束。可以重新申请。",
     "The draft was neither changed nor handed in for long. It ends; a new one may be made."},
    {Line::kUncertified, "申请人没有残疾人证，凭诊断证明申请，残疾情况由审核人员核实。",
     "The applicant has no certificate and applies with a diagnosis. The reviewers judge the "
     "disability."},
    {Line::kConsentWithdrawn, "已撤回同意：$0。", "This consent was withdrawn: $0."},
    {Line::kFactVerified, "已核实：$0。", "Verified: $0."},
    {Line::kFactCorrected, "已核实：$0；其中更正：$1。", "Verified: $0. Corrected of these: $1."},
    {Line::kSubmitted, "申请已提交，正在核对补贴资格和预算。承诺作出决定：$0。",
     "The application is handed in. Eligibility and budget are being checked. A decision is "
     "promised $0."},
    {Line::kReviewStarted, "符合补贴条件，补贴资金已预留。$0：$1。",
     "The conditions are met and the money is reserved. Next comes the $0, $1."},
    {Line::kIneligible, "不符合补贴条件：$0。申请结束。",
     "The conditions are not met: $0. The application ends."},
    {Line::kUnfunded, "本县今年的补贴预算已不足，申请结束。预算增加后可重新申请。",
     "The county's budget of this year does not suffice. The application ends; a new one may be "
     "made "
     "when the budget grows."},
    {Line::kWaitsForMoney,
     "符合补贴条件，目前补贴资金不足，正在按申请日期排队。资金到位后自动继续，无需重新申请。",
     "The conditions are met, but there is no money at the moment. The application waits in line "
     "by its date and goes on by itself when money arrives. There is no need to apply again."},
    {Line::kReturned, "需要补正：$0。请补正：$1。补正期间审核暂停计时。",
     "Please supplement: $0. Supplement $1. The review's clock stands still until then."},
    {Line::kReturnedDocuments, "需要补正：$0。请补交：$2。请补正：$1。补正期间审核暂停计时。",
     "Please supplement: $0. Documents to add: $2. Supplement $1. The review's clock stands still "
     "until then."},
    {Line::kSupplemented, "已补正，$0继续：$1。", "Supplemented. The $0 goes on, $1."},
    {Line::kStagePassed, "$0已通过。接下来是$1：$2。", "Passed: $0. Next comes the $1, $2."},
    {Line::kApproved, "审核通过，正在安排服务机构。", "Approved. A service vendor is being found."},
    {Line::kNoticeStarted, "审批已通过，现在公示：$0。公示无异议后安排服务机构。",
     "Approved. The approval is public $0. If nobody objects, a service vendor is found then."},
    {Line::kNoticeOver, "公示期满无异议，正在安排服务机构。",
     "The public notice is over and no objection is open. A service vendor is being found."},
    {Line::kObjected, "公示期间收到异议，暂缓办理。将核实清楚：$0。",
     "Somebody objected during the public notice. It is to be cleared up $0."},
    {Line::kObjectedAgain, "又收到一份异议，一并核实。",
     "A further objection was received. It is cleared up together with the first."},
    {Line::kHeld, "暂缓办理：$0。将核实清楚：$1。",
     "The case stands still: $0. It is to be cleared up $1."},
    {Line::kHoldLate, "未按期核实清楚，已报上级（市州）残联督办。",
     "It was not cleared up in time. The prefecture's federation has been told."},
    {Line::kResumed, "已核实清楚，$0继续：$1。", "Cleared up. The $0 goes on, $1."},
    {Line::kRejected, "审核未通过：$0。申请结束。", "Not approved: $0. The application ends."},
    {Line::kAppealed, "已向$0申诉，将答复：$1。", "Appealed to the $0. It is decided $1."},
    {Line::kAppealDismissed, "申诉未获支持，维持原决定：$0。",
     "The appeal was not granted. The decision stands: $0."},
    {Line::kAppealGranted, "申诉成立，申请重新办理，先核对补贴资格和预算。承诺作出决定：$0。",
     "The appeal was granted and the case is redone. Eligibility and budget come first. A decision "
     "is promised $0."},
    {Line::kAppealLate, "申诉未按期答复，已报省残联督办。",
     "The appeal was not decided in time. The province's federation has been told."},
    {Line::kSupplementExpired, "逾期未补正，申请结束。可以重新申请。",
     "Nothing was supplemented in time. The application ends; a new one may be made."},
    {Line::kLateReminded, "$0未按期完成，已提醒承办人员。",
     "The $0 is late. Its officers have been reminded."},
    {Line::kLateSupervisor, "$0未按期完成，已报主管领导督办。",
     "The $0 is late. The supervisor has been told."},
    {Line::kLatePrefecture, "$0未按期完成，已报上级（市州）残联督办。",
     "The $0 is late. The prefecture's federation has been told."},
    {Line::kWithdrawn, "申请已撤回。", "The application is withdrawn."},
    {Line::kWithdrawalRequested, "已要求撤回，正在通知服务机构停止服务。",
     "Withdrawal is asked for. The service vendor is being told to stop."},
    {Line::kWithdrawalTooLate, "停止办理的要求到达时辅具已经交付，未能生效。请核对后签收。",
     "The device was handed over before the request to stop arrived, so the case goes on. Please "
     "check "
     "the device and sign for it."},
    {Line::kWithdrawalConfirmed, "服务机构已停止服务，申请已撤回。",
     "The service vendor has stopped. The application is withdrawn."},
    {Line::kTerminated, "申请终止：$0。", "The case is terminated: $0."},
    {Line::kTerminationRequested, "申请将终止（$0），正在通知服务机构停止服务。",
     "The case is to be terminated ($0). The service vendor is being told to stop."},
    {Line::kTerminationConfirmed, "服务机构已停止服务，申请终止：$0。",
     "The service vendor has stopped. The case is terminated: $0."},
    {Line::kTransferRequested, "申请将转到新的县（区）残联，正在通知服务机构停止服务。",
     "The case is to move to the new county. The service vendor is being told to stop."},
    {Line::kTransferred,
     "申请已转到新的县（区）残联，原有材料和办理记录一并转去，先核对补贴资格和预算。承诺作出决定："
     "$0。",
     "The new county has the case with all that was handed in and decided so far. Eligibility and "
     "budget come first. A decision is promised $0."},
    {Line::kTransferTooLate, "转县的要求到达时辅具已经交付，仍由原来的县（区）办理。",
     "The device was handed over before the case could move, so the county that had it keeps it."},
    {Line::kPriceFixed, "价格已核定为$0，正在重新计算补贴。",
     "The price was fixed at $0. The subsidy is being worked out anew."},
    {Line::kRepriced, "按核定价格$0，补贴$1，个人需付$2。",
     "By the fixed price of $0 the fund pays $1, and you pay $2."},
    {Line::kRepriceFailed, "本县预算不足以按新的核定价格补贴，价格仍为$0，补贴不变。",
     "The county's budget does not suffice for the new price. The price stays $0, and the subsidy "
     "as it was."},
    {Line::kVendorAccepted, "$0已接单，将联系您预约上门时间。",
     "$0 has accepted the job and will arrange a visit."},
    {Line::kAnotherVendorAsked, "原服务机构不能完成服务，正在安排另一家。",
     "The vendor can not do it. Another vendor is being asked."},
    {Line::kManualQueue, "暂时没有服务机构接单，已转市州残联人工安排。",
     "No vendor has accepted so far. The prefecture's federation arranges it by hand."},
    {Line::kNoVendorFound, "没有找到能够服务的机构，申请结束。可以重新申请。",
     "No vendor could be found. The application ends; a new one may be made."},
    {Line::kOrderOpened, "$0已建立服务单，请$1预约上门时间。",
     "$0 opened a service order: please book a visit $1."},
    {Line::kVisitBooked, "已预约上门时间：$0。", "A visit is booked: $0."},
    {Line::kVisitMoved, "上门时间改为：$0。", "The visit was moved to $0."},
    {Line::kVisitCancelled, "原定的上门已取消，服务机构将重新预约。",
     "The visit was cancelled. The vendor will arrange another one."},
    {Line::kNobodyMet, "上门时未遇到人（第$0次），服务机构将重新预约。",
     "Nobody was met at the visit (time $0). The vendor will arrange another one."},
    {Line::kNobodyMetRepeatedly, "多次上门未遇到人，申请结束。可以重新申请。",
     "Nobody was met at repeated visits. The application ends; a new one may be made."},
    {Line::kVendorAskedToStop, "服务机构已收到停止服务的要求。",
     "The vendor has been told to stop."},
    {Line::kHandedOver, "辅具已交付，产品编号$0。请核对后签收：$1。",
     "The device is handed over, serial number $0. Please check it and sign for it $1."},
    {Line::kReceiptReminder, "您还没有签收辅具，请核对后签收；如有问题请联系县残联。",
     "The receipt is not signed yet. Please check the device and sign, or tell the county "
     "federation what is wrong."},
    {Line::kReceiptSigned, "已签收，正在与服务机构结算。",
     "The receipt is signed. The vendor is being paid."},
    {Line::kInvoicedLess, "服务机构实际开票$0，低于原定价格：补贴$1，个人需付$2。",
     "The vendor invoiced $0, less than agreed: the fund pays $1, and you pay $2."},
    {Line::kSettled, "补贴已结算，将由财政支付给服务机构。之后会回访您的使用情况。",
     "The subsidy is settled: the treasury owes it to the vendor. Later you will be asked how the "
     "device serves you."},
    {Line::kVendorPaid, "财政已将补贴支付给服务机构。",
     "The treasury has paid the subsidy to the vendor."},
    {Line::kFollowUpAsked, "请告诉我们辅具的使用情况：$0。",
     "Please tell us how the device serves you, $0."},
    {Line::kFollowUpAnswered, "回访已完成，申请办结。谢谢。",
     "The follow-up is answered and the case is closed. Thank you."},
    {Line::kClosedWithoutAnswer, "回访期已过，申请办结。",
     "The time for the follow-up has passed. The case is closed."},
    {Line::kClosedWithoutQuestion, "申请人不同意回访，申请办结。",
     "The applicant did not agree to a follow-up. The case is closed."},
};

struct PartyWords {
  Party party;
  absl::string_view name;
  absl::string_view zh;
  absl::string_view en;
};
constexpr PartyWords kParties[] = {
    {Party::kNobody, "", "", ""},
    {Party::kApplicant, "applicant", "申请人", "applicant"},
    {Party::kSubsidyCheck, "subsidy_check", "系统（核对资格和预算）",
     "system (eligibility and budget)"},
    {Party::kDispatch, "dispatch", "系统（安排服务机构）", "system (finding a vendor)"},
    {Party::kPrefectureDispatchDesk, "prefecture_dispatch_desk", "市州残联派单席",
     "dispatch desk of the prefecture's federation"},
    {Party::kVendor, "vendor", "服务机构", "service vendor"},
    {Party::kStoppingVendor, "vendor", "服务机构（停止服务）", "service vendor (stopping)"},
    {Party::kSettlement, "settlement", "系统（结算）", "system (payment)"},
    {Party::kFollowUp, "follow_up", "系统（到期回访）", "system (follow-up to come)"},
};

struct EndReasonWords {
  EndReason reason;
  absl::string_view code;
  absl::string_view zh;
  absl::string_view en;
};
constexpr EndReasonWords kEndReasons[] = {
    {EndReason::kWithdrawnByApplicant, "WITHDRAWN_BY_APPLICANT", "申请人撤回",
     "withdrawn by the applicant"},
    {EndReason::kSupplementOverdue, "SUPPLEMENT_OVERDUE", "逾期未补正",
     "nothing was supplemented in time"},
    {EndReason::kDraftExpired, "DRAFT_EXPIRED", "草稿逾期未提交",
     "the draft was left for too long"},
    {EndReason::kNoVendor, "NO_VENDOR", "没有找到能够服务的机构", "no vendor could be found"},
    {EndReason::kNobodyMet, "NOBODY_MET", "多次上门未遇到人", "nobody was met at repeated visits"},
    {EndReason::kDeath, "DEATH", "申请人去世", "the applicant died"},
    {EndReason::kCertificateCancelled, "CERTIFICATE_CANCELLED", "残疾人证已注销",
     "the disability certificate was cancelled"},
};

std::string Fill(absl::string_view pattern, absl::Span<const Text> arguments,
                 std::string Text::*language) {
  std::string filled(pattern);
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& value = arguments[i].*language;
    absl::StrReplaceAll({{absl::StrCat("$", i), value}}, &filled);
  }
  return filled;
}

std::string ClockTime(absl::Time time) {
  return absl::FormatTime("%H:%M", time, vocabulary::ShanghaiTimeZone());
}

template <typename Row, typename Key, size_t n>
const Row& RowOf(const Row (&table)[n], Key key) {
  return table[static_cast<size_t>(key)];
}

template <typename Row, size_t n, typename Key>
constexpr bool IsInOrder(const Row (&table)[n], Key Row::*key) {
  for (size_t i = 0; i < n; ++i) {
    if (static_cast<size_t>(table[i].*key) != i) return false;
  }
  return true;
}
static_assert(IsInOrder(kLines, &LineText::line));
static_assert(IsInOrder(kParties, &PartyWords::party));
static_assert(IsInOrder(kEndReasons, &EndReasonWords::reason));

}  // namespace

Text TextOf(Line line, absl::Span<const Text> arguments) {
  const LineText& text = RowOf(kLines, line);
  return Text{Fill(text.zh, arguments, &Text::zh), Fill(text.en, arguments, &Text::en)};
}

absl::string_view PartyName(Party party) { return RowOf(kParties, party).name; }

Text PartyText(Party party) {
  const PartyWords& words = RowOf(kParties, party);
  return Text{std::string(words.zh), std::string(words.en)};
}

absl::string_view EndReasonCode(EndReason reason) { return RowOf(kEndReasons, reason).code; }

Text EndReasonText(EndReason reason) {
  const EndReasonWords& words = RowOf(kEndReasons, reason);
  return Text{std::string(words.zh), std::string(words.en)};
}

Text MomentText(absl::Time time) {
  const Text visit = VisitText(time);
  return Text{absl::StrCat(visit.zh, "前"), absl::StrCat("by ", visit.en)};
}

Text VisitText(absl::Time time) {
  const absl::CivilDay day = vocabulary::TodayInShanghai(time);
  return Text{absl::StrCat(vocabulary::FormatCivilDateZh(day), ClockTime(time)),
              absl::StrCat(ClockTime(time), " on ", vocabulary::FormatCivilDateEn(day))};
}

Text JoinTexts(absl::Span<const Text> texts) {
  Text joined;
  for (const Text& text : texts) {
    if (!joined.zh.empty()) joined.zh += "；";
    if (!joined.en.empty()) joined.en += "; ";
    joined.zh += text.zh;
    joined.en += text.en;
  }
  return joined;
}

}  // namespace fuju::applications
