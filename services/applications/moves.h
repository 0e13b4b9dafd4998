#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "fuju/applications/v1/application.pb.h"

namespace fuju::applications {

using v1::ApplicationState;

// Everything that can happen to an application after its creation. The table in moves.cc says in
// which state, and to which state it may lead; every decision is checked against it.
enum class Move {
  // Asked for by a caller.
  kUpdate,
  kSubmit,
  kSupplement,
  kWithdraw,
  kTerminate,
  kTransfer,
  kFixPrice,
  kApprove,
  kReject,
  kReturn,
  kHold,
  kResume,
  kObject,
  kAppeal,
  kDismissAppeal,
  kGrantAppeal,
  kConfirmReceipt,
  kAnswerFollowUp,
  kClaim,
  kRelease,
  kVerifyFact,
  kWithdrawConsent,
  // Facts of other services.
  kSubsidyReserved,
  kSubsidyRefused,
  kSubsidyRepriced,
  kSubsidySettled,
  kSubsidyQueued,
  kSubsidyPaid,
  kDispatchAccepted,
  kDispatchExhausted,
  kDispatchFailed,
  kDispatchCancelled,
  kDispatchRecalled,
  kOrderOpened,
  kOrderScheduled,
  kOrderUnscheduled,
  kOrderCompleted,
  kOrderCancelled,
  kOrderReturned,
  kOrderAbandoned,
  // A limit has passed.
  kDraftOverdue,
  kReviewOverdue,
  kNoticeOver,
  kHoldOverdue,
  kAppealOverdue,
  kSupplementOverdue,
  kReceiptOverdue,
  kFollowUpDue,
  kFollowUpOverdue,
};

// What makes a move happen. An illegal command is refused; an illegal fact or timer has no effect.
enum class Mover { kCaller, kFact, kTimer };

struct MoveInfo {
  Move move;
  // Name in refusals, metrics and documentation, such as "confirm_receipt".
  absl::string_view name;
  Mover mover;
};

// One line of the table: in `from`, `move` may lead to `to`.
struct LegalMove {
  ApplicationState from;
  Move move;
  ApplicationState to;
};

absl::Span<const MoveInfo> AllMoves();
absl::Span<const LegalMove> LegalMoves();

// Every state but UNSPECIFIED, by number.
std::vector<ApplicationState> AllStates();

const MoveInfo& InfoOf(Move move);

// True if the table has a line for the move in this state.
bool IsLegal(ApplicationState from, Move move);

// True if the table has exactly this line.
bool MayLead(ApplicationState from, Move move, ApplicationState to);

// Names of the commands that are legal in this state and not in every one, in the order of the
// table; for refusals.
std::vector<std::string> LegalCommands(ApplicationState state);

// The case is over: no move leads out of it but an appeal.
bool IsFinal(ApplicationState state);

// "UNDER_REVIEW": the enum's name without its prefix.
std::string StateName(ApplicationState state);

}  // namespace fuju::applications
