#include "chassis/admin/dead_letter_messages.h"

#include "gtest/gtest.h"

#include "fuju/admin/v1/dead_letter_events.pb.h"

namespace fuju::chassis {
namespace {

OpenDeadLetter Letter() {
  event::v1::Event event;
  event.set_id("cases/1@4");
  event.set_correlation_id("cases/1");
  OpenDeadLetter open;
  open.letter.partition = 2;
  open.letter.entry_id = "9-0";
  open.letter.source = "source";
  open.letter.source_entry_id = "8-1";
  open.letter.subject = "cases/1";
  open.letter.type = "test.Fact";
  open.letter.version = 4;
  open.letter.attempts = 8;
  open.letter.reason = "crashed";
  open.letter.error = "INTERNAL: broken";
  open.letter.first_failure = absl::FromUnixMillis(1500);
  open.letter.last_failure = absl::FromUnixMillis(2500);
  open.letter.replays = 1;
  open.letter.event = event.SerializeAsString();
  open.waiting = 3;
  return open;
}

TEST(DeadLetterMessagesTest, EveryFieldIsShown) {
  const admin::v1::DeadLetter message = ToMessage("service", Letter());
  EXPECT_EQ(message.name(), "deadLetters/service-p02-9-0");
  EXPECT_EQ(message.service(), "service");
  EXPECT_EQ(message.source(), "source");
  EXPECT_EQ(message.source_entry_id(), "8-1");
  EXPECT_EQ(message.subject(), "cases/1");
  EXPECT_EQ(message.event_type(), "test.Fact");
  EXPECT_EQ(message.event_version(), 4);
  EXPECT_EQ(message.reason(), admin::v1::DEAD_LETTER_REASON_CRASHED);
  EXPECT_EQ(message.attempts(), 8);
  EXPECT_EQ(message.error(), "INTERNAL: broken");
  EXPECT_EQ(message.first_failure_time().seconds(), 1);
  EXPECT_EQ(message.last_failure_time().seconds(), 2);
  EXPECT_EQ(message.replay_count(), 1);
  EXPECT_EQ(message.waiting_count(), 3);
  EXPECT_FALSE(message.has_event());
}

TEST(DeadLetterMessagesTest, ReasonsAreTheTextsOfTheStreams) {
  EXPECT_EQ(ToText(admin::v1::DEAD_LETTER_REASON_FAILED), "failed");
  EXPECT_EQ(ToText(admin::v1::DEAD_LETTER_REASON_CRASHED), "crashed");
  EXPECT_EQ(ToText(admin::v1::DEAD_LETTER_REASON_UNREADABLE), "unreadable");
  EXPECT_EQ(ToText(admin::v1::DEAD_LETTER_REASON_UNSPECIFIED), "");
}

TEST(DeadLetterMessagesTest, TheFactBelongsToTheCaseOfTheEvent) {
  const DeadLetterDesk::Ending ending =
      EndingOf<admin::v1::DeadLetterDiscarded>("service", Letter(), "not needed");
  EXPECT_EQ(ending.name, "deadLetters/service-p02-9-0");
  EXPECT_EQ(ending.correlation_id, "cases/1");
  EXPECT_EQ(ending.causation_id, "cases/1@4");
  const auto& fact = static_cast<const admin::v1::DeadLetterDiscarded&>(*ending.fact);
  EXPECT_EQ(fact.operator_reason(), "not needed");
  EXPECT_EQ(fact.dead_letter().subject(), "cases/1");
}

TEST(DeadLetterMessagesTest, AnUnreadableEventIsAbsent) {
  OpenDeadLetter open = Letter();
  open.letter.event = "\xff\xff garbage";
  EXPECT_FALSE(EventOf(open.letter).has_value());
  open.letter.event = "";
  EXPECT_FALSE(EventOf(open.letter).has_value());
  EXPECT_EQ(EndingOf<admin::v1::DeadLetterReplayed>("service", open, "").correlation_id, "");
}

}  // namespace
}  // namespace fuju::chassis
