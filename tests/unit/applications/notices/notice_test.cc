#include "applications/notices/notice.h"

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/notice_events.pb.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using testing::kId;
using testing::Start;
using testing::TestCase;

const DeliveryResult kDelivered = {.kind = DeliveryResult::Kind::kDelivered};
const DeliveryResult kTimeout = {.kind = DeliveryResult::Kind::kRetry, .reason = "TIMEOUT"};
const DeliveryResult kNotFound = {.kind = DeliveryResult::Kind::kRefused, .reason = "HTTP_404"};

NoticePolicy Policy() {
  NoticePolicy policy;
  policy.quiet_hours = *QuietHours::Parse("21:00-08:00");
  return policy;
}

NoticeRecord Planned(absl::Time now = Start(), NoticePolicy policy = Policy(),
                     v1::ContactChannel channel = v1::CONTACT_CHANNEL_SMS,
                     absl::Duration age = absl::ZeroDuration()) {
  TestCase one = TestCase::In(v1::APPLICATION_STATE_SCHEDULED);
  v1::Applicant applicant = one.application().applicant();
  applicant.mutable_contact()->set_channel(channel);
  const v1::Application fact = EventView(one.record());
  const auto decision = DecidePlan({.id = NoticeIdOf(kId, 7),
                                    .kind = v1::NOTICE_KIND_VISIT_BOOKED,
                                    .fact = fact,
                                    .fact_time = now - age,
                                    .applicant = applicant},
                                   policy, now);
  EXPECT_TRUE(decision.ok()) << decision.status();
  return decision->next;
}

NoticeRecord After(const NoticeRecord& record, const DeliveryResult& result,
                   absl::Time now = Start()) {
  const auto decision =
      DecideAttempted(record, record.notice().resends(), result, "e1", Policy(), now);
  EXPECT_TRUE(decision.ok()) << decision.status();
  return decision->changed ? decision->next : record;
}

NoticeRecord In(v1::NoticeState state) {
  const NoticeRecord planned = Planned();
  switch (state) {
    case v1::NOTICE_STATE_SENT:
      return After(planned, kDelivered);
    case v1::NOTICE_STATE_FAILED:
      return After(planned, kNotFound);
    case v1::NOTICE_STATE_SUPPRESSED:
      return DecideOvertaken(planned)->next;
    default:
      return planned;
  }
}

NoticeDecision Do(const NoticeRecord& record, NoticeMove move) {
  const int round = record.notice().resends();
  switch (move) {
    case NoticeMove::kDeliver:
      return DecideAttempted(record, round, kDelivered, "e1", Policy(), Start());
    case NoticeMove::kPostpone:
      return DecideAttempted(record, round, kTimeout, "e1", Policy(), Start());
    case NoticeMove::kGiveUp:
      return DecideAttempted(record, round, kNotFound, "e1", Policy(), Start());
    case NoticeMove::kSuppress:
      return DecideOvertaken(record);
    case NoticeMove::kResend:
      return DecideResend(record, Policy(), Start());
  }
  return absl::InternalError("no such move");
}

