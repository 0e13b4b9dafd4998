#include "simulation/fates.h"

#include <string>

namespace fuju::simulation {
namespace {

using What = Deed::What;
using Until = Turn::Until;

constexpr auto kDraft = applications::v1::APPLICATION_STATE_DRAFT;
constexpr auto kSubmitted = applications::v1::APPLICATION_STATE_SUBMITTED;
constexpr auto kUnderReview = applications::v1::APPLICATION_STATE_UNDER_REVIEW;
constexpr auto kSupplement = applications::v1::APPLICATION_STATE_SUPPLEMENT;
constexpr auto kOnHold = applications::v1::APPLICATION_STATE_ON_HOLD;
constexpr auto kPricing = applications::v1::APPLICATION_STATE_PRICING;
constexpr auto kPublicNotice = applications::v1::APPLICATION_STATE_PUBLIC_NOTICE;
constexpr auto kRejected = applications::v1::APPLICATION_STATE_REJECTED;
constexpr auto kIneligible = applications::v1::APPLICATION_STATE_INELIGIBLE;
constexpr auto kAppealed = applications::v1::APPLICATION_STATE_APPEALED;
constexpr auto kApproved = applications::v1::APPLICATION_STATE_APPROVED;
constexpr auto kDispatched = applications::v1::APPLICATION_STATE_DISPATCHED;
constexpr auto kScheduled = applications::v1::APPLICATION_STATE_SCHEDULED;
constexpr auto kFitted = applications::v1::APPLICATION_STATE_FITTED;
constexpr auto kFollowUp = applications::v1::APPLICATION_STATE_FOLLOW_UP;

constexpr auto kAnyStage = applications::v1::STAGE_KIND_UNSPECIFIED;
constexpr auto kPrice = applications::v1::STAGE_KIND_PRICE;
// Every chain has it.
constexpr auto kApproval = applications::v1::STAGE_KIND_APPROVAL;

using At = std::vector<applications::v1::ApplicationState>;

// An officer decides so in a stage, or somebody does something while it is reviewed.
Turn InReview(What deed, applications::v1::StageKind stage = kAnyStage) {
  return {{kUnderReview}, stage, What::kApprove, deed};
}
Turn In(At at, What instead_of, What deed) { return {std::move(at), kAnyStage, instead_of, deed}; }
// Nobody does what would be next.
Turn Wait(At at, What instead_of, Until until = Until::kForever) {
  return {std::move(at), kAnyStage, instead_of, What::kNothing, 1, until};
}
// The vendor side does something else, so many times.
Turn Vendor(What instead_of, What deed, int times = 1) {
  return {{}, kAnyStage, instead_of, deed, times};
}

std::vector<Fate> MakeFates() {
  const Turn appeals = In({kRejected, kIneligible}, What::kNothing, What::kAppeal);
  const Turn rejected = InReview(What::kReject, kApproval);
  const Turn held = InReview(What::kHold, kApproval);
  const Turn returned = InReview(What::kReturn);
  const Turn price = InReview(What::kFixPrice, kPrice);
  const auto dismisses = What::kDismissAppeal;
  return {
      {"straight through"},
      {"follow-up never answered", {Wait({kFollowUp}, What::kAnswerFollowUp)}},
      {"draft forgotten", {Wait({kDraft}, What::kSubmit)}},

      {"supplemented in time", {returned}},
      {.name = "never supplemented",
       .turns = {returned, Wait({kSupplement}, What::kSupplement)},
       .seldom = true},
      {"held and resumed", {held}},
      {"held and rejected", {held, In({kOnHold}, What::kResume, What::kReject)}},
      {"hold forgotten", {held, Wait({kOnHold}, What::kResume, Until::kLimitMissed)}},
      {"lower price", {price}},
      {.name = "invoiced less", .invoiced_less = true},
      {"objection cleared up", {In({kPublicNotice}, What::kNothing, What::kObject)}},
      {"objection upheld",
       {In({kPublicNotice}, What::kNothing, What::kObject),
        In({kOnHold}, What::kResume, What::kReject)}},
      {"rejected", {rejected}},

      {"appeal dismissed", {rejected, appeals, In({kAppealed}, What::kNothing, dismisses)}},
      {"appeal granted", {rejected, appeals, In({kAppealed}, dismisses, What::kGrantAppeal)}},
      {"appeal forgotten", {rejected, appeals, Wait({kAppealed}, dismisses, Until::kLimitMissed)}},
      {.name = "ineligible", .other_payer = true},
      {.name = "ineligible, appeal dismissed", .turns = {appeals}, .other_payer = true},
      {.name = "ineligible, appeal granted",
       .turns = {appeals, In({kAppealed}, dismisses, What::kGrantAppeal)},
       .other_payer = true},
      {.name = "waits for money, withdrawn", .poor_county = true},

      {"withdrawn: draft", {In({kDraft}, What::kSubmit, What::kWithdraw)}},
      {.name = "withdrawn: submitted",
       .turns = {In({kSubmitted, kUnderReview}, What::kApprove, What::kWithdraw)},
       .hasty = true},
      {"withdrawn: review", {InReview(What::kWithdraw)}},
      {"withdrawn: supplement", {returned, In({kSupplement}, What::kSupplement, What::kWithdraw)}},
      {"withdrawn: on hold", {held, In({kOnHold}, What::kResume, What::kWithdraw)}},
      {.name = "withdrawn: pricing",
       .turns = {price, In({kPricing, kUnderReview}, What::kApprove, What::kWithdraw)},
       .hasty = true},
      {"withdrawn: public notice", {In({kPublicNotice}, What::kNothing, What::kWithdraw)}},
      {"withdrawn: appealed", {rejected, appeals, In({kAppealed}, dismisses, What::kWithdraw)}},
      {"withdrawn: approved", {In({kApproved}, What::kAcceptOffer, What::kWithdraw)}},
      {"withdrawn: dispatched", {In({kDispatched}, What::kBook, What::kWithdraw)}},
      {"withdrawn: scheduled", {In({kScheduled}, What::kComplete, What::kWithdraw)}},

      {"death: review", {InReview(What::kReportDeath)}},
      {"death: scheduled", {In({kScheduled}, What::kComplete, What::kReportDeath)}},
      {"certificate cancelled: supplement",
       {returned, In({kSupplement}, What::kSupplement, What::kReportCancelledCertificate)}},
      {"certificate cancelled: dispatched",
       {In({kDispatched}, What::kBook, What::kReportCancelledCertificate)}},

      {"moved: review", {InReview(What::kTransfer, kApproval)}},
      {"moved: public notice", {In({kPublicNotice}, What::kNothing, What::kTransfer)}},
      {"moved: dispatched", {In({kDispatched}, What::kBook, What::kTransfer)}},

      {"one vendor declines", {Vendor(What::kAcceptOffer, What::kDeclineOffer)}},
      {"all vendors decline, the desk finds one",
       {Vendor(What::kAcceptOffer, What::kDeclineOffer, 2)}},
      {.name = "all vendors decline",
       .turns = {Vendor(What::kAcceptOffer, What::kDeclineOffer, 2), Wait({}, What::kAssign)},
       .seldom = true},
      {"the vendor gives it back", {Vendor(What::kBook, What::kReturnOrder)}},
      {"once nobody at home", {Vendor(What::kComplete, What::kNoShow)}},
      {.name = "nobody at home",
       .turns = {Vendor(What::kComplete, What::kNoShow, Turn::kAlways)},
       .seldom = true},
      {"receipt forgotten", {Wait({kFitted}, What::kConfirm, Until::kLimitMissed)}},

      {"late: reminded", {Wait({kUnderReview}, What::kApprove, Until::kReminded)}},
      {"late: supervisor told",
       {{{kUnderReview}, kPrice, What::kApprove, What::kNothing, 1, Until::kSupervisorTold}}},
      {"late: prefecture told", {Wait({kUnderReview}, What::kApprove, Until::kPrefectureTold)}},
  };
}

}  // namespace

const std::vector<const Fate*>& SeldomFates() {
  static const auto* const seldom = [] {
    auto* fates = new std::vector<const Fate*>();
    for (const Fate& fate : AllFates()) {
      if (fate.seldom) fates->push_back(&fate);
    }
    return fates;
  }();
  return *seldom;
}

absl::Span<const Fate> AllFates() {
  static const auto* const fates = new std::vector<Fate>(MakeFates());
  return *fates;
}

}  // namespace fuju::simulation
