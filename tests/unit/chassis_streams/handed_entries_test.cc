#include "chassis/streams/handed_entries.h"

#include <optional>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace fuju::chassis {
namespace {

using Standing = FormerHolding::Standing;

HandedEntries Told() { return {.done_to = {7, 0}, .given_to = {9, 0}, .open = {{3, 0}, {5, 1}}}; }

TEST(HandedEntriesTest, ReadsWhatItWrites) {
  const std::string text = Told().ToString();
  EXPECT_EQ(text, "7-0|9-0|3-0,5-1");
  const std::optional<HandedEntries> read = HandedEntries::Parse(text);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->ToString(), text);
  EXPECT_EQ(HandedEntries::Parse("7-0|9-0|")->open.size(), 0u);
}

TEST(HandedEntriesTest, AnythingElseIsNone) {
  for (const char* const text :
       {"", "7-0", "7-0|9-0", "x|9-0|", "7-0|x|", "7-0|9-0|x", "7-0|9-0|3-0|p"}) {
    EXPECT_FALSE(HandedEntries::Parse(text).has_value()) << text;
  }
}

struct Case {
  const char* what;
  EntryId id;
  Standing standing;
};

// In the order in which a reader asks.
void Expect(FormerHolding former, const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    EXPECT_EQ(former.Judge(one.id), one.standing) << one.what;
  }
}

TEST(FormerHoldingTest, OfAHolderThatDied) {
  Expect(FormerHolding(Told(), /*end=*/{12, 0}, /*most_untold=*/2, /*innocent=*/false),
         {{"done behind the position", {2, 0}, Standing::kDone},
          {"open", {3, 0}, Standing::kSuspect},
          {"done between open ones", {4, 0}, Standing::kDone},
          {"open", {5, 1}, Standing::kSuspect},
          {"the last done one", {7, 0}, Standing::kDone},
          {"given", {8, 0}, Standing::kSuspect},
          {"the last given one", {9, 0}, Standing::kSuspect},
          {"the first that was not told", {10, 0}, Standing::kSuspect},
          {"the second", {10, 1}, Standing::kSuspect},
          {"more than can have been taken", {11, 0}, Standing::kNew},
          {"the first again", {10, 0}, Standing::kSuspect}});
}

TEST(FormerHoldingTest, WhatCameLaterIsNew) {
  Expect(FormerHolding(Told(), /*end=*/{8, 0}, 2, false), {{"given", {8, 0}, Standing::kSuspect},
                                                           {"later", {9, 0}, Standing::kNew},
                                                           {"later", {10, 0}, Standing::kNew}});
}

TEST(FormerHoldingTest, AHolderThatToldNothingMayHaveHadTheFirstOnes) {
  Expect(FormerHolding(std::nullopt, {12, 0}, 2, false), {{"first", {1, 0}, Standing::kSuspect},
                                                          {"second", {2, 0}, Standing::kSuspect},
                                                          {"third", {3, 0}, Standing::kNew}});
}

TEST(FormerHoldingTest, OfOneThatLeftInGoodOrderNothingIsSuspected) {
  Expect(FormerHolding(Told(), {12, 0}, 2, /*innocent=*/true), {{"done", {2, 0}, Standing::kDone},
                                                                {"open", {3, 0}, Standing::kNew},
                                                                {"given", {8, 0}, Standing::kNew},
                                                                {"next", {10, 0}, Standing::kNew}});
}

// The same holder reads once more: what it has done meanwhile is done, what it suspected it does
// still.
TEST(FormerHoldingTest, RefreshedItKnowsWhatWasDoneSince) {
  FormerHolding former(Told(), {12, 0}, 2, false);
  HandedEntries later = Told();
  later.open = {{5, 1}};
  later.done_to = {8, 0};
  former.Refresh(later);
  Expect(former, {{"done since", {3, 0}, Standing::kDone},
                  {"still open", {5, 1}, Standing::kSuspect},
                  {"done since", {8, 0}, Standing::kDone},
                  {"given", {9, 0}, Standing::kSuspect}});
}

}  // namespace
}  // namespace fuju::chassis