TEST(NoticeTest, EveryMoveInEveryStateIsAsTheTableSays) {
  int legal_moves = 0;
  for (int number = v1::NOTICE_STATE_PENDING; number < v1::NoticeState_ARRAYSIZE; ++number) {
    const auto state = static_cast<v1::NoticeState>(number);
    for (const NoticeMove move : {NoticeMove::kDeliver, NoticeMove::kPostpone, NoticeMove::kGiveUp,
                                  NoticeMove::kSuppress, NoticeMove::kResend}) {
      const std::string name = NoticeStateName(state) + " " + std::string(NoticeMoveName(move));
      const NoticeRecord before = In(state);
      ASSERT_EQ(before.notice().state(), state);
      const NoticeDecision decision = Do(before, move);
      if (!IsLegal(state, move)) {
        if (move == NoticeMove::kResend) {
          EXPECT_EQ(chassis::ReasonOf(decision.status()), "STATE_FORBIDS") << name;
        } else {
          ASSERT_TRUE(decision.ok()) << name;
          EXPECT_FALSE(decision->changed) << name;
        }
        continue;
      }
      ++legal_moves;
      ASSERT_TRUE(decision.ok()) << name << decision.status();
      ASSERT_TRUE(decision->changed) << name;
      EXPECT_EQ(decision->facts.size(), 1u) << name;
      bool in_table = false;
      for (const LegalNoticeMove& line : LegalNoticeMoves()) {
        in_table = in_table || (line.from == state && line.move == move &&
                                line.to == decision->next.notice().state());
      }
      EXPECT_TRUE(in_table) << name << " leads to "
                            << NoticeStateName(decision->next.notice().state());
      // Whatever waits has its time, and nothing else has one.
      EXPECT_EQ(decision->next.notice().has_due_time(),
                decision->next.notice().state() == v1::NOTICE_STATE_PENDING)
          << name;
    }
  }
  EXPECT_EQ(legal_moves, static_cast<int>(LegalNoticeMoves().size()));
}

TEST(NoticeTest, NamesAndIds) {
  const std::string id = NoticeIdOf(kId, 12);
  EXPECT_EQ(NoticeNameOf(id), absl::StrCat("applications/", kId, "/notices/12"));
  EXPECT_EQ(NoticeIdFromName(NoticeNameOf(id)), id);
  EXPECT_EQ(NoticeRouteOf(id), RouteOf(kId));
  // Whatever a caller writes is an id that does not exist, not a crash.
  for (const char* name : {"", "x", "applications/x/notices/", "applications//notices/y"}) {
    NoticeRouteOf(NoticeIdFromName(name));
    NoticeNameOf(NoticeIdFromName(name));
  }
}

TEST(NoticeTest, APlannedNoticeSaysWhatItNeedsAndNobodysName) {
  const NoticeRecord record = Planned();
  EXPECT_EQ(record.notice().name(), absl::StrCat("applications/", kId, "/notices/7"));
  EXPECT_EQ(record.notice().county_code(), "620102");
  EXPECT_EQ(record.notice().channel(), v1::CONTACT_CHANNEL_SMS);
  ASSERT_EQ(record.values_size(), 2);
  EXPECT_EQ(record.values(1).name(), "visit");
  for (const char* secret :
       {testing::kName, testing::kPhone, testing::kAddress, testing::kResidentId, testing::kNote}) {
    EXPECT_FALSE(absl::StrContains(record.SerializeAsString(), secret)) << secret;
  }
}

TEST(NoticeTest, QuietHoursHoldBackPhonesButNoLetters) {
  const absl::Time night = Start() + absl::Hours(13);  // 22:00
  const absl::Time morning = Start() + absl::Hours(23);
  for (const v1::ContactChannel channel :
       {v1::CONTACT_CHANNEL_SMS, v1::CONTACT_CHANNEL_VOICE_CALL}) {
    EXPECT_EQ(chassis::ToTime(Planned(night, Policy(), channel).notice().due_time()), morning);
  }
  EXPECT_EQ(
      chassis::ToTime(Planned(night, Policy(), v1::CONTACT_CHANNEL_LETTER).notice().due_time()),
      night);
  // A retry waits for the morning, too.
  const NoticeRecord late = After(Planned(), kTimeout, night);
  EXPECT_EQ(chassis::ToTime(late.notice().due_time()), morning);
}

