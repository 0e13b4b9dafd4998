#include "applications/notices/notice_kinds.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "applications/notices/notice_values.h"
#include "applications/notices/text_pattern.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using testing::TestCase;

// The kind of a fact, as the reactions find it by its type.
v1::NoticeKind KindOfFact(const google::protobuf::Message& fact) {
  v1::NoticeKind kind = v1::NOTICE_KIND_UNSPECIFIED;
  const auto is = [&fact, &kind]<typename FactMessage>(const FactMessage*) {
    const auto* typed = dynamic_cast<const FactMessage*>(&fact);
    if (typed != nullptr) kind = NoticeKindOf(*typed);
  };
  is(static_cast<const v1::ApplicationSubmitted*>(nullptr));
  is(static_cast<const v1::ApplicationReviewStarted*>(nullptr));
  is(static_cast<const v1::ApplicationReturned*>(nullptr));
  is(static_cast<const v1::ApplicationSupplemented*>(nullptr));
  is(static_cast<const v1::ApplicationApproved*>(nullptr));
  is(static_cast<const v1::ApplicationProgressed*>(nullptr));
  is(static_cast<const v1::ApplicationDeadlineMissed*>(nullptr));
  is(static_cast<const v1::WithdrawalRequested*>(nullptr));
  is(static_cast<const v1::ApplicationAccepted*>(nullptr));
  is(static_cast<const v1::ApplicationSettled*>(nullptr));
  is(static_cast<const v1::FollowUpRequested*>(nullptr));
  is(static_cast<const v1::ApplicationClosed*>(nullptr));
  is(static_cast<const v1::ApplicationEnded*>(nullptr));
  is(static_cast<const v1::ApplicationStagePassed*>(nullptr));
  is(static_cast<const v1::ApplicationHeld*>(nullptr));
  is(static_cast<const v1::ObjectionFiled*>(nullptr));
  is(static_cast<const v1::ApplicationResumed*>(nullptr));
  is(static_cast<const v1::ApplicationAppealed*>(nullptr));
  is(static_cast<const v1::ApplicationReopened*>(nullptr));
  is(static_cast<const v1::TransferRequested*>(nullptr));
  is(static_cast<const v1::ApplicationTransferred*>(nullptr));
  is(static_cast<const v1::ApplicationRepriced*>(nullptr));
  return kind;
}

