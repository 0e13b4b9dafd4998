#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "integration/admin/admin_fixture.h"
#include "support/child_process.h"
#include "support/temporary_folder.h"

namespace fuju::chassis {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// The operator's command line against a service with one dead letter and two events behind it.
class FujuctlTest : public AdminFixture {
 protected:
  FujuctlTest() {
    Break({"bad@1"});
    consumer_ = Start(FailBroken(log_), QuickOptions("i"));
    name_ = NameOfLetter(MakeDead("bad", 3));
  }

  // What it prints; its exit code has to be `code`.
  std::string Fujuctl(std::vector<std::string> words, int code = 0,
                      const std::string& address = "") {
    words.insert(words.begin(),
                 {test_support::Program("fujuctl"),
                  absl::StrCat("--address=", address.empty() ? this->address() : address),
                  "--actor=operator:a07"});
    const std::string output = folder_.File(absl::StrCat(++runs_));
    auto child = test_support::ChildProcess::Start(words, output);
    EXPECT_TRUE(child.ok()) << child.status();
    const int ended = child.ok() ? child->Wait(absl::Minutes(1)).value_or(-1) : -1;
    std::ostringstream text;
    text << std::ifstream(output).rdbuf();
    EXPECT_EQ(ended, code) << text.str();
    return text.str();
  }

  test_support::TemporaryFolder folder_;
  int runs_ = 0;
  HandledLog log_;
  std::unique_ptr<Consumer> consumer_;
  std::string name_;
};

TEST_F(FujuctlTest, ListsAndShows) {
  EXPECT_THAT(Fujuctl({"dead-letters", "list"}),
              AllOf(HasSubstr(name_), HasSubstr("FAILED, 3 attempts, 0 replays, 2 waiting"),
                    HasSubstr("INTERNAL: broken"), HasSubstr("1 dead letters")));
  EXPECT_THAT(Fujuctl({"dead-letters", "list", "--subject=good"}), HasSubstr("0 dead letters"));
  EXPECT_THAT(
      Fujuctl({"dead-letters", "show", name_}),
      AllOf(HasSubstr("\"id\": \"bad@1\""), HasSubstr("test.Fact v2"), HasSubstr("test.Fact v3")));
  EXPECT_THAT(Fujuctl({"dead-letters", "show", "deadLetters/none"}, 1), HasSubstr("NOT_FOUND"));
}

TEST_F(FujuctlTest, ReplaysAfterADryRun) {
  Break({});
  const std::string source = "--source=" + source_.service();
  EXPECT_THAT(Fujuctl({"dead-letters", "replay", source, "--dry_run"}),
              HasSubstr("would be replayed, and 2 that waited"));
  EXPECT_TRUE(log_.Lines().empty());
  EXPECT_THAT(
      Fujuctl({"dead-letters", "replay", name_, "--max=1", "--reason=repaired"}),
      AllOf(HasSubstr(": replayed, and 2 that waited"), HasSubstr("1 dead letters, 0 more")));
  ASSERT_TRUE(log_.Await("bad@3"));
  const std::vector<event::v1::Event> facts = Facts();
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_EQ(facts[0].actor(), "operator:a07");
}

TEST_F(FujuctlTest, DiscardsWithAReason) {
  EXPECT_THAT(Fujuctl({"dead-letters", "discard", name_}, 1), HasSubstr("operator_reason"));
  EXPECT_THAT(Fujuctl({"dead-letters", "discard", name_, "--reason=not needed",
                       "--request_id=0123456789abcdef"}),
              HasSubstr("discarded: " + name_));
  ASSERT_TRUE(log_.Await("bad@3"));
  EXPECT_THAT(Fujuctl({"dead-letters", "list"}), HasSubstr("0 dead letters"));
  // The same request again.
  EXPECT_THAT(Fujuctl({"dead-letters", "discard", name_, "--reason=not needed",
                       "--request_id=0123456789abcdef"}),
              HasSubstr("discarded: " + name_));
}

TEST_F(FujuctlTest, SaysHowToRepeatWhatGotNoAnswer) {
  EXPECT_THAT(Fujuctl({"dead-letters", "discard", name_, "--reason=x", "--request_id=r1"}, 1,
                      "127.0.0.1:1"),
              HasSubstr("--request_id=r1"));
  EXPECT_THAT(Fujuctl({"dead-letters", "list"}, 1, "127.0.0.1:1"), HasSubstr("does not tell"));
}

TEST_F(FujuctlTest, KnowsItsWords) {
  EXPECT_THAT(Fujuctl({"dead-letters"}, 64), HasSubstr("dead-letters replay"));
  EXPECT_THAT(Fujuctl({"dead-letters", "burn", name_}, 64), Not(HasSubstr("NOT_FOUND")));
  Fujuctl({"dead-letters", "show"}, 64);
  Fujuctl({"dead-letters", "replay", name_, "deadLetters/other-p00-1-0"}, 1);
}

}  // namespace
}  // namespace fuju::chassis