TEST(NoticeTest, WhatIsLateDoesNotRingAtNightEither) {
  const absl::Time night = Start() + absl::Hours(13);
  const NoticeRecord sms = Planned();
  const NoticeDecision waits = DecideWait(sms, Policy(), night);
  ASSERT_TRUE(waits.ok() && waits->changed);
  EXPECT_EQ(chassis::ToTime(waits->next.notice().due_time()), Start() + absl::Hours(23));
  EXPECT_EQ(waits->next.notice().failed_attempts(), 0);
  EXPECT_FALSE(DecideWait(sms, Policy(), Start())->changed);
  EXPECT_FALSE(DecideWait(In(v1::NOTICE_STATE_SENT), Policy(), night)->changed);
  const NoticeRecord letter = Planned(Start(), Policy(), v1::CONTACT_CHANNEL_LETTER);
  EXPECT_FALSE(DecideWait(letter, Policy(), night)->changed);
}

TEST(NoticeTest, WhoWantsNothingGetsNothing) {
  const NoticeRecord record = Planned(Start(), Policy(), v1::CONTACT_CHANNEL_NONE);
  EXPECT_EQ(record.notice().state(), v1::NOTICE_STATE_SUPPRESSED);
  EXPECT_EQ(record.notice().reason(), "NOT_WANTED");
}

TEST(NoticeTest, WhatHappenedLongAgoIsNotToldAnyMore) {
  const v1::ContactChannel channel = v1::CONTACT_CHANNEL_LETTER;
  EXPECT_EQ(Planned(Start(), Policy(), channel, absl::Hours(72)).notice().state(),
            v1::NOTICE_STATE_PENDING);
  const NoticeRecord old =
      Planned(Start(), Policy(), channel, absl::Hours(72) + absl::Milliseconds(1));
  EXPECT_EQ(old.notice().state(), v1::NOTICE_STATE_SUPPRESSED);
  EXPECT_EQ(old.notice().reason(), "TOO_OLD");
}

TEST(NoticeTest, WhereNoPhoneCanBeReachedEverybodyGetsALetter) {
  NoticePolicy policy = Policy();
  policy.reaches_phones = false;
  EXPECT_EQ(Planned(Start(), policy).notice().channel(), v1::CONTACT_CHANNEL_LETTER);
  EXPECT_EQ(Planned(Start(), policy, v1::CONTACT_CHANNEL_NONE).notice().state(),
            v1::NOTICE_STATE_SUPPRESSED);
}

TEST(NoticeTest, PausesGrowAndTheReceiverMayAskForMore) {
  NoticePolicy policy;
  const absl::Duration expected[] = {absl::Seconds(30), absl::Minutes(2), absl::Minutes(8),
                                     absl::Minutes(32), absl::Hours(2),   absl::Hours(2)};
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(PauseAfter(i + 1, kTimeout, policy), expected[i]) << i;
  }
  DeliveryResult asked = kTimeout;
  asked.retry_after = absl::Minutes(10);
  EXPECT_EQ(PauseAfter(1, asked, policy), absl::Minutes(10));
  EXPECT_EQ(PauseAfter(5, asked, policy), absl::Hours(2));
  asked.retry_after = absl::Hours(1000);
  EXPECT_EQ(PauseAfter(1, asked, policy), absl::Hours(24));
}

TEST(NoticeTest, IsGivenUpAfterItsAttempts) {
  NoticeRecord record = Planned();
  for (int i = 1; i < Policy().attempts; ++i) {
    record = After(record, kTimeout);
    ASSERT_EQ(record.notice().state(), v1::NOTICE_STATE_PENDING) << i;
    EXPECT_EQ(record.notice().failed_attempts(), i);
  }
  record = After(record, kTimeout);
  EXPECT_EQ(record.notice().state(), v1::NOTICE_STATE_FAILED);
  EXPECT_EQ(record.notice().reason(), "TIMEOUT");
}

TEST(NoticeTest, AResendIsANewRoundWithAKeyOfItsOwn) {
  const NoticeRecord failed = In(v1::NOTICE_STATE_FAILED);
  const NoticeRecord again = DecideResend(failed, Policy(), Start())->next;
  EXPECT_EQ(again.notice().failed_attempts(), 0);
  EXPECT_EQ(again.notice().resends(), 1);
  EXPECT_NE(IdempotencyKeyOf(again.notice()), IdempotencyKeyOf(failed.notice()));
  EXPECT_EQ(IdempotencyKeyOf(After(again, kTimeout).notice()), IdempotencyKeyOf(again.notice()));
  // An answer to an attempt of the round before comes too late.
  EXPECT_FALSE(DecideAttempted(again, 0, kNotFound, "e1", Policy(), Start())->changed);
}

