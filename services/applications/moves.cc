#include "applications/moves.h"

#include "absl/algorithm/container.h"
#include "absl/strings/strip.h"

namespace fuju::applications {
namespace {

constexpr auto kDraft = v1::APPLICATION_STATE_DRAFT;
constexpr auto kSubmitted = v1::APPLICATION_STATE_SUBMITTED;
constexpr auto kUnderReview = v1::APPLICATION_STATE_UNDER_REVIEW;
constexpr auto kInSupplement = v1::APPLICATION_STATE_SUPPLEMENT;
constexpr auto kApproved = v1::APPLICATION_STATE_APPROVED;
constexpr auto kDispatched = v1::APPLICATION_STATE_DISPATCHED;
constexpr auto kScheduled = v1::APPLICATION_STATE_SCHEDULED;
constexpr auto kFitted = v1::APPLICATION_STATE_FITTED;
constexpr auto kAccepted = v1::APPLICATION_STATE_ACCEPTED;
constexpr auto kPaid = v1::APPLICATION_STATE_PAID;
constexpr auto kFollowUp = v1::APPLICATION_STATE_FOLLOW_UP;
constexpr auto kClosed = v1::APPLICATION_STATE_CLOSED;
constexpr auto kWithdrawing = v1::APPLICATION_STATE_WITHDRAWING;
constexpr auto kWithdrawn = v1::APPLICATION_STATE_WITHDRAWN;
constexpr auto kIneligible = v1::APPLICATION_STATE_INELIGIBLE;
constexpr auto kUnfunded = v1::APPLICATION_STATE_UNFUNDED;
constexpr auto kRejected = v1::APPLICATION_STATE_REJECTED;
constexpr auto kExpired = v1::APPLICATION_STATE_EXPIRED;
constexpr auto kUnserved = v1::APPLICATION_STATE_UNSERVED;
constexpr auto kPublicNotice = v1::APPLICATION_STATE_PUBLIC_NOTICE;
constexpr auto kOnHold = v1::APPLICATION_STATE_ON_HOLD;
constexpr auto kAppealed = v1::APPLICATION_STATE_APPEALED;
constexpr auto kTerminated = v1::APPLICATION_STATE_TERMINATED;
constexpr auto kTransferring = v1::APPLICATION_STATE_TRANSFERRING;
constexpr auto kPricing = v1::APPLICATION_STATE_PRICING;

constexpr MoveInfo kMoves[] = {
    {Move::kUpdate, "update", Mover::kCaller},
    {Move::kSubmit, "submit", Mover::kCaller},
    {Move::kSupplement, "supplement", Mover::kCaller},
    {Move::kWithdraw, "withdraw", Mover::kCaller},
    {Move::kTerminate, "terminate", Mover::kCaller},
    {Move::kTransfer, "transfer", Mover::kCaller},
    {Move::kFixPrice, "fix_price", Mover::kCaller},
    {Move::kApprove, "approve", Mover::kCaller},
    {Move::kReject, "reject", Mover::kCaller},
    {Move::kReturn, "return", Mover::kCaller},
    {Move::kHold, "hold", Mover::kCaller},
    {Move::kResume, "resume", Mover::kCaller},
    {Move::kObject, "object", Mover::kCaller},
    {Move::kAppeal, "appeal", Mover::kCaller},
    {Move::kDismissAppeal, "dismiss_appeal", Mover::kCaller},
    {Move::kGrantAppeal, "grant_appeal", Mover::kCaller},
    {Move::kConfirmReceipt, "confirm_receipt", Mover::kCaller},
    {Move::kAnswerFollowUp, "answer_follow_up", Mover::kCaller},
    {Move::kClaim, "claim", Mover::kCaller},
    {Move::kRelease, "release", Mover::kCaller},
    {Move::kVerifyFact, "verify_fact", Mover::kCaller},
    {Move::kWithdrawConsent, "withdraw_consent", Mover::kCaller},
    {Move::kSubsidyReserved, "subsidy_reserved", Mover::kFact},
    {Move::kSubsidyRefused, "subsidy_refused", Mover::kFact},
    {Move::kSubsidyRepriced, "subsidy_repriced", Mover::kFact},
    {Move::kSubsidySettled, "subsidy_settled", Mover::kFact},
    {Move::kSubsidyQueued, "subsidy_queued", Mover::kFact},
    {Move::kSubsidyPaid, "subsidy_paid", Mover::kFact},
    {Move::kDispatchAccepted, "dispatch_accepted", Mover::kFact},
    {Move::kDispatchExhausted, "dispatch_exhausted", Mover::kFact},
    {Move::kDispatchFailed, "dispatch_failed", Mover::kFact},
    {Move::kDispatchCancelled, "dispatch_cancelled", Mover::kFact},
    {Move::kDispatchRecalled, "dispatch_recalled", Mover::kFact},
    {Move::kOrderOpened, "order_opened", Mover::kFact},
    {Move::kOrderScheduled, "order_scheduled", Mover::kFact},
    {Move::kOrderUnscheduled, "order_unscheduled", Mover::kFact},
    {Move::kOrderCompleted, "order_completed", Mover::kFact},
    {Move::kOrderCancelled, "order_cancelled", Mover::kFact},
    {Move::kOrderReturned, "order_returned", Mover::kFact},
    {Move::kOrderAbandoned, "order_abandoned", Mover::kFact},
    {Move::kDraftOverdue, "draft_overdue", Mover::kTimer},
    {Move::kReviewOverdue, "review_overdue", Mover::kTimer},
    {Move::kNoticeOver, "notice_over", Mover::kTimer},
    {Move::kHoldOverdue, "hold_overdue", Mover::kTimer},
    {Move::kAppealOverdue, "appeal_overdue", Mover::kTimer},
    {Move::kSupplementOverdue, "supplement_overdue", Mover::kTimer},
    {Move::kReceiptOverdue, "receipt_overdue", Mover::kTimer},
    {Move::kFollowUpDue, "follow_up_due", Mover::kTimer},
    {Move::kFollowUpOverdue, "follow_up_overdue", Mover::kTimer},
};

// The vendor side comes from two streams and from several vendors' partitions, so that APPROVED,
// DISPATCHED and SCHEDULED see its facts in any order; service_decisions.cc sorts them by attempt.
constexpr LegalMove kLegalMoves[] = {
    {kDraft, Move::kUpdate, kDraft},
    {kDraft, Move::kSubmit, kSubmitted},
    {kDraft, Move::kWithdraw, kWithdrawn},
    {kDraft, Move::kTerminate, kTerminated},
    {kDraft, Move::kVerifyFact, kDraft},
    {kDraft, Move::kDraftOverdue, kExpired},

    {kSubmitted, Move::kWithdraw, kWithdrawn},
    {kSubmitted, Move::kTerminate, kTerminated},
    {kSubmitted, Move::kTransfer, kSubmitted},
    {kSubmitted, Move::kSubsidyReserved, kUnderReview},
    {kSubmitted, Move::kSubsidyQueued, kSubmitted},
    {kSubmitted, Move::kSubsidyRefused, kIneligible},
    // Of a catalogue from before there was a queue for money.
    {kSubmitted, Move::kSubsidyRefused, kUnfunded},

    // In any stage of its chain. What the stage allows, and who may decide: officer_check.h.
    {kUnderReview, Move::kApprove, kUnderReview},
    {kUnderReview, Move::kApprove, kPublicNotice},
    {kUnderReview, Move::kApprove, kApproved},
    {kUnderReview, Move::kReject, kRejected},
    {kUnderReview, Move::kReturn, kInSupplement},
    {kUnderReview, Move::kHold, kOnHold},
    {kUnderReview, Move::kWithdraw, kWithdrawn},
    {kUnderReview, Move::kTerminate, kTerminated},
    {kUnderReview, Move::kTransfer, kSubmitted},
    {kUnderReview, Move::kFixPrice, kPricing},
    {kUnderReview, Move::kClaim, kUnderReview},
    {kUnderReview, Move::kRelease, kUnderReview},
    {kUnderReview, Move::kVerifyFact, kUnderReview},
    {kUnderReview, Move::kReviewOverdue, kUnderReview},

    {kPublicNotice, Move::kHold, kOnHold},
    {kPublicNotice, Move::kObject, kOnHold},
    {kPublicNotice, Move::kWithdraw, kWithdrawn},
    {kPublicNotice, Move::kTerminate, kTerminated},
    {kPublicNotice, Move::kTransfer, kSubmitted},
    {kPublicNotice, Move::kNoticeOver, kApproved},

    // If it was held in its notice.
    {kOnHold, Move::kObject, kOnHold},
    {kOnHold, Move::kResume, kUnderReview},
    {kOnHold, Move::kResume, kPublicNotice},
    {kOnHold, Move::kReject, kRejected},
    {kOnHold, Move::kWithdraw, kWithdrawn},
    {kOnHold, Move::kTerminate, kTerminated},
    {kOnHold, Move::kTransfer, kSubmitted},
    {kOnHold, Move::kClaim, kOnHold},
    {kOnHold, Move::kRelease, kOnHold},
    {kOnHold, Move::kVerifyFact, kOnHold},
    {kOnHold, Move::kHoldOverdue, kOnHold},

    {kInSupplement, Move::kSupplement, kUnderReview},
    {kInSupplement, Move::kWithdraw, kWithdrawn},
    {kInSupplement, Move::kTerminate, kTerminated},
    {kInSupplement, Move::kTransfer, kSubmitted},
    {kInSupplement, Move::kVerifyFact, kInSupplement},
    {kInSupplement, Move::kSupplementOverdue, kExpired},

    // Until the catalogue has decided by the fixed price.
    {kPricing, Move::kWithdraw, kWithdrawn},
    {kPricing, Move::kTerminate, kTerminated},
    {kPricing, Move::kTransfer, kSubmitted},
    {kPricing, Move::kSubsidyRepriced, kUnderReview},

    {kRejected, Move::kAppeal, kAppealed},

    {kIneligible, Move::kAppeal, kAppealed},

    {kAppealed, Move::kWithdraw, kWithdrawn},
    {kAppealed, Move::kTerminate, kTerminated},
    {kAppealed, Move::kDismissAppeal, kRejected},
    {kAppealed, Move::kDismissAppeal, kIneligible},
    {kAppealed, Move::kGrantAppeal, kSubmitted},
    {kAppealed, Move::kClaim, kAppealed},
    {kAppealed, Move::kRelease, kAppealed},
    {kAppealed, Move::kAppealOverdue, kAppealed},

    {kApproved, Move::kWithdraw, kWithdrawing},
    {kApproved, Move::kTerminate, kWithdrawing},
    {kApproved, Move::kTransfer, kTransferring},
    {kApproved, Move::kDispatchAccepted, kDispatched},
    {kApproved, Move::kDispatchExhausted, kApproved},
    {kApproved, Move::kDispatchFailed, kUnserved},
    {kApproved, Move::kOrderOpened, kDispatched},
    {kApproved, Move::kOrderScheduled, kScheduled},
    {kApproved, Move::kOrderUnscheduled, kDispatched},
    {kApproved, Move::kOrderCompleted, kFitted},
    {kApproved, Move::kOrderReturned, kApproved},
    {kApproved, Move::kOrderAbandoned, kUnserved},

    {kDispatched, Move::kWithdraw, kWithdrawing},
    {kDispatched, Move::kTerminate, kWithdrawing},
    {kDispatched, Move::kTransfer, kTransferring},
    {kDispatched, Move::kDispatchAccepted, kDispatched},
    {kDispatched, Move::kDispatchExhausted, kApproved},
    {kDispatched, Move::kDispatchFailed, kUnserved},
    {kDispatched, Move::kOrderOpened, kDispatched},
    {kDispatched, Move::kOrderScheduled, kScheduled},
    {kDispatched, Move::kOrderUnscheduled, kDispatched},
    {kDispatched, Move::kOrderCompleted, kFitted},
    {kDispatched, Move::kOrderReturned, kApproved},
    {kDispatched, Move::kOrderAbandoned, kUnserved},

    {kScheduled, Move::kWithdraw, kWithdrawing},
    {kScheduled, Move::kTerminate, kWithdrawing},
    {kScheduled, Move::kTransfer, kTransferring},
    {kScheduled, Move::kDispatchAccepted, kDispatched},
    {kScheduled, Move::kDispatchExhausted, kApproved},
    {kScheduled, Move::kDispatchFailed, kUnserved},
    {kScheduled, Move::kOrderOpened, kDispatched},
    {kScheduled, Move::kOrderScheduled, kScheduled},
    {kScheduled, Move::kOrderUnscheduled, kDispatched},
    {kScheduled, Move::kOrderCompleted, kFitted},
    {kScheduled, Move::kOrderReturned, kApproved},
    {kScheduled, Move::kOrderAbandoned, kUnserved},

    // The hand-over came first.
    {kWithdrawing, Move::kOrderCompleted, kFitted},
    {kWithdrawing, Move::kDispatchCancelled, kWithdrawn},
    {kWithdrawing, Move::kDispatchCancelled, kTerminated},
    {kWithdrawing, Move::kDispatchFailed, kWithdrawn},
    {kWithdrawing, Move::kDispatchFailed, kTerminated},
    {kWithdrawing, Move::kOrderCancelled, kWithdrawn},
    {kWithdrawing, Move::kOrderCancelled, kTerminated},
    {kWithdrawing, Move::kOrderAbandoned, kWithdrawn},
    {kWithdrawing, Move::kOrderAbandoned, kTerminated},
    // Given back by the vendor while the recall was on its way: withdrawn once both are known.
    {kWithdrawing, Move::kDispatchRecalled, kWithdrawing},
    {kWithdrawing, Move::kDispatchRecalled, kWithdrawn},
    {kWithdrawing, Move::kDispatchRecalled, kTerminated},
    {kWithdrawing, Move::kOrderReturned, kWithdrawing},
    {kWithdrawing, Move::kOrderReturned, kWithdrawn},
    {kWithdrawing, Move::kOrderReturned, kTerminated},

    // As a withdrawal, but that the new county has the case at the end.
    {kTransferring, Move::kWithdraw, kWithdrawing},
    {kTransferring, Move::kTerminate, kWithdrawing},
    {kTransferring, Move::kOrderCompleted, kFitted},
    {kTransferring, Move::kDispatchCancelled, kSubmitted},
    {kTransferring, Move::kDispatchFailed, kSubmitted},
    {kTransferring, Move::kOrderCancelled, kSubmitted},
    {kTransferring, Move::kOrderAbandoned, kSubmitted},
    {kTransferring, Move::kDispatchRecalled, kTransferring},
    {kTransferring, Move::kDispatchRecalled, kSubmitted},
    {kTransferring, Move::kOrderReturned, kTransferring},
    {kTransferring, Move::kOrderReturned, kSubmitted},

    {kFitted, Move::kConfirmReceipt, kAccepted},
    {kFitted, Move::kReceiptOverdue, kFitted},

    {kAccepted, Move::kSubsidySettled, kPaid},

    {kPaid, Move::kFollowUpDue, kFollowUp},
    {kPaid, Move::kFollowUpDue, kClosed},

    {kFollowUp, Move::kAnswerFollowUp, kClosed},
    {kFollowUp, Move::kFollowUpOverdue, kClosed},

    // The treasury takes its time.
    {kPaid, Move::kSubsidyPaid, kPaid},
    {kFollowUp, Move::kSubsidyPaid, kFollowUp},
    {kClosed, Move::kSubsidyPaid, kClosed},

    // A consent can be withdrawn whenever the person wants it, also behind the end.
    {kDraft, Move::kWithdrawConsent, kDraft},
    {kSubmitted, Move::kWithdrawConsent, kSubmitted},
    {kUnderReview, Move::kWithdrawConsent, kUnderReview},
    {kPublicNotice, Move::kWithdrawConsent, kPublicNotice},
    {kOnHold, Move::kWithdrawConsent, kOnHold},
    {kInSupplement, Move::kWithdrawConsent, kInSupplement},
    {kApproved, Move::kWithdrawConsent, kApproved},
    {kDispatched, Move::kWithdrawConsent, kDispatched},
    {kScheduled, Move::kWithdrawConsent, kScheduled},
    {kFitted, Move::kWithdrawConsent, kFitted},
    {kAccepted, Move::kWithdrawConsent, kAccepted},
    {kPaid, Move::kWithdrawConsent, kPaid},
    {kFollowUp, Move::kWithdrawConsent, kFollowUp},
    {kClosed, Move::kWithdrawConsent, kClosed},
    {kWithdrawing, Move::kWithdrawConsent, kWithdrawing},
    {kTransferring, Move::kWithdrawConsent, kTransferring},
    {kPricing, Move::kWithdrawConsent, kPricing},
    {kAppealed, Move::kWithdrawConsent, kAppealed},
    {kWithdrawn, Move::kWithdrawConsent, kWithdrawn},
    {kTerminated, Move::kWithdrawConsent, kTerminated},
    {kIneligible, Move::kWithdrawConsent, kIneligible},
    {kUnfunded, Move::kWithdrawConsent, kUnfunded},
    {kRejected, Move::kWithdrawConsent, kRejected},
    {kExpired, Move::kWithdrawConsent, kExpired},
    {kUnserved, Move::kWithdrawConsent, kUnserved},
};

}  // namespace

absl::Span<const MoveInfo> AllMoves() { return kMoves; }

absl::Span<const LegalMove> LegalMoves() { return kLegalMoves; }

std::vector<ApplicationState> AllStates() {
  std::vector<ApplicationState> states;
  for (int number = v1::ApplicationState_MIN; number <= v1::ApplicationState_MAX; ++number) {
    // The numbers have gaps.
    if (number == v1::APPLICATION_STATE_UNSPECIFIED || !v1::ApplicationState_IsValid(number)) {
      continue;
    }
    states.push_back(static_cast<ApplicationState>(number));
  }
  return states;
}

const MoveInfo& InfoOf(Move move) {
  return *absl::c_find_if(kMoves, [move](const MoveInfo& info) { return info.move == move; });
}

bool IsLegal(ApplicationState from, Move move) {
  return absl::c_any_of(kLegalMoves, [&](const LegalMove& legal) {
    return legal.from == from && legal.move == move;
  });
}

bool MayLead(ApplicationState from, Move move, ApplicationState to) {
  return absl::c_any_of(kLegalMoves, [&](const LegalMove& legal) {
    return legal.from == from && legal.move == move && legal.to == to;
  });
}

std::vector<std::string> LegalCommands(ApplicationState state) {
  std::vector<std::string> names;
  for (const LegalMove& legal : kLegalMoves) {
    const MoveInfo& info = InfoOf(legal.move);
    if (legal.from != state || info.mover != Mover::kCaller) continue;
    // It is legal everywhere and moves nothing.
    if (legal.move == Move::kWithdrawConsent) continue;
    if (!absl::c_linear_search(names, info.name)) names.emplace_back(info.name);
  }
  return names;
}

bool IsFinal(ApplicationState state) {
  return state != v1::APPLICATION_STATE_UNSPECIFIED &&
         absl::c_none_of(kLegalMoves, [state](const LegalMove& legal) {
           return legal.from == state && legal.to != state && legal.move != Move::kAppeal;
         });
}

std::string StateName(ApplicationState state) {
  return std::string(absl::StripPrefix(v1::ApplicationState_Name(state), "APPLICATION_STATE_"));
}

}  // namespace fuju::applications
