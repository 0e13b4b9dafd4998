#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "chassis/values/refusal.h"
#include "integration/streams/dead_letter_fixture.h"

namespace fuju::chassis {
namespace {

using ::testing::ElementsAre;

// Six letters over both partitions, written as dead_letter.lua and park.lua would.
class DeadLetterListTest : public DeadLetterFixture {
 protected:
  DeadLetterListTest() {
    Put(0, "1-0", "a", "failed");
    Put(1, "1-0", "b", "crashed");
    Put(0, "2-0", "a", "waits");
    Put(0, "2-1", "", "unreadable");
    Put(1, "3-0", "c", "failed");
    Put(0, "4-0", "d", "failed");
    Redis({"HSET", keys_.Blocked(0), source_.service() + "|a", "s1-0|1"});
    Redis({"HSET", keys_.Blocked(0), source_.service() + "|d", "another|7"});
  }
  void Put(int partition, const std::string& id, const std::string& subject,
           const std::string& reason) {
    Redis({"XADD", keys_.DeadLetters(partition), id, "source", source_.service(), "entry", "s" + id,
           "subject", subject, "reason", reason, "e", "body"});
  }
  std::vector<std::string> Ids(const DeadLetterFilter& filter, int page_size) {
    std::vector<std::string> ids;
    std::string cursor;
    do {
      const auto page = Desk().List(filter, cursor, page_size);
      if (!page.ok()) {
        ADD_FAILURE() << page.status();
        break;
      }
      EXPECT_LE(page->letters.size(), static_cast<size_t>(page_size));
      for (const OpenDeadLetter& open : page->letters) {
        ids.push_back(absl::StrCat(open.letter.entry_id, "/", open.letter.partition));
      }
      cursor = page->next_cursor;
    } while (!cursor.empty());
    return ids;
  }
};

TEST_F(DeadLetterListTest, IsOldestFirstOverAllPartitionsWhateverThePageSize) {
  for (const int size : {1, 2, 3, 5, 6, 100}) {
    EXPECT_THAT(Ids({}, size), ElementsAre("1-0/0", "1-0/1", "2-1/0", "3-0/1", "4-0/0")) << size;
  }
}

TEST_F(DeadLetterListTest, IsFilteredBySourceSubjectAndReason) {
  EXPECT_THAT(Ids({.source = "", .subject = "c", .reason = ""}, 1), ElementsAre("3-0/1"));
  EXPECT_THAT(Ids({.source = "", .subject = "", .reason = "failed"}, 2),
              ElementsAre("1-0/0", "3-0/1", "4-0/0"));
  EXPECT_THAT(Ids({.source = source_.service(), .subject = "", .reason = "crashed"}, 2),
              ElementsAre("1-0/1"));
  EXPECT_THAT(Ids({.source = "another", .subject = "", .reason = ""}, 2), ElementsAre());
}

TEST_F(DeadLetterListTest, CountsWhatWaitsBehindEachAndShowsIt) {
  const std::vector<OpenDeadLetter> letters = Letters();
  ASSERT_EQ(letters.size(), 5u);
  EXPECT_EQ(letters[0].waiting, 1);
  EXPECT_EQ(letters[1].waiting, 0);
  // Blocked by another one.
  EXPECT_EQ(letters[4].waiting, 0);
  const auto waiting = Desk().Waiting(letters[0].letter, 10);
  ASSERT_TRUE(waiting.ok()) << waiting.status();
  ASSERT_EQ(waiting->size(), 1u);
  EXPECT_EQ((*waiting)[0].entry_id, "2-0");
  EXPECT_TRUE(Desk().Waiting(letters[4].letter, 10)->empty());
}

TEST_F(DeadLetterListTest, FindsALetterAndNotWhatWaits) {
  const auto found = Desk().Find({0, "1-0"});
  ASSERT_TRUE(found.ok() && found->has_value()) << found.status();
  EXPECT_EQ((*found)->letter.subject, "a");
  EXPECT_EQ((*found)->letter.event, "body");
  EXPECT_EQ((*found)->waiting, 1);
  EXPECT_FALSE(Desk().Find({0, "2-0"})->has_value());
  EXPECT_FALSE(Desk().Find({1, "2-1"})->has_value());
}

TEST_F(DeadLetterListTest, ACursorThatIsNoneIsRefused) {
  for (const char* const cursor : {"x", "1-0", "1-0|", "1-0|-1", "|1", "1-0|x"}) {
    EXPECT_EQ(ReasonOf(Desk().List({}, cursor, 1).status()), "PAGE_TOKEN_INVALID") << cursor;
  }
}

}  // namespace
}  // namespace fuju::chassis
