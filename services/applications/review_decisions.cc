#include "applications/review_decisions.h"

#include <utility>

#include "absl/algorithm/container.h"

#include "applications/appeal_decisions.h"
#include "applications/county_transfer.h"
#include "applications/course.h"
#include "applications/funding.h"
#include "applications/intake/documents.h"
#include "applications/officer_check.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "fuju/applications/v1/money_events.pb.h"
#include "fuju/applications/v1/review_events.pb.h"
#include "vocabulary/review_reason.h"

namespace fuju::applications {
namespace {

// The catalogue's code for a county without enough money.
constexpr absl::string_view kBudgetInsufficient = "BUDGET_INSUFFICIENT";

void SetOutcomeApproved(Change& change, const std::string& remark) {
  SetOutcome(change, {}, Text{"审核通过", "approved"}, remark);
}

void ClearOutcome(Change& change) {
  change.application().clear_outcome();
  change.record().clear_outcome_note();
}

// Behind the last stage.
void EnterApproved(Change& change, const std::string& remark) {
  LeaveReview(change);
  SetOutcomeApproved(change, remark);
  change.Enter(v1::APPLICATION_STATE_APPROVED, Party::kDispatch);
}

// When the case was returned last.
absl::Time ReturnTime(const v1::Application& application) {
  absl::Time returned = absl::InfinitePast();
  for (const v1::StageAct& act : application.review().acts()) {
    if (act.decision() == v1::STAGE_DECISION_RETURN) returned = chassis::ToTime(act.time());
  }
  return returned;
}

// What was added, if everything that was asked for is there now.
absl::Status AddDocuments(Change& change, const Supplement& supplement, const Rules& rules) {
  v1::Application& application = change.application();
  auto documents = supplement.documents;
  chassis::Refusal refusal = chassis::InvalidFields();
  NormaliseDocuments(application.applicant(), rules.intake, change.act(), "documents", documents,
                     refusal);
  if (refusal.has_fields()) return refusal;
  application.mutable_applicant()->mutable_documents()->MergeFrom(documents);
  return CheckAskedDocuments(rules.intake, application, ReturnTime(application));
}

}  // namespace

Text ReasonTexts(const std::vector<std::string>& codes) {
  std::vector<Text> texts;
  for (const std::string& code : codes) {
    const vocabulary::ReviewReason* reason = vocabulary::FindReviewReason(code);
    texts.push_back(reason == nullptr
                        ? Text{code, code}
                        : Text{std::string(reason->text_zh), std::string(reason->text_en)});
  }
  return JoinTexts(texts);
}

Result DecideSubsidyReserved(const Record& record, const catalogue::v1::Grant& grant,
                             const Rules& rules, const Act& act) {
  if (!IsLegal(record.application().state(), Move::kSubsidyReserved)) {
    return Forbidden(record, Move::kSubsidyReserved);
  }
  if (!IsAnswer(record, grant)) return chassis::Decision<Record>::Unchanged();
  Change change(record, Move::kSubsidyReserved, act);
  SetSubsidy(change.application(), grant);
  change.application().mutable_subsidy()->set_reserved(true);
  change.record().set_needs_no_assessment(grant.decision().assessment_level() ==
                                          catalogue::v1::ASSESSMENT_LEVEL_NONE);
  if (absl::Status s = EnterFirstStage(change, rules); !s.ok()) return s;
  const absl::StatusOr<Place> place = PlaceOf(change.record(), rules);
  if (!place.ok()) return place.status();
  change.Tell(Line::kReviewStarted, StageWords(change, *place));
  return change.Publish<v1::ApplicationReviewStarted>();
}

Result DecideSubsidyQueued(const Record& record, const catalogue::v1::Grant& grant,
                           const Act& act) {
  if (!IsLegal(record.application().state(), Move::kSubsidyQueued)) {
    return Forbidden(record, Move::kSubsidyQueued);
  }
  if (!IsAnswer(record, grant)) return chassis::Decision<Record>::Unchanged();
  Change change(record, Move::kSubsidyQueued, act);
  SetSubsidy(change.application(), grant);
  change.Tell(Line::kWaitsForMoney);
  return change.Publish<v1::ApplicationQueued>();
}

Result DecideSubsidyRefused(const Record& record, const catalogue::v1::Grant& grant,
                            const Rules& rules, const Act& act) {
  if (!IsLegal(record.application().state(), Move::kSubsidyRefused)) {
    return Forbidden(record, Move::kSubsidyRefused);
  }
  if (!IsAnswer(record, grant)) return chassis::Decision<Record>::Unchanged();
  const bool unfunded = grant.decision().eligible() ||
                        absl::c_linear_search(grant.refusal_codes(), kBudgetInsufficient);
  std::vector<std::string> codes;
  std::vector<Text> texts;
  for (const catalogue::v1::RuleResult& rule : grant.decision().rules()) {
    if (rule.passed()) continue;
    codes.push_back(rule.code());
    texts.push_back(Text{rule.text_zh(), rule.text_en()});
  }
  for (const std::string& code : grant.refusal_codes()) {
    if (!absl::c_linear_search(codes, code)) codes.push_back(code);
  }
  Change change(record, Move::kSubsidyRefused, act);
  if (unfunded) {
    SetSubsidy(change.application(), grant);
    if (texts.empty()) {
      texts.push_back(
          Text{"本县今年的补贴预算不足", "the county's budget of this year does not suffice"});
    }
    EndWith(change, v1::APPLICATION_STATE_UNFUNDED, codes, JoinTexts(texts));
    change.Tell(Line::kUnfunded);
  } else {
    EndWith(change, v1::APPLICATION_STATE_INELIGIBLE, codes, JoinTexts(texts));
    if (absl::Status s = OfferAppeal(change, rules); !s.ok()) return s;
    change.Tell(Line::kIneligible, {JoinTexts(texts)});
  }
  return change.Publish<v1::ApplicationEnded>();
}

Result DecideApprove(const Record& record, const Verdict& verdict, const Rules& rules,
                     const Act& act) {
  if (!IsLegal(record.application().state(), Move::kApprove)) {
    return Forbidden(record, Move::kApprove);
  }
  const absl::StatusOr<Place> place = PlaceOf(record, rules);
  if (!place.ok()) return place.status();
  if (absl::Status s = CheckOfficer(record, *place, verdict.stage, v1::STAGE_DECISION_PASS, act);
      !s.ok()) {
    return s;
  }
  Change change(record, Move::kApprove, act);
  AddAct(change, *place, v1::STAGE_DECISION_PASS);
  const absl::StatusOr<bool> goes_on = EnterNextStage(change, *place, rules);
  if (!goes_on.ok()) return goes_on.status();
  if (!*goes_on) {
    EnterApproved(change, verdict.remark);
    change.Tell(Line::kApproved, {}, verdict.remark);
    return change.Publish<v1::ApplicationApproved>();
  }
  const absl::StatusOr<Place> next = PlaceOf(change.record(), rules);
  if (!next.ok()) return next.status();
  const std::vector<Text> words = StageWords(change, *next);
  if (next->stage().IsNotice()) {
    SetOutcomeApproved(change, verdict.remark);
    change.Tell(Line::kNoticeStarted, {words[1]}, verdict.remark);
  } else {
    ClearOutcome(change);
    change.Tell(Line::kStagePassed, {place->stage().name(), words[0], words[1]}, verdict.remark);
  }
  v1::ApplicationStagePassed fact;
  fact.set_stage(place->stage().id());
  return change.Publish(std::move(fact));
}

Result DecideReturn(const Record& record, const Verdict& verdict, const Rules& rules,
                    const Act& act) {
  if (!IsLegal(record.application().state(), Move::kReturn)) {
    return Forbidden(record, Move::kReturn);
  }
  const absl::StatusOr<Place> place = PlaceOf(record, rules);
  if (!place.ok()) return place.status();
  if (absl::Status s = CheckOfficer(record, *place, verdict.stage, v1::STAGE_DECISION_RETURN, act);
      !s.ok()) {
    return s;
  }
  if (absl::Status s = CheckDocumentKinds(rules.intake, verdict.document_kinds); !s.ok()) return s;
  const Limit& limit = place->chain->supplement;
  const absl::StatusOr<Deadline> due = DeadlineOf(limit, act.now, rules.calendar);
  if (!due.ok()) return due.status();
  const Text reasons = ReasonTexts(verdict.reason_codes);
  Change change(record, Move::kReturn, act);
  AddAct(change, *place, v1::STAGE_DECISION_RETURN, verdict.reason_codes);
  if (absl::Status s = LeaveForAWhile(change, *place, v1::CLOCK_PAUSE_SUPPLEMENT, limit, rules);
      !s.ok()) {
    return s;
  }
  SetOutcome(change, verdict.reason_codes, reasons, verdict.remark);
  change.Enter(v1::APPLICATION_STATE_SUPPLEMENT, Party::kApplicant, *due);
  change.RunTimer(kSupplementTimer, due->at);
  if (verdict.document_kinds.empty()) {
    change.Tell(Line::kReturned, {reasons, due->text}, verdict.remark);
  } else {
    *change.application().mutable_outcome()->mutable_document_kinds() = {
        verdict.document_kinds.begin(), verdict.document_kinds.end()};
    change.Tell(Line::kReturnedDocuments,
                {reasons, due->text, DocumentNames(rules.intake, verdict.document_kinds)},
                verdict.remark);
  }
  return change.Publish<v1::ApplicationReturned>();
}

Result DecideReject(const Record& record, const Verdict& verdict, const Rules& rules,
                    const Act& act) {
  if (!IsLegal(record.application().state(), Move::kReject)) {
    return Forbidden(record, Move::kReject);
  }
  const absl::StatusOr<Place> place = PlaceOf(record, rules);
  if (!place.ok()) return place.status();
  if (absl::Status s = CheckOfficer(record, *place, verdict.stage, v1::STAGE_DECISION_REJECT, act);
      !s.ok()) {
    return s;
  }
  const Text reasons = ReasonTexts(verdict.reason_codes);
  Change change(record, Move::kReject, act);
  AddAct(change, *place, v1::STAGE_DECISION_REJECT, verdict.reason_codes);
  EndWith(change, v1::APPLICATION_STATE_REJECTED, verdict.reason_codes, reasons, verdict.remark);
  if (absl::Status s = OfferAppeal(change, rules); !s.ok()) return s;
  change.Tell(Line::kRejected, {reasons}, verdict.remark);
  return change.Publish<v1::ApplicationEnded>();
}

Result DecideSupplement(const Record& record, const Supplement& supplement, const Rules& rules,
                        const Act& act) {
  if (!IsLegal(record.application().state(), Move::kSupplement)) {
    return Forbidden(record, Move::kSupplement);
  }
  const absl::StatusOr<Place> place = PlaceOf(record, rules);
  if (!place.ok()) return place.status();
  Change change(record, Move::kSupplement, act);
  if (absl::Status s = AddDocuments(change, supplement, rules); !s.ok()) return s;
  ClearOutcome(change);
  if (absl::Status s = ReturnToStage(change, *place, rules); !s.ok()) return s;
  change.Tell(Line::kSupplemented, StageWords(change, *place), supplement.explanation);
  return change.Publish<v1::ApplicationSupplemented>();
}

Result DecideNoticeOver(const Record& record, const Act& act) {
  if (!IsLegal(record.application().state(), Move::kNoticeOver)) {
    return Forbidden(record, Move::kNoticeOver);
  }
  Change change(record, Move::kNoticeOver, act);
  EnterApproved(change, record.outcome_note());
  change.Tell(Line::kNoticeOver);
  return change.Publish<v1::ApplicationApproved>();
}

Result DecideWithdraw(const Record& record, const std::string& reason, const Act& act) {
  const ApplicationState state = record.application().state();
  if (!IsLegal(state, Move::kWithdraw)) return Forbidden(record, Move::kWithdraw);
  Change change(record, Move::kWithdraw, act);
  if (MayLead(state, Move::kWithdraw, v1::APPLICATION_STATE_WITHDRAWN)) {
    EndWith(change, v1::APPLICATION_STATE_WITHDRAWN, EndReason::kWithdrawnByApplicant, reason);
    change.Tell(Line::kWithdrawn, {}, reason);
    return change.Publish<v1::ApplicationEnded>();
  }
  CloseTransfer(change, v1::TRANSFER_RESULT_ENDED);
  change.Enter(v1::APPLICATION_STATE_WITHDRAWING, StoppingParty(record));
  SetOutcome(change, {std::string(EndReasonCode(EndReason::kWithdrawnByApplicant))},
             EndReasonText(EndReason::kWithdrawnByApplicant), reason);
  change.Tell(Line::kWithdrawalRequested, {}, reason);
  return change.Publish<v1::WithdrawalRequested>();
}

}  // namespace fuju::applications
