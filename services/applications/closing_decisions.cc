#include "applications/closing_decisions.h"

#include <algorithm>
#include <utility>

#include "applications/funding.h"
#include "applications/price_decisions.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "fuju/applications/v1/money_events.pb.h"
#include "vocabulary/civil_date.h"

namespace fuju::applications {

Result DecideConfirmReceipt(const Record& record, const std::string& serial_number,
                            const Act& act) {
  if (!IsLegal(record.application().state(), Move::kConfirmReceipt)) {
    return Forbidden(record, Move::kConfirmReceipt);
  }
  if (serial_number != record.application().service().serial_number()) {
    return chassis::InvalidFields()
        .Field("serial_number", "与交付的产品编号不一致，请核对辅具上的编号",
               "this is not the serial number that was handed over; check the device")
        .Build();
  }
  Change change(record, Move::kConfirmReceipt, act);
  *change.record().mutable_accept_time() = chassis::ToTimestamp(act.now);
  change.Enter(v1::APPLICATION_STATE_ACCEPTED, Party::kSettlement);
  change.Tell(Line::kReceiptSigned);
  v1::ApplicationAccepted fact;
  fact.set_acceptance_date(vocabulary::FormatCivilDate(vocabulary::TodayInShanghai(act.now)));
  return change.Publish(std::move(fact));
}

Result DecideSubsidySettled(const Record& record, const catalogue::v1::Grant& grant,
                            const Rules& rules, const Act& act) {
  if (!IsLegal(record.application().state(), Move::kSubsidySettled)) {
    return Forbidden(record, Move::kSubsidySettled);
  }
  const absl::StatusOr<Deadline> ask = DeadlineOf(
      rules.limits.follow_up_after, chassis::ToTime(record.accept_time()), rules.calendar);
  if (!ask.ok()) return ask.status();
  Change change(record, Move::kSubsidySettled, act);
  const int64_t reserved_fen = record.application().subsidy().subsidy_fen();
  SetSubsidy(change.application(), grant);
  v1::SubsidySummary* subsidy = change.application().mutable_subsidy();
  subsidy->set_reserved(false);
  subsidy->set_settled(true);
  // Nobody has to do anything until the follow-up is asked, so no one is given its date.
  change.Enter(v1::APPLICATION_STATE_PAID, Party::kFollowUp);
  change.RunTimer(kFollowUpAskTimer, std::max(ask->at, act.now));
  if (subsidy->subsidy_fen() != reserved_fen) {
    change.Tell(Line::kInvoicedLess, {Yuan(PriceOf(change.application())),
                                      Yuan(subsidy->subsidy_fen()), Yuan(subsidy->self_pay_fen())});
  }
  change.Tell(Line::kSettled);
  return change.Publish<v1::ApplicationSettled>();
}

Result DecideSubsidyPaid(const Record& record, const catalogue::v1::Grant& grant, const Act& act) {
  if (!IsLegal(record.application().state(), Move::kSubsidyPaid)) {
    return Forbidden(record, Move::kSubsidyPaid);
  }
  if (!IsAnswer(record, grant)) return chassis::Decision<Record>::Unchanged();
  Change change(record, Move::kSubsidyPaid, act);
  change.Tell(Line::kVendorPaid);
  return change.Publish<v1::ApplicationVendorPaid>();
}

Result DecideAnswerFollowUp(const Record& record, const v1::FollowUp& answer, const Act& act) {
  if (!IsLegal(record.application().state(), Move::kAnswerFollowUp)) {
    return Forbidden(record, Move::kAnswerFollowUp);
  }
  Change change(record, Move::kAnswerFollowUp, act);
  *change.application().mutable_follow_up() = answer;
  *change.application().mutable_follow_up()->mutable_answer_time() = chassis::ToTimestamp(act.now);
  change.Enter(v1::APPLICATION_STATE_CLOSED, Party::kNobody);
  change.Tell(Line::kFollowUpAnswered);
  return change.Publish<v1::ApplicationClosed>();
}

}  // namespace fuju::applications
