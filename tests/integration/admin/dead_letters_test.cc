#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "chassis/values/refusal.h"
#include "fuju/admin/v1/dead_letter_events.pb.h"
#include "integration/admin/admin_fixture.h"

namespace fuju::chassis {
namespace {

using ::testing::ElementsAre;
using DeadLettersTest = AdminFixture;

TEST_F(DeadLettersTest, AreListedWithWhatAndWhyWhileOthersGoOn) {
  HandledLog log;
  Break({"bad@1", "worse@1"});
  const auto consumer = Start(FailBroken(log), QuickOptions("i"));
  const OpenDeadLetter first = MakeDead("bad", 3);
  const OpenDeadLetter second = MakeDead("worse", 1);
  Publish(0, "good", 1);
  ASSERT_TRUE(log.Await("good@1"));

  admin::v1::ListDeadLettersRequest request;
  request.set_page_size(1);
  const auto page = Call(&Stub::ListDeadLetters, request);
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->dead_letters_size(), 1);
  const admin::v1::DeadLetter& letter = page->dead_letters(0);
  EXPECT_EQ(letter.name(), NameOfLetter(first));
  EXPECT_EQ(letter.service(), keys_.service());
  EXPECT_EQ(letter.source(), source_.service());
  EXPECT_EQ(letter.subject(), "bad");
  EXPECT_EQ(letter.event_type(), kType);
  EXPECT_EQ(letter.event_version(), 1);
  EXPECT_EQ(letter.reason(), admin::v1::DEAD_LETTER_REASON_FAILED);
  EXPECT_EQ(letter.attempts(), 3);
  EXPECT_EQ(letter.error(), "INTERNAL: broken");
  EXPECT_EQ(letter.waiting_count(), 2);
  EXPECT_FALSE(letter.has_event());

  request.set_page_token(page->next_page_token());
  const auto last = Call(&Stub::ListDeadLetters, request);
  ASSERT_TRUE(last.ok()) << last.status();
  ASSERT_EQ(last->dead_letters_size(), 1);
  EXPECT_EQ(last->dead_letters(0).name(), NameOfLetter(second));
  EXPECT_EQ(last->next_page_token(), "");

  request = {};
  request.set_subject("worse");
  const auto filtered = Call(&Stub::ListDeadLetters, request);
  ASSERT_TRUE(filtered.ok()) << filtered.status();
  EXPECT_EQ(filtered->dead_letters_size(), 1);
}

TEST_F(DeadLettersTest, OneIsShownWithItsEventAndWhatWaits) {
  HandledLog log;
  Break({"bad@1"});
  const auto consumer = Start(FailBroken(log), QuickOptions("i"));
  const OpenDeadLetter open = MakeDead("bad", 3);
  const auto letter = Get(NameOfLetter(open));
  ASSERT_TRUE(letter.ok()) << letter.status();
  EXPECT_EQ(letter->event().id(), "bad@1");
  ASSERT_EQ(letter->waiting_events_size(), 2);
  EXPECT_EQ(letter->waiting_events(0).event_version(), 2);
  EXPECT_EQ(letter->waiting_events(1).event_version(), 3);
  EXPECT_EQ(letter->waiting_events(0).event_type(), kType);
  EXPECT_GT(letter->waiting_events(0).wait_start_time().seconds(), 0);
}

TEST_F(DeadLettersTest, ANameOfNoneIsNotFound) {
  HandledLog log;
  Break({"bad@1"});
  const auto consumer = Start(FailBroken(log), QuickOptions("i"));
  MakeDead("bad", 2);
  std::vector<std::string> names = {
      "deadLetters/another-p00-1-0", absl::StrCat("deadLetters/", keys_.service(), "-p00-1-0"),
      absl::StrCat("deadLetters/", keys_.service(), "-p77-1-0"), "deadLetters/none"};
  // One that only waits.
  names.push_back(absl::StrCat("deadLetters/", keys_.service(), "-p00-", Entries()[1].entry_id));
  for (const std::string& name : names) {
    EXPECT_EQ(ReasonOf(Get(name).status()), "RESOURCE_NOT_FOUND") << name;
    EXPECT_EQ(ReasonOf(DiscardByName(name, "d1").status()), "RESOURCE_NOT_FOUND") << name;
    admin::v1::ReplayDeadLettersRequest request;
    request.add_names(name);
    request.set_request_id("r1");
    EXPECT_EQ(ReasonOf(Replay(request).status()), "RESOURCE_NOT_FOUND") << name;
  }
  EXPECT_TRUE(Facts().empty());
}

TEST_F(DeadLettersTest, ADiscardedOneIsRecordedAndItsSubjectGoesOn) {
  HandledLog log;
  Break({"bad@1"});
  const auto consumer = Start(FailBroken(log), QuickOptions("i"));
  const std::string name = NameOfLetter(MakeDead("bad", 2));
  const auto before = Get(name);
  ASSERT_TRUE(before.ok()) << before.status();

  const auto discarded = DiscardByName(name, "d1");
  ASSERT_TRUE(discarded.ok()) << discarded.status();
  EXPECT_EQ(discarded->name(), name);
  EXPECT_EQ(discarded->subject(), "bad");
  EXPECT_EQ(discarded->waiting_count(), 1);
  ASSERT_TRUE(log.Await("bad@2"));
  Eventually("all is quiet", [&] { return AllQuiet(); });
  EXPECT_EQ(log.Count("bad@1"), 0);

  const auto repeated = DiscardByName(name, "d1");
  ASSERT_TRUE(repeated.ok()) << repeated.status();
  EXPECT_EQ(repeated->SerializeAsString(), discarded->SerializeAsString());
  EXPECT_EQ(ReasonOf(DiscardByName(name, "d2").status()), "RESOURCE_NOT_FOUND");

  const std::vector<event::v1::Event> facts = Facts();
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_EQ(facts[0].subject(), name);
  EXPECT_EQ(facts[0].actor(), "operator:a01");
  EXPECT_EQ(facts[0].causation_id(), "bad@1");
  admin::v1::DeadLetterDiscarded fact;
  ASSERT_TRUE(facts[0].data().UnpackTo(&fact));
  EXPECT_EQ(fact.operator_reason(), "made up for by hand");
  EXPECT_EQ(fact.dead_letter().SerializeAsString(), discarded->SerializeAsString());
}

TEST_F(DeadLettersTest, CallsAreCountedByTheGate) {
  EXPECT_TRUE(Call(&Stub::ListDeadLetters, admin::v1::ListDeadLettersRequest()).ok());
  EXPECT_EQ(
      Metric("fuju_rpc_server_handled_total",
             {{"method", "fuju.admin.v1.DeadLettersService/ListDeadLetters"}, {"code", "OK"}}),
      1);
}

}  // namespace
}  // namespace fuju::chassis