TEST(NoticeTest, WhatWasSentKeepsItsEditionAndNotItsValues) {
  const NoticeRecord sent = In(v1::NOTICE_STATE_SENT);
  EXPECT_EQ(sent.notice().text_edition(), "e1");
  EXPECT_EQ(chassis::ToTime(sent.notice().send_time()), Start());
  EXPECT_EQ(sent.values_size(), 0);
  // What was given up may be sent again.
  EXPECT_EQ(In(v1::NOTICE_STATE_FAILED).values_size(), 2);
}

TEST(NoticeTest, FootprintFollowsTheState) {
  const std::string id = NoticeIdOf(kId, 7);
  EXPECT_TRUE(NoticeFootprintOf(id, NoticeRecord()).index.empty());
  for (int number = v1::NOTICE_STATE_PENDING; number < v1::NoticeState_ARRAYSIZE; ++number) {
    const auto state = static_cast<v1::NoticeState>(number);
    const chassis::Footprint footprint = NoticeFootprintOf(id, In(state));
    EXPECT_EQ(footprint.timers.size(), state == v1::NOTICE_STATE_PENDING ? 1u : 0u);
    ASSERT_EQ(footprint.index.size(), state == v1::NOTICE_STATE_FAILED ? 2u : 1u);
    EXPECT_EQ(footprint.index[0].index, absl::StrCat("notices:", kId));
    EXPECT_EQ(footprint.index[0].member, id);
  }
  EXPECT_EQ(NoticeFootprintOf(id, In(v1::NOTICE_STATE_FAILED)).index[1].index,
            "failed_notices:620102");
}

TEST(NoticeTest, ItsLineSaysInPlainWordsWhatBecameOfIt) {
  const auto line = [](v1::NoticeState state) { return NoticeView(In(state), "3"); };
  EXPECT_EQ(line(v1::NOTICE_STATE_PENDING).text_zh(),
            "短信将在2026年1月5日09:00发出：已预约上门时间");
  EXPECT_EQ(line(v1::NOTICE_STATE_SENT).text_en(),
            "text message went out at 09:00 on 5 January 2026: visit booked");
  EXPECT_EQ(line(v1::NOTICE_STATE_FAILED).text_zh(), "短信没有发出，等待处理：已预约上门时间");
  EXPECT_EQ(line(v1::NOTICE_STATE_SUPPRESSED).text_zh(), "没有通知：已预约上门时间");
  EXPECT_EQ(line(v1::NOTICE_STATE_SENT).etag(), "3");
}

// The page that people read says what the code does.
TEST(NoticeTest, TheReadmeShowsTheTable) {
  std::ifstream file("services/applications/notices/README.md");
  const std::string readme(std::istreambuf_iterator<char>(file), {});
  for (int number = v1::NOTICE_STATE_PENDING; number < v1::NoticeState_ARRAYSIZE; ++number) {
    const auto state = static_cast<v1::NoticeState>(number);
    std::vector<std::string> moves;
    for (const LegalNoticeMove& legal : LegalNoticeMoves()) {
      if (legal.from != state) continue;
      moves.push_back(absl::StrCat(NoticeMoveName(legal.move), " → ", NoticeStateName(legal.to)));
    }
    const std::string row =
        absl::StrCat("| ", NoticeStateName(state), " | ",
                     moves.empty() ? "(final)" : absl::StrJoin(moves, "; "), " |");
    EXPECT_NE(readme.find(row), std::string::npos) << "README.md lacks this row:\n" << row;
  }
}

}  // namespace
}  // namespace fuju::applications
