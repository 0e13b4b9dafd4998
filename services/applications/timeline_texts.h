#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

namespace fuju::applications {

// What a person reads, in both languages. Plain words, no abbreviations, no word about a person.
struct Text {
  std::string zh;
  std::string en;
  friend bool operator==(const Text&, const Text&) = default;
};

// What can stand in a timeline. $0, $1 and $2 in its text are told by the argument beside it.
enum class Line {
  kDraftMade,
  kDraftChanged,
  kDraftExpired,
  kUncertified,
  kConsentWithdrawn,  // purpose
  kFactVerified,      // which facts
  kFactCorrected,     // which facts, which of them were corrected
  kSubmitted,         // until when the decision is promised
  kReviewStarted,     // stage, until when it should be over
  kIneligible,        // which conditions fail
  kUnfunded,
  kWaitsForMoney,
  kReturned,           // all reasons, until when to supplement
  kReturnedDocuments,  // all reasons, until when to supplement, which documents
  kSupplemented,       // stage, until when it should be over
  kStagePassed,        // stage, next one, until when that should be over
  kApproved,
  kNoticeStarted,  // until when it is public
  kNoticeOver,
  kObjected,  // until when it should be cleared up
  kObjectedAgain,
  kHeld,  // all reasons, until when it should be cleared up
  kHoldLate,
  kResumed,          // stage, until when it should be over
  kRejected,         // all reasons
  kAppealed,         // who has it, until when it is decided
  kAppealDismissed,  // all reasons
  kAppealGranted,    // until when the decision is promised
  kAppealLate,
  kSupplementExpired,
  kLateReminded,    // stage
  kLateSupervisor,  // stage
  kLatePrefecture,  // stage
  kWithdrawn,
  kWithdrawalRequested,
  kWithdrawalTooLate,
  kWithdrawalConfirmed,
  kTerminated,            // why
  kTerminationRequested,  // why
  kTerminationConfirmed,  // why
  kTransferRequested,
  kTransferred,  // until when the decision is promised
  kTransferTooLate,
  kPriceFixed,      // price
  kRepriced,        // price, what the fund pays, what the person pays
  kRepriceFailed,   // price that stays
  kVendorAccepted,  // vendor
  kAnotherVendorAsked,
  kManualQueue,
  kNoVendorFound,
  kOrderOpened,
  kVisitBooked,  // when
  kVisitMoved,   // when
  kVisitCancelled,
  kNobodyMet,  // how often until now
  kNobodyMetRepeatedly,
  kVendorAskedToStop,
  kHandedOver,  // serial number, until when to sign
  kReceiptReminder,
  kReceiptSigned,
  kInvoicedLess,  // price, what the fund pays, what the person pays
  kSettled,
  kVendorPaid,
  kFollowUpAsked,  // until when to answer
  kFollowUpAnswered,
  kClosedWithoutAnswer,
  kClosedWithoutQuestion,
};

// The text of a line with its arguments filled in.
Text TextOf(Line line, absl::Span<const Text> arguments = {});

// Who can hold a case.
enum class Party {
  kNobody,
  kApplicant,
  kSubsidyCheck,
  kDispatch,
  kPrefectureDispatchDesk,
  kVendor,
  kStoppingVendor,
  kSettlement,
  kFollowUp,
};

// Name of a party in Holder.party. In a stage of the review the party is the stage's first role.
absl::string_view PartyName(Party party);
Text PartyText(Party party);

// Why an application ended, beside the reasons that the county and the catalogue give.
enum class EndReason {
  kWithdrawnByApplicant,
  kSupplementOverdue,
  kDraftExpired,
  kNoVendor,
  kNobodyMet,
  kDeath,
  kCertificateCancelled,
};
absl::string_view EndReasonCode(EndReason reason);
Text EndReasonText(EndReason reason);

// "2026年10月8日15:04前" and "by 15:04 on 8 October 2026", in Asia/Shanghai.
Text MomentText(absl::Time time);
// "2026年10月8日15:04" and "15:04 on 8 October 2026".
Text VisitText(absl::Time time);

// The texts one after the other: "；" and "; " between them.
Text JoinTexts(absl::Span<const Text> texts);

}  // namespace fuju::applications
