#include "audit/event_words.h"

#include "absl/container/flat_hash_map.h"

namespace fuju::audit {
namespace {

using Table = absl::flat_hash_map<std::string, EventWords>;

const Table& AllWords() {
  static const auto* const kTable = new Table{
      {"fuju.admin.v1.DeadLetterReplayed",
       {"运维人员重放了处理失败的事件", "An operator replayed an event that had failed"}},
      {"fuju.admin.v1.DeadLetterDiscarded",
       {"运维人员放弃了处理失败的事件", "An operator discarded an event that had failed"}},

      {"fuju.applications.v1.ApplicationCreated", {"申请草稿已建立", "A draft was made"}},
      {"fuju.applications.v1.ApplicationUpdated", {"申请草稿已修改", "The draft was changed"}},
      {"fuju.applications.v1.ApplicationSubmitted",
       {"申请已提交，等待资格和资金核定", "Submitted; eligibility and money are being decided"}},
      {"fuju.applications.v1.ApplicationReviewStarted",
       {"补贴资金已预留，审批流程开始", "The money is reserved; the review begins"}},
      {"fuju.applications.v1.ApplicationStagePassed",
       {"一个审批环节已通过", "A stage of the review was passed"}},
      {"fuju.applications.v1.ApplicationHeld",
       {"申请已暂缓，等待核实", "The case stands still until something is cleared up"}},
      {"fuju.applications.v1.ApplicationAppealed", {"申请人已申诉", "The applicant appealed"}},
      {"fuju.applications.v1.ApplicationReopened",
       {"申诉成立，重新核定资格和资金",
        "The appeal was granted; eligibility and money are decided anew"}},
      {"fuju.applications.v1.ObjectionFiled",
       {"公示期间收到异议", "Somebody objected during the public notice"}},
      {"fuju.applications.v1.ApplicationResumed",
       {"已核实清楚，继续办理", "Cleared up; the review goes on"}},
      {"fuju.applications.v1.ApplicationReturned",
       {"县区退回补正", "The county asked for a supplement"}},
      {"fuju.applications.v1.ApplicationSupplemented",
       {"申请人已补正，继续审核", "The applicant supplemented; the review goes on"}},
      {"fuju.applications.v1.ApplicationApproved",
       {"县区已批准，开始派单", "The county approved; a vendor is being found"}},
      {"fuju.applications.v1.ApplicationProgressed",
       {"服务进度已更新", "The service went a step on"}},
      {"fuju.applications.v1.ApplicationDeadlineMissed",
       {"办理时限已过，已升级提醒", "A limit was missed and escalated"}},
      {"fuju.applications.v1.WithdrawalRequested",
       {"申请撤回或终止，正在通知服务商停止",
        "The case is withdrawn or terminated; the vendor is asked to stop"}},
      {"fuju.applications.v1.ApplicationAccepted",
       {"申请人已签收，等待结算", "The applicant signed; the payment is due"}},
      {"fuju.applications.v1.ApplicationSettled", {"补贴已结算给服务商", "The vendor was paid"}},
      {"fuju.applications.v1.FollowUpRequested", {"已发起回访", "The follow-up was asked"}},
      {"fuju.applications.v1.ApplicationClosed", {"申请已办结", "The case is closed"}},
      {"fuju.applications.v1.ApplicationEnded",
       {"申请在交付前结束，预留资金将释放",
        "The case ended before a hand-over; reserved money is released"}},

      {"fuju.applications.v1.PersonFactVerified",
       {"经办人员核实了申请人的情况", "An officer verified facts about the applicant"}},
      {"fuju.applications.v1.ConsentWithdrawn",
       {"申请人撤回了一项同意", "The applicant withdrew a consent"}},
      {"fuju.applications.v1.PersonFactsRecorded",
       {"已登记某人的情况", "What is known of a person was recorded"}},

      {"fuju.applications.v1.NoticePlanned", {"将通知申请人", "The applicant is to be told"}},
      {"fuju.applications.v1.NoticeSent", {"已通知申请人", "The applicant was told"}},
      {"fuju.applications.v1.NoticePostponed",
       {"通知未送达，将再次发送", "The notice was not delivered; it is tried again"}},
      {"fuju.applications.v1.NoticeFailed",
       {"通知未能送达，等待人工处理", "The notice could not be delivered; a person has to look"}},
      {"fuju.applications.v1.NoticeSuppressed",
       {"无需通知申请人", "Nothing was sent: not wanted, or overtaken"}},
      {"fuju.applications.v1.NoticeResent",
       {"运维人员要求重新通知", "An operator has the notice sent again"}},

      {"fuju.catalogue.v1.CataloguePublished", {"补贴目录已发布", "A catalogue was published"}},
      {"fuju.catalogue.v1.BudgetAllocated", {"预算已下达或调整", "A budget was allocated"}},
      {"fuju.catalogue.v1.SubsidyReserved",
       {"符合条件，补贴资金已预留", "Eligible; the money was reserved"}},
      {"fuju.catalogue.v1.SubsidyRefused",
       {"不符合条件或预算不足，未予补贴", "Refused: not eligible, or no money"}},
      {"fuju.catalogue.v1.SubsidySettled", {"补贴已支付", "The subsidy was paid"}},
      {"fuju.catalogue.v1.SubsidyReleased",
       {"预留资金已退回预算", "The reserved money went back to the budget"}},
      {"fuju.catalogue.v1.DeliveryRecorded",
       {"已登记交付，开始计算更换年限",
        "The delivery was recorded; the replacement interval starts"}},

      {"fuju.dispatch.v1.VendorRegistered", {"服务商已登记", "A vendor was registered"}},
      {"fuju.dispatch.v1.VendorUpdated",
       {"服务商已暂停或恢复", "A vendor was suspended or resumed"}},
      {"fuju.dispatch.v1.OfferRequested",
       {"派单选定服务商，准备发出邀约", "A vendor was picked; an offer is to be placed"}},
      {"fuju.dispatch.v1.DispatchAccepted",
       {"派单完成，服务商已接单", "Dispatched: a vendor accepted"}},
      {"fuju.dispatch.v1.DispatchExhausted",
       {"没有可派的服务商，转人工派单", "No candidate left; the manual queue has it"}},
      {"fuju.dispatch.v1.DispatchCancelled", {"派单已取消", "Stopped before a vendor accepted"}},
      {"fuju.dispatch.v1.DispatchRecalled", {"派单已从服务商收回", "Taken back from the vendor"}},
      {"fuju.dispatch.v1.DispatchFailed", {"未能找到服务商", "No vendor could be found"}},
      {"fuju.dispatch.v1.DispatchDone", {"派单已了结", "The round came to its end"}},
      {"fuju.dispatch.v1.OfferOpened", {"邀约已送达服务商", "The offer was shown to the vendor"}},
      {"fuju.dispatch.v1.OfferAccepted", {"服务商接受邀约", "The vendor accepted the offer"}},
      {"fuju.dispatch.v1.OfferDeclined", {"服务商谢绝邀约", "The vendor declined the offer"}},
      {"fuju.dispatch.v1.OfferExpired", {"服务商逾期未答复", "The vendor did not answer in time"}},
      {"fuju.dispatch.v1.OfferUnplaced",
       {"服务商已满或暂停，邀约未送达",
        "The vendor was full or suspended; the offer was not shown"}},
      {"fuju.dispatch.v1.OfferRevoked", {"邀约已撤销", "The offer was taken back"}},
      {"fuju.dispatch.v1.OfferFulfilled",
       {"邀约对应的服务已结束", "The order of the offer came to its end"}},

      {"fuju.fitting.v1.TechnicianRegistered", {"适配人员已登记", "A technician was registered"}},
      {"fuju.fitting.v1.OrderOpened",
       {"服务单已建立，等待预约上门", "The order was opened; a visit has to be booked"}},
      {"fuju.fitting.v1.OrderScheduled", {"上门已预约", "A visit was booked"}},
      {"fuju.fitting.v1.OrderRescheduled", {"上门已改期", "The visit was moved"}},
      {"fuju.fitting.v1.OrderUnscheduled",
       {"预约已取消或上门未遇，等待重新预约",
        "The visit was cancelled or missed; another has to be booked"}},
      {"fuju.fitting.v1.OrderCompleted",
       {"已适配并交付辅具", "The device was fitted and handed over"}},
      {"fuju.fitting.v1.OrderCancelled",
       {"服务单因撤回而取消", "The order was cancelled because of a withdrawal"}},
      {"fuju.fitting.v1.OrderReturned",
       {"服务商退单或逾期未预约，改派其他服务商",
        "The order was returned; another vendor is asked"}},
      {"fuju.fitting.v1.OrderAbandoned",
       {"多次上门未遇，服务单终止", "Nobody was met repeatedly; the order ends"}},
  };
  return *kTable;
}

}  // namespace

EventWords WordsOf(const std::string& type) {
  const auto found = AllWords().find(type);
  return found == AllWords().end() ? EventWords{type, type} : found->second;
}

bool HasWords(const std::string& type) { return AllWords().contains(type); }

}  // namespace fuju::audit
