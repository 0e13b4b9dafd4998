#pragma once

#include <string>

namespace fuju::simulation {

// Something that somebody may do about a case. `name` is what it is done to.
struct Deed {
  enum class What {
    kCreate,
    kSubmit,
    kUpdate,
    kWithdraw,
    kTransfer,
    kApprove,
    kReject,
    kReturn,
    kSupplement,
    kConfirm,
    kAnswerFollowUp,
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
    kAllocate,
  };
  What what;
  std::string name = "";
};

}  // namespace fuju::simulation