TEST(NoticeKindsTest, WhatAMoveTells) {
  struct Case {
    ApplicationState from;
    Move move;
    v1::NoticeKind kind;
  };
  const Case cases[] = {
      {v1::APPLICATION_STATE_DRAFT, Move::kSubmit, v1::NOTICE_KIND_SUBMITTED},
      {v1::APPLICATION_STATE_DRAFT, Move::kWithdraw, v1::NOTICE_KIND_UNSPECIFIED},
      {v1::APPLICATION_STATE_SUBMITTED, Move::kSubsidyReserved, v1::NOTICE_KIND_REVIEW_STARTED},
      {v1::APPLICATION_STATE_SUBMITTED, Move::kWithdraw, v1::NOTICE_KIND_WITHDRAWN},
      {v1::APPLICATION_STATE_UNDER_REVIEW, Move::kReturn, v1::NOTICE_KIND_RETURNED},
      {v1::APPLICATION_STATE_UNDER_REVIEW, Move::kApprove, v1::NOTICE_KIND_APPROVED},
      {v1::APPLICATION_STATE_UNDER_REVIEW, Move::kReject, v1::NOTICE_KIND_REJECTED},
      {v1::APPLICATION_STATE_UNDER_REVIEW, Move::kReviewOverdue, v1::NOTICE_KIND_REVIEW_LATE},
      {v1::APPLICATION_STATE_SUPPLEMENT, Move::kSupplement, v1::NOTICE_KIND_SUPPLEMENTED},
      {v1::APPLICATION_STATE_SUPPLEMENT, Move::kSupplementOverdue, v1::NOTICE_KIND_EXPIRED},
      {v1::APPLICATION_STATE_APPROVED, Move::kDispatchAccepted, v1::NOTICE_KIND_DISPATCHED},
      {v1::APPLICATION_STATE_APPROVED, Move::kOrderOpened, v1::NOTICE_KIND_VISIT_TO_BOOK},
      {v1::APPLICATION_STATE_APPROVED, Move::kOrderScheduled, v1::NOTICE_KIND_VISIT_BOOKED},
      {v1::APPLICATION_STATE_APPROVED, Move::kDispatchExhausted, v1::NOTICE_KIND_VENDOR_SOUGHT},
      {v1::APPLICATION_STATE_APPROVED, Move::kDispatchFailed, v1::NOTICE_KIND_UNSERVED},
      {v1::APPLICATION_STATE_APPROVED, Move::kWithdraw, v1::NOTICE_KIND_WITHDRAWAL_REQUESTED},
      {v1::APPLICATION_STATE_DISPATCHED, Move::kOrderScheduled, v1::NOTICE_KIND_VISIT_BOOKED},
      {v1::APPLICATION_STATE_SCHEDULED, Move::kOrderScheduled, v1::NOTICE_KIND_VISIT_MOVED},
      {v1::APPLICATION_STATE_SCHEDULED, Move::kOrderUnscheduled, v1::NOTICE_KIND_VISIT_CANCELLED},
      {v1::APPLICATION_STATE_SCHEDULED, Move::kOrderCompleted, v1::NOTICE_KIND_HANDED_OVER},
      {v1::APPLICATION_STATE_SCHEDULED, Move::kOrderReturned, v1::NOTICE_KIND_VENDOR_SOUGHT},
      {v1::APPLICATION_STATE_SCHEDULED, Move::kOrderAbandoned, v1::NOTICE_KIND_UNSERVED},
      {v1::APPLICATION_STATE_FITTED, Move::kReceiptOverdue, v1::NOTICE_KIND_RECEIPT_REMINDER},
      {v1::APPLICATION_STATE_FITTED, Move::kConfirmReceipt, v1::NOTICE_KIND_RECEIPT_SIGNED},
      {v1::APPLICATION_STATE_ACCEPTED, Move::kSubsidySettled, v1::NOTICE_KIND_PAID},
      {v1::APPLICATION_STATE_PAID, Move::kFollowUpDue, v1::NOTICE_KIND_FOLLOW_UP_ASKED},
      {v1::APPLICATION_STATE_FOLLOW_UP, Move::kAnswerFollowUp, v1::NOTICE_KIND_CLOSED},
      {v1::APPLICATION_STATE_FOLLOW_UP, Move::kFollowUpOverdue, v1::NOTICE_KIND_CLOSED},
      {v1::APPLICATION_STATE_WITHDRAWING, Move::kDispatchCancelled, v1::NOTICE_KIND_WITHDRAWN},
      {v1::APPLICATION_STATE_WITHDRAWING, Move::kOrderCompleted, v1::NOTICE_KIND_HANDED_OVER},
      {v1::APPLICATION_STATE_UNDER_REVIEW, Move::kHold, v1::NOTICE_KIND_HELD},
      {v1::APPLICATION_STATE_UNDER_REVIEW, Move::kTransfer, v1::NOTICE_KIND_TRANSFERRED},
      {v1::APPLICATION_STATE_UNDER_REVIEW, Move::kTerminate, v1::NOTICE_KIND_TERMINATED},
      {v1::APPLICATION_STATE_DRAFT, Move::kTerminate, v1::NOTICE_KIND_UNSPECIFIED},
      {v1::APPLICATION_STATE_PUBLIC_NOTICE, Move::kObject, v1::NOTICE_KIND_OBJECTED},
      {v1::APPLICATION_STATE_ON_HOLD, Move::kObject, v1::NOTICE_KIND_UNSPECIFIED},
      {v1::APPLICATION_STATE_ON_HOLD, Move::kResume, v1::NOTICE_KIND_RESUMED},
      {v1::APPLICATION_STATE_ON_HOLD, Move::kHoldOverdue, v1::NOTICE_KIND_HOLD_LATE},
      {v1::APPLICATION_STATE_REJECTED, Move::kAppeal, v1::NOTICE_KIND_APPEALED},
      {v1::APPLICATION_STATE_APPEALED, Move::kGrantAppeal, v1::NOTICE_KIND_APPEAL_GRANTED},
      {v1::APPLICATION_STATE_APPEALED, Move::kDismissAppeal, v1::NOTICE_KIND_APPEAL_DISMISSED},
      {v1::APPLICATION_STATE_APPEALED, Move::kAppealOverdue, v1::NOTICE_KIND_APPEAL_LATE},
      {v1::APPLICATION_STATE_APPROVED, Move::kTerminate, v1::NOTICE_KIND_UNSPECIFIED},
      {v1::APPLICATION_STATE_APPROVED, Move::kTransfer, v1::NOTICE_KIND_TRANSFER_REQUESTED},
      {v1::APPLICATION_STATE_TRANSFERRING, Move::kDispatchCancelled, v1::NOTICE_KIND_TRANSFERRED},
      {v1::APPLICATION_STATE_TRANSFERRING, Move::kOrderCompleted, v1::NOTICE_KIND_HANDED_OVER},
      {v1::APPLICATION_STATE_PRICING, Move::kSubsidyRepriced, v1::NOTICE_KIND_PRICE_FIXED},
  };
  for (const Case& c : cases) {
    TestCase one = TestCase::In(c.from);
    const std::string name = StateName(c.from) + " " + std::string(InfoOf(c.move).name);
    if (InfoOf(c.move).mover == Mover::kTimer) {
      one.MoveTo(absl::FromUnixSeconds(one.record().limit().due_time().seconds() + 1));
    }
    ASSERT_TRUE(one.Do(c.move)) << name;
    EXPECT_EQ(NoticeKindName(KindOfFact(one.last_fact())), NoticeKindName(c.kind)) << name;
  }
}

