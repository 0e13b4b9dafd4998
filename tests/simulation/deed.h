#pragma once

#include <string>

namespace fuju::simulation {

// Something that somebody may do about a case. `name` is what it is done to.
struct Deed {
  enum class What {
    // Nobody does anything.
    kNothing,
    // The applicant, and what is done for them.
    kCreate,
    kSubmit,
    kUpdate,
    kWithdraw,
    kTransfer,
    kSupplement,
    kAppeal,
    kConfirm,
    kAnswerFollowUp,
    // Offices, and everybody.
    kApprove,
    kReject,
    kReturn,
    kHold,
    kResume,
    kFixPrice,
    kObject,
    kGrantAppeal,
    kDismissAppeal,
    kReportDeath,
    kReportCancelledCertificate,
    kAllocate,
    // Vendors, and the prefecture's desk that looks for one.
    kAcceptOffer,
    kDeclineOffer,
    kAssign,
    kCloseRound,
    kBook,
    kReschedule,
    kCancelVisit,
    kNoShow,
    kComplete,
    kReturnOrder,
  };
  What what;
  std::string name = "";

  // Done to something of the vendor side, not to the application itself.
  static bool IsOfVendorSide(What what) { return what >= What::kAcceptOffer; }
};

}  // namespace fuju::simulation
