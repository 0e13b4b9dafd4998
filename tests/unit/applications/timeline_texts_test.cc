#include "applications/timeline_texts.h"

#include "absl/strings/match.h"
#include <gtest/gtest.h>

#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

TEST(TimelineTextsTest, EveryLineIsASentenceInBothLanguages) {
  for (int i = 0; i <= static_cast<int>(Line::kClosedWithoutAnswer); ++i) {
    const Text text =
        TextOf(static_cast<Line>(i), {Text{"甲", "a"}, Text{"乙", "b"}, Text{"丙", "c"}});
    EXPECT_TRUE(absl::EndsWith(text.zh, "。")) << text.zh;
    EXPECT_TRUE(absl::EndsWith(text.en, ".")) << text.en;
    EXPECT_FALSE(absl::StrContains(text.zh, "$")) << text.zh;
    EXPECT_FALSE(absl::StrContains(text.en, "$")) << text.en;
  }
}

TEST(TimelineTextsTest, EveryPartyHasNameAndWords) {
  EXPECT_EQ(PartyName(Party::kNobody), "");
  for (int i = 1; i <= static_cast<int>(Party::kFollowUp); ++i) {
    const auto party = static_cast<Party>(i);
    EXPECT_FALSE(PartyName(party).empty());
    EXPECT_FALSE(PartyText(party).zh.empty());
    EXPECT_FALSE(PartyText(party).en.empty());
  }
}

TEST(TimelineTextsTest, MomentsAreThoseOfLanzhou) {
  const absl::Time time = absl::FromUnixSeconds(1'767'629'100);  // 2026-01-05 16:05 UTC
  EXPECT_EQ(MomentText(time).zh, "2026年1月6日00:05前");
  EXPECT_EQ(MomentText(time).en, "by 00:05 on 6 January 2026");
  EXPECT_EQ(VisitText(time).zh, "2026年1月6日00:05");
}

TEST(TimelineTextsTest, JoinsInTheStyleOfTheLanguage) {
  EXPECT_EQ(JoinTexts({Text{"甲", "a"}, Text{"乙", "b"}}), (Text{"甲；乙", "a; b"}));
  EXPECT_EQ(JoinTexts({}), Text());
}

}  // namespace
}  // namespace fuju::applications