// Whoever approves before the notice makes the name public.
TEST(NoticeKindsTest, OnlyTheStepIntoThePublicNoticeIsTold) {
  TestCase notice = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW, testing::NoticeRules());
  ASSERT_TRUE(notice.Do(Move::kApprove));
  EXPECT_EQ(KindOfFact(notice.last_fact()), v1::NOTICE_KIND_MADE_PUBLIC);
  for (const auto& value : CaseValues(v1::NOTICE_KIND_MADE_PUBLIC, EventView(notice.record()))) {
    EXPECT_NE(value.zh(), "") << value.name();
  }
  TestCase stages = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW, testing::PriceRules());
  ASSERT_TRUE(stages.Do(Move::kApprove));
  EXPECT_EQ(KindOfFact(stages.last_fact()), v1::NOTICE_KIND_UNSPECIFIED);
}

// A fact has what its texts may say.
TEST(NoticeKindsTest, NoValueOfAKindIsEmpty) {
  const std::pair<ApplicationState, Move> moves[] = {
      {v1::APPLICATION_STATE_SUBMITTED, Move::kSubsidyReserved},
      {v1::APPLICATION_STATE_SUBMITTED, Move::kSubsidyRefused},
      {v1::APPLICATION_STATE_UNDER_REVIEW, Move::kReturn},
      {v1::APPLICATION_STATE_UNDER_REVIEW, Move::kApprove},
      {v1::APPLICATION_STATE_UNDER_REVIEW, Move::kReject},
      {v1::APPLICATION_STATE_SUPPLEMENT, Move::kSupplement},
      {v1::APPLICATION_STATE_APPROVED, Move::kDispatchAccepted},
      {v1::APPLICATION_STATE_APPROVED, Move::kOrderOpened},
      {v1::APPLICATION_STATE_APPROVED, Move::kDispatchFailed},
      {v1::APPLICATION_STATE_DISPATCHED, Move::kOrderScheduled},
      {v1::APPLICATION_STATE_SCHEDULED, Move::kOrderScheduled},
      {v1::APPLICATION_STATE_SCHEDULED, Move::kOrderUnscheduled},
      {v1::APPLICATION_STATE_SCHEDULED, Move::kOrderCompleted},
      {v1::APPLICATION_STATE_SCHEDULED, Move::kOrderAbandoned},
      {v1::APPLICATION_STATE_ACCEPTED, Move::kSubsidySettled},
      {v1::APPLICATION_STATE_PAID, Move::kFollowUpDue},
      {v1::APPLICATION_STATE_UNDER_REVIEW, Move::kHold},
      {v1::APPLICATION_STATE_UNDER_REVIEW, Move::kTransfer},
      {v1::APPLICATION_STATE_PUBLIC_NOTICE, Move::kObject},
      {v1::APPLICATION_STATE_ON_HOLD, Move::kResume},
      {v1::APPLICATION_STATE_REJECTED, Move::kAppeal},
      {v1::APPLICATION_STATE_APPEALED, Move::kGrantAppeal},
      {v1::APPLICATION_STATE_PRICING, Move::kSubsidyRepriced},
  };
  // Its own test is above.
  std::set<v1::NoticeKind> seen = {v1::NOTICE_KIND_MADE_PUBLIC};
  for (const auto& [from, move] : moves) {
    TestCase one = TestCase::In(from);
    if (InfoOf(move).mover == Mover::kTimer) {
      one.MoveTo(absl::FromUnixSeconds(one.record().limit().due_time().seconds() + 1));
    }
    ASSERT_TRUE(one.Do(move));
    const v1::NoticeKind kind = KindOfFact(one.last_fact());
    for (const auto& value : CaseValues(kind, EventView(one.record()))) {
      EXPECT_NE(value.zh(), "") << NoticeKindName(kind) << " " << value.name();
      EXPECT_NE(value.en(), "") << NoticeKindName(kind) << " " << value.name();
    }
    seen.insert(kind);
  }
  for (const v1::NoticeKind kind : AllNoticeKinds()) {
    EXPECT_TRUE(CaseValuesOf(kind).empty() || seen.contains(kind)) << NoticeKindName(kind);
  }
}

