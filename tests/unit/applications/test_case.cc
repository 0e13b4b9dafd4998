#include "unit/applications/test_case.h"

#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "applications/appeal_decisions.h"
#include "applications/closing_decisions.h"
#include "applications/county_transfer.h"
#include "applications/deadline_decisions.h"
#include "applications/desk/claim_decisions.h"
#include "applications/draft_decisions.h"
#include "applications/hold_decisions.h"
#include "applications/intake/consents.h"
#include "applications/intake/fact_decisions.h"
#include "applications/price_decisions.h"
#include "applications/public_notice.h"
#include "applications/review_decisions.h"
#include "applications/service_decisions.h"
#include "applications/termination.h"
#include "chassis/values/timestamps.h"
#include "support/complete_applicant.h"
#include "unit/applications/sample_questionnaire.h"
#include "unit/applications/shipped_chains.h"
#include "unit/applications/shipped_intake.h"

namespace fuju::applications::testing {
namespace {

template <typename Value>
Value MustBe(absl::StatusOr<Value> value) {
  if (!value.ok()) ADD_FAILURE() << value.status();
  return *std::move(value);
}

std::vector<Move> WayTo(ApplicationState state) {
  const std::vector<Move> to_review = {Move::kSubmit, Move::kSubsidyReserved};
  const auto from_review = [&](std::vector<Move> more) {
    std::vector<Move> way = to_review;
    way.insert(way.end(), more.begin(), more.end());
    return way;
  };
  const auto from_fitted = [&](std::vector<Move> more) {
    std::vector<Move> way = from_review(
        {Move::kApprove, Move::kDispatchAccepted, Move::kOrderScheduled, Move::kOrderCompleted});
    way.insert(way.end(), more.begin(), more.end());
    return way;
  };
  switch (state) {
    case v1::APPLICATION_STATE_SUBMITTED:
      return {Move::kSubmit};
    case v1::APPLICATION_STATE_UNDER_REVIEW:
      return to_review;
    case v1::APPLICATION_STATE_SUPPLEMENT:
      return from_review({Move::kReturn});
    case v1::APPLICATION_STATE_APPROVED:
      return from_review({Move::kApprove});
    case v1::APPLICATION_STATE_DISPATCHED:
      return from_review({Move::kApprove, Move::kDispatchAccepted});
    case v1::APPLICATION_STATE_SCHEDULED:
      return from_review({Move::kApprove, Move::kDispatchAccepted, Move::kOrderScheduled});
    case v1::APPLICATION_STATE_FITTED:
      return from_fitted({});
    case v1::APPLICATION_STATE_ACCEPTED:
      return from_fitted({Move::kConfirmReceipt});
    case v1::APPLICATION_STATE_PAID:
      return from_fitted({Move::kConfirmReceipt, Move::kSubsidySettled});
    case v1::APPLICATION_STATE_FOLLOW_UP:
      return from_fitted({Move::kConfirmReceipt, Move::kSubsidySettled, Move::kFollowUpDue});
    case v1::APPLICATION_STATE_CLOSED:
      return from_fitted({Move::kConfirmReceipt, Move::kSubsidySettled, Move::kFollowUpDue,
                          Move::kAnswerFollowUp});
    case v1::APPLICATION_STATE_WITHDRAWING:
      return from_review({Move::kApprove, Move::kWithdraw});
    case v1::APPLICATION_STATE_TRANSFERRING:
      return from_review({Move::kApprove, Move::kTransfer});
    case v1::APPLICATION_STATE_PRICING:
      return from_review({Move::kFixPrice});
    case v1::APPLICATION_STATE_WITHDRAWN:
      return {Move::kWithdraw};
    case v1::APPLICATION_STATE_INELIGIBLE:
      return {Move::kSubmit, Move::kSubsidyRefused};
    case v1::APPLICATION_STATE_REJECTED:
      return from_review({Move::kReject});
    case v1::APPLICATION_STATE_APPEALED:
      return from_review({Move::kReject, Move::kAppeal});
    case v1::APPLICATION_STATE_TERMINATED:
      return from_review({Move::kTerminate});
    case v1::APPLICATION_STATE_EXPIRED:
      return from_review({Move::kReturn, Move::kSupplementOverdue});
    case v1::APPLICATION_STATE_PUBLIC_NOTICE:
      return from_review({Move::kApprove});
    case v1::APPLICATION_STATE_ON_HOLD:
      return from_review({Move::kApprove, Move::kObject});
    case v1::APPLICATION_STATE_UNSERVED:
      return from_review({Move::kApprove, Move::kDispatchFailed});
    default:
      return {};
  }
}

}  // namespace

absl::Time Start() { return absl::FromUnixSeconds(1'767'574'800); }

const vocabulary::WorkingDayCalendar& Calendar() {
  static const auto* const kCalendar = [] {
    std::ifstream file("deploy/data/gansu/workdays_2025_2026.csv");
    std::stringstream text;
    text << file.rdbuf();
    return new vocabulary::WorkingDayCalendar(
        MustBe(vocabulary::WorkingDayCalendar::Parse(text.str())));
  }();
  return *kCalendar;
}

const vocabulary::PersonKeyer& Keyer() {
  static const auto* const kKeyer =
      new vocabulary::PersonKeyer(MustBe(vocabulary::PersonKeyer::Create("0123456789abcdef")));
  return *kKeyer;
}

const QuestionnaireSet& Questionnaires() {
  static const auto* const kQuestionnaires = new QuestionnaireSet(SampleSet({1}));
  return *kQuestionnaires;
}

DraftBooks Books() { return {Questionnaires(), ShippedIntake(), Keyer()}; }

const Limits& DefaultLimits() {
  static const Limits kLimits;
  return kLimits;
}

Rules DefaultRules() {
  static const auto* const kChains =
      new ChainBook(MustBe(ChainBook::Parse(ShippedChainFiles(), Regions(), DefaultLimits())));
  return Rules{DefaultLimits(), Calendar(), *kChains, ShippedIntake()};
}

Rules PriceRules() {
  static const auto* const kChains = [] {
    v1::Chain chain = ShippedChain("short.v1.json");
    chain.set_id("short-price");
    v1::Stage price = chain.stages(0);
    price.set_id("price");
    price.set_kind(v1::STAGE_KIND_PRICE);
    price.clear_other_officer_than();
    const google::protobuf::RepeatedPtrField<v1::Stage> stages = chain.stages();
    chain.clear_stages();
    *chain.add_stages() = price;
    for (const v1::Stage& stage : stages) *chain.add_stages() = stage;
    return new ChainBook(BookWith(chain));
  }();
  return Rules{DefaultLimits(), Calendar(), *kChains, ShippedIntake()};
}

Rules NoticeRules() {
  static const auto* const kChains = [] {
    v1::Chain chain = ShippedChain("short.v1.json");
    chain.set_id("short-notice");
    const v1::Chain full = ShippedChain("full.v1.json");
    *chain.add_stages() = full.stages(full.stages_size() - 1);
    return new ChainBook(BookWith(chain));
  }();
  return Rules{DefaultLimits(), Calendar(), *kChains, ShippedIntake()};
}

v1::VerifyPersonFactRequest StatusVerified() {
  v1::VerifyPersonFactRequest asked;
  asked.set_economic_status(type::v1::ECONOMIC_STATUS_DB);
  asked.set_source(v1::FACT_SOURCE_CIVIL_AFFAIRS);
  asked.set_remark(kNote);
  return asked;
}

v1::Application Draft() {
  v1::Application draft;
  draft.set_county_code("620102");
  v1::Applicant* applicant = draft.mutable_applicant();
  applicant->set_name(kName);
  applicant->set_resident_id(kResidentId);
  applicant->set_certificate_number(kCertificate);
  applicant->set_phone(kPhone);
  applicant->set_address(kAddress);
  applicant->set_economic_status(type::v1::ECONOMIC_STATUS_DB);
  test_support::CompleteApplicant(*applicant);
  v1::DeviceRequest* request = draft.mutable_request();
  request->set_item_code("M01");
  request->set_device_division("122203");
  request->set_quote_fen(98000);
  request->set_purpose(kPurpose);
  *draft.add_questionnaire_answers() =
      AnswersOf({Number("age", 40), Chosen("walk", {"not"}), Chosen("sore", {"yes"})});
  return draft;
}

catalogue::v1::Grant ReservedGrant() {
  catalogue::v1::Grant grant;
  grant.set_application(NameOf(kId));
  grant.set_fiscal_year(2026);
  grant.set_amount_fen(98000);
  grant.mutable_decision()->set_eligible(true);
  grant.mutable_decision()->set_subsidy_fen(98000);
  grant.mutable_decision()->set_catalogue_version("gansu-2026-demo");
  return grant;
}

catalogue::v1::Grant RepricedGrant() {
  catalogue::v1::Grant grant = ReservedGrant();
  grant.set_amount_fen(kPrice);
  grant.mutable_decision()->set_subsidy_fen(kPrice);
  grant.mutable_decision()->set_approved_price_fen(kPrice);
  return grant;
}

catalogue::v1::Grant RefusedGrant(bool for_money) {
  catalogue::v1::Grant grant;
  grant.set_application(NameOf(kId));
  catalogue::v1::SubsidyDecision* decision = grant.mutable_decision();
  decision->set_eligible(for_money);
  const auto add = [&](const char* code, bool passed, const char* zh, const char* en) {
    catalogue::v1::RuleResult* rule = decision->add_rules();
    rule->set_code(code);
    rule->set_passed(passed);
    rule->set_text_zh(zh);
    rule->set_text_en(en);
    if (!passed) grant.add_refusal_codes(code);
  };
  add("RESIDENCE_COUNTY", true, "", "");
  if (for_money) {
    grant.add_refusal_codes("BUDGET_INSUFFICIENT");
  } else {
    add("AGE_WINDOW", false, "年龄应为0至17岁", "the age must be 0 to 17");
    add("OTHER_PAYER", false, "已由其他渠道支付", "another payer covers it");
  }
  return grant;
}

dispatch::v1::Round RoundOf(int attempt, dispatch::v1::RoundState state) {
  dispatch::v1::Round round;
  round.set_application(NameOf(kId));
  round.set_attempt(attempt);
  round.set_state(state);
  round.set_vendor(kVendor);
  round.set_vendor_name(absl::StrCat("演示辅具", attempt, "部"));
  if (state == dispatch::v1::ROUND_STATE_MANUAL) {
    *round.mutable_manual_due_time() = chassis::ToTimestamp(Start() + absl::Hours(48));
  }
  return round;
}

fitting::v1::Order OrderOf(int attempt, fitting::v1::OrderState state) {
  fitting::v1::Order order;
  order.set_name(absl::StrCat(kVendor, "/orders/", kId, "-", attempt));
  order.set_application(NameOf(kId));
  order.set_vendor(kVendor);
  order.set_vendor_name(absl::StrCat("演示辅具", attempt, "部"));
  order.set_state(state);
  fitting::v1::Appointment* visit = order.add_appointments();
  *visit->mutable_start_time() = chassis::ToTimestamp(Start() + absl::Hours(24 + attempt));
  switch (state) {
    case fitting::v1::ORDER_STATE_SCHEDULED:
      visit->set_state(fitting::v1::APPOINTMENT_STATE_BOOKED);
      break;
    case fitting::v1::ORDER_STATE_OPEN:
      visit->set_state(fitting::v1::APPOINTMENT_STATE_NOSHOW);
      order.set_no_shows(1);
      *order.mutable_booking_due_time() = chassis::ToTimestamp(Start() + absl::Hours(72));
      break;
    case fitting::v1::ORDER_STATE_COMPLETED:
      visit->set_state(fitting::v1::APPOINTMENT_STATE_FULFILLED);
      order.mutable_hand_over()->set_serial_number(kSerial);
      break;
    default:
      visit->set_state(fitting::v1::APPOINTMENT_STATE_CANCELLED);
      break;
  }
  return order;
}

TestCase TestCase::Drafted(Rules rules) {
  TestCase test_case(rules);
  test_case.Take(DecideCreate(kId, MustBe(NormalDraft(Draft(), Books(), test_case.act_)),
                              rules.intake, test_case.act_));
  return test_case;
}

TestCase TestCase::In(ApplicationState state) {
  switch (state) {
    case v1::APPLICATION_STATE_PUBLIC_NOTICE:
    case v1::APPLICATION_STATE_ON_HOLD:
      return In(state, NoticeRules());
    case v1::APPLICATION_STATE_PRICING:
      return In(state, PriceRules());
    default:
      return In(state, DefaultRules());
  }
}

TestCase TestCase::ForEveryMove(ApplicationState state) {
  // Only in a stage for it can a price be fixed.
  return state == v1::APPLICATION_STATE_UNDER_REVIEW ? In(state, PriceRules()) : In(state);
}

TestCase TestCase::In(ApplicationState state, Rules rules) {
  TestCase test_case = Drafted(rules);
  if (state == v1::APPLICATION_STATE_UNFUNDED) {
    test_case.Do(Move::kSubmit);
    test_case.Take(DecideSubsidyRefused(test_case.record_, RefusedGrant(true), test_case.rules_,
                                        test_case.act_));
  }
  for (const Move move : WayTo(state)) EXPECT_TRUE(test_case.Do(move)) << InfoOf(move).name;
  EXPECT_EQ(test_case.state(), state);
  return test_case;
}

Result TestCase::Try(Move move) const {
  const Act late = {chassis::ToTime(record_.limit().due_time()), act_.actor};
  const Act appeal_officer = {act_.now, "prefecture_officer:p1"};
  switch (move) {
    case Move::kUpdate: {
      v1::Application patch = Draft();
      patch.mutable_request()->set_quote_fen(120000);
      google::protobuf::FieldMask mask;
      mask.add_paths("request.quote_fen");
      return DecideUpdate(record_, patch, mask, Books(), act_);
    }
    case Move::kSubmit:
      return DecideSubmit(record_, Questionnaires(), rules_, act_);
    case Move::kSupplement:
      return DecideSupplement(record_, {kNote}, rules_, act_);
    case Move::kWithdraw:
      return DecideWithdraw(record_, kNote, act_);
    case Move::kTerminate:
      return DecideTerminate(record_, EndReason::kDeath, kNote, act_);
    case Move::kTransfer:
      return DecideTransfer(record_, TransferAsk{kNewCounty, kNewAddress, kNote}, rules_, act_);
    case Move::kFixPrice:
      return DecideFixPrice(record_, kPrice, Verdict{"", {}, kNote}, rules_, act_);
    case Move::kSubsidyRepriced:
      return DecideSubsidyRepriced(record_, RepricedGrant(), false, rules_, act_);
    case Move::kApprove:
      return DecideApprove(record_, Verdict{"", {}, kNote}, rules_, act_);
    case Move::kReject:
      return DecideReject(record_, Verdict{"", {"CERTIFICATE_INVALID", "OTHER"}, kNote}, rules_,
                          act_);
    case Move::kReturn:
      return DecideReturn(record_, Verdict{"", {"DOCUMENT_MISSING"}, kNote}, rules_, act_);
    case Move::kHold:
      return DecideHold(record_, Verdict{"", {"OTHER"}, kNote}, rules_, act_);
    case Move::kResume:
      return DecideResume(record_, Verdict{"", {}, kNote}, rules_, act_);
    case Move::kObject: {
      v1::Objection objection;
      objection.set_reason(kNote);
      objection.set_contact(kPhone);
      return DecideObject(record_, objection, rules_, act_);
    }
    case Move::kConfirmReceipt:
      return DecideConfirmReceipt(record_, kSerial, act_);
    case Move::kAnswerFollowUp: {
      v1::FollowUp answer;
      answer.set_satisfaction(5);
      answer.set_in_use(true);
      answer.set_comment(kNote);
      return DecideAnswerFollowUp(record_, answer, act_);
    }
    case Move::kClaim:
      return DecideClaim(record_, "", ClaimPolicy(), rules_,
                         state() == v1::APPLICATION_STATE_APPEALED ? appeal_officer : act_);
    case Move::kRelease:
      return DecideRelease(record_, ClaimPolicy(), act_);
    case Move::kVerifyFact:
      return DecideVerifyFact(record_, StatusVerified(), act_);
    case Move::kWithdrawConsent:
      return DecideWithdrawConsent(record_, "follow_up", rules_.intake, act_);
    case Move::kDraftOverdue:
      return DecideDeadline(record_, kDraftTimer, rules_, late);
    case Move::kSubsidyReserved:
      return DecideSubsidyReserved(record_, ReservedGrant(), rules_, act_);
    case Move::kSubsidyRefused:
      return DecideSubsidyRefused(record_, RefusedGrant(false), rules_, act_);
    case Move::kSubsidySettled:
      return DecideSubsidySettled(record_, ReservedGrant(), rules_, act_);
    case Move::kSubsidyQueued:
      return DecideSubsidyQueued(record_, ReservedGrant(), act_);
    case Move::kSubsidyPaid:
      return DecideSubsidyPaid(record_, ReservedGrant(), act_);
    case Move::kDispatchAccepted:
      return DecideDispatchAccepted(record_, RoundOf(1, dispatch::v1::ROUND_STATE_ASSIGNED), act_);
    case Move::kDispatchExhausted:
      return DecideDispatchExhausted(record_, RoundOf(1, dispatch::v1::ROUND_STATE_MANUAL), act_);
    case Move::kDispatchFailed:
      return DecideDispatchFailed(record_, RoundOf(1, dispatch::v1::ROUND_STATE_FAILED), kNote,
                                  rules_, act_);
    case Move::kDispatchCancelled:
      return DecideDispatchCancelled(record_, RoundOf(1, dispatch::v1::ROUND_STATE_CANCELLED),
                                     rules_, act_);
    case Move::kDispatchRecalled:
      return DecideDispatchRecalled(record_, RoundOf(1, dispatch::v1::ROUND_STATE_RECALLED), rules_,
                                    act_);
    case Move::kOrderOpened: {
      fitting::v1::Order order = OrderOf(1, fitting::v1::ORDER_STATE_OPEN);
      order.clear_appointments();
      order.clear_no_shows();
      return DecideOrderOpened(record_, order, act_);
    }
    case Move::kOrderScheduled:
      return DecideOrderScheduled(record_, OrderOf(1, fitting::v1::ORDER_STATE_SCHEDULED), act_);
    case Move::kOrderUnscheduled:
      return DecideOrderUnscheduled(record_, OrderOf(1, fitting::v1::ORDER_STATE_OPEN), act_);
    case Move::kOrderCompleted:
      return DecideOrderCompleted(record_, OrderOf(1, fitting::v1::ORDER_STATE_COMPLETED), rules_,
                                  act_);
    case Move::kOrderCancelled:
      return DecideOrderCancelled(record_, OrderOf(1, fitting::v1::ORDER_STATE_CANCELLED), rules_,
                                  act_);
    case Move::kOrderReturned:
      return DecideOrderReturned(record_, OrderOf(1, fitting::v1::ORDER_STATE_RETURNED), rules_,
                                 act_);
    case Move::kOrderAbandoned:
      return DecideOrderAbandoned(record_, OrderOf(1, fitting::v1::ORDER_STATE_ABANDONED), rules_,
                                  act_);
    case Move::kReviewOverdue:
      return DecideDeadline(record_, kReviewTimer, rules_, late);
    case Move::kAppeal:
      return DecideAppeal(record_, kNote, rules_, act_);
    case Move::kDismissAppeal:
      return DecideDismissAppeal(record_, kNote, rules_, appeal_officer);
    case Move::kGrantAppeal:
      return DecideGrantAppeal(record_, kNote, rules_, appeal_officer);
    case Move::kAppealOverdue:
      return DecideDeadline(record_, kAppealTimer, rules_, late);
    case Move::kNoticeOver:
      return DecideDeadline(record_, kNoticeTimer, rules_, late);
    case Move::kHoldOverdue:
      return DecideDeadline(record_, kHoldTimer, rules_, late);
    case Move::kSupplementOverdue:
      return DecideDeadline(record_, kSupplementTimer, rules_, late);
    case Move::kReceiptOverdue:
      return DecideDeadline(record_, kReceiptTimer, rules_, late);
    case Move::kFollowUpDue:
      return DecideDeadline(record_, kFollowUpAskTimer, rules_, late);
    case Move::kFollowUpOverdue:
      return DecideDeadline(record_, kFollowUpAnswerTimer, rules_, late);
  }
  return absl::InternalError("no such move");
}

bool TestCase::Do(Move move) { return Take(Try(move)); }

bool TestCase::Take(Result result) {
  if (!result.ok()) {
    ADD_FAILURE() << result.status();
    return false;
  }
  if (!result->changed) return false;
  record_ = std::move(result->next);
  for (chassis::Fact& fact : result->facts) facts_.push_back(std::move(fact));
  return true;
}

}  // namespace fuju::applications::testing
