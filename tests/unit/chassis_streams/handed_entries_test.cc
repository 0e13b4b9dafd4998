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

// Of a holder that has read up to 4-0, and has 2-0 and 4-0 in hand.
HandedEntries Own() { return {.done_to = {4, 0}, .given_to = {4, 0}, .open = {{2, 0}, {4, 0}}}; }

TEST(HandedEntriesTest, ContinuesWithWhatWasToldOfEntriesThatItHasNotReadYet) {
  const struct {
    const char* what;
    HandedEntries former;
    const char* continued;
  } cases[] = {
      {"none", {}, "4-0|4-0|2-0,4-0"},
      {"further: done up to 7-0 but 5-1; 3-0 was open and is done", Told(), "7-0|9-0|2-0,4-0,5-1"},
      {"it left in good order: nothing is suspected behind 4-0",
       {.done_to = {7, 0}, .given_to = {}, .open = {{3, 0}, {5, 1}}},
       "7-0|4-0|2-0,4-0,5-1"},
      {"done not so far, given further",
       {.done_to = {3, 0}, .given_to = {9, 0}, .open = {{3, 0}}},
       "4-0|9-0|2-0,4-0"},
      {"all of it is read", {.done_to = {3, 0}, .given_to = {4, 0}, .open = {}}, "4-0|4-0|2-0,4-0"},
  };
  for (const auto& one : cases) {
    HandedEntries own = Own();
    own.ContinueWith(one.former);
    EXPECT_EQ(own.ToString(), one.continued) << one.what;
  }
}

TEST(HandedEntriesTest, ShortenedItCountsWhatIsBehindTheNextOpenOneAsNotDone) {
  HandedEntries told = Told();
  told.Shorten(2);
  EXPECT_EQ(told.ToString(), "7-0|9-0|3-0,5-1");
  told.Shorten(1);
  EXPECT_EQ(told.ToString(), "5-0|9-0|3-0");
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

// What it had not read itself it can not have died of.
TEST(FormerHoldingTest, OpenEntriesThatItOnlyKnewOfAreNotSuspected) {
  Expect(
      FormerHolding(HandedEntries{.done_to = {7, 0}, .given_to = {4, 0}, .open = {{3, 0}, {5, 1}}},
                    {12, 0}, 1, false),
      {{"open", {3, 0}, Standing::kSuspect},
       {"done", {4, 0}, Standing::kDone},
       {"open, the first that was not told", {5, 1}, Standing::kSuspect},
       {"done", {6, 0}, Standing::kDone},
       {"open, the next one", {8, 0}, Standing::kNew}});
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