// The list of reasons grows; it must still fit.
TEST(NoticeKindsTest, OrdinaryReasonsFitIntoATextMessage) {
  TestCase one = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  ASSERT_TRUE(one.Do(Move::kReturn));
  for (const auto& value : CaseValues(v1::NOTICE_KIND_RETURNED, one.application())) {
    EXPECT_LE(CharactersOf(value.zh()), FindPlaceholder(value.name())->most_characters);
  }
}

TEST(NoticeKindsTest, WhatNoLongerHoldsIsOvertaken) {
  TestCase visit = TestCase::In(v1::APPLICATION_STATE_SCHEDULED);
  const int booked = visit.application().timeline_size();
  EXPECT_FALSE(IsOvertaken(v1::NOTICE_KIND_VISIT_BOOKED, booked, visit.application()));
  ASSERT_TRUE(visit.Do(Move::kOrderScheduled));
  EXPECT_TRUE(IsOvertaken(v1::NOTICE_KIND_VISIT_BOOKED, booked, visit.application()));
  EXPECT_FALSE(IsOvertaken(v1::NOTICE_KIND_VISIT_MOVED, booked + 1, visit.application()));
  EXPECT_FALSE(IsOvertaken(v1::NOTICE_KIND_APPROVED, 4, visit.application()));

  TestCase supplement = TestCase::In(v1::APPLICATION_STATE_SUPPLEMENT);
  EXPECT_FALSE(IsOvertaken(v1::NOTICE_KIND_RETURNED, 4, supplement.application()));
  ASSERT_TRUE(supplement.Do(Move::kSupplement));
  EXPECT_TRUE(IsOvertaken(v1::NOTICE_KIND_RETURNED, 4, supplement.application()));

  TestCase fitted = TestCase::In(v1::APPLICATION_STATE_FITTED);
  EXPECT_FALSE(IsOvertaken(v1::NOTICE_KIND_HANDED_OVER, 8, fitted.application()));
  ASSERT_TRUE(fitted.Do(Move::kConfirmReceipt));
  EXPECT_TRUE(IsOvertaken(v1::NOTICE_KIND_HANDED_OVER, 8, fitted.application()));
  EXPECT_TRUE(IsOvertaken(v1::NOTICE_KIND_RECEIPT_REMINDER, 8, fitted.application()));

  TestCase asked = TestCase::In(v1::APPLICATION_STATE_FOLLOW_UP);
  EXPECT_FALSE(IsOvertaken(v1::NOTICE_KIND_FOLLOW_UP_ASKED, 11, asked.application()));
  ASSERT_TRUE(asked.Do(Move::kAnswerFollowUp));
  EXPECT_TRUE(IsOvertaken(v1::NOTICE_KIND_FOLLOW_UP_ASKED, 11, asked.application()));
}

TEST(NoticeKindsTest, NamesAndTitles) {
  std::set<std::string> titles;
  for (const v1::NoticeKind kind : AllNoticeKinds()) titles.insert(NoticeTitle(kind).zh);
  EXPECT_EQ(titles.size(), AllNoticeKinds().size());
  EXPECT_EQ(NoticeKindName(v1::NOTICE_KIND_VISIT_MOVED), "VISIT_MOVED");
}

}  // namespace
}  // namespace fuju::applications
