#include "chassis/store/footprint_change.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fuju::chassis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

const absl::Time kNoon = absl::FromUnixSeconds(1'767'574'800);

TEST(FootprintChangeTest, ANewStateTakesEverything) {
  const Footprint after = {.claims = {{"b"}, {"a"}},
                           .index = {{"all", "1", 5}},
                           .timers = {{"expiry", kNoon}},
                           .holdings = {{"money", 300}}};
  const FootprintChange change = Difference({}, after);
  EXPECT_THAT(change.claims_taken, ElementsAre("a", "b"));
  EXPECT_THAT(change.claims_released, IsEmpty());
  EXPECT_THAT(change.index_added, ElementsAre(IndexEntry{"all", "1", 5}));
  EXPECT_THAT(change.timers_set, ElementsAre(Timer{"expiry", kNoon}));
  EXPECT_THAT(change.counter_moves, ElementsAre(Pair("money", 300)));
}

TEST(FootprintChangeTest, LeavingAStateReleasesWhatItHeld) {
  const Footprint before = {.claims = {{"a"}},
                            .index = {{"all", "1", 5}},
                            .timers = {{"expiry", kNoon}},
                            .holdings = {{"money", 300}}};
  const FootprintChange change = Difference(before, {});
  EXPECT_THAT(change.claims_released, ElementsAre("a"));
  EXPECT_THAT(change.index_removed, ElementsAre(IndexEntry{"all", "1", 5}));
  EXPECT_THAT(change.timers_cleared, ElementsAre("expiry"));
  EXPECT_THAT(change.counter_moves, ElementsAre(Pair("money", -300)));
}

TEST(FootprintChangeTest, WhatStandsInBothIsLeftAlone) {
  const Footprint same = {.claims = {{"a"}, {"a"}},
                          .index = {{"all", "1", 5}},
                          .timers = {{"expiry", kNoon}},
                          .holdings = {{"money", 300}}};
  const FootprintChange change = Difference(same, same);
  EXPECT_THAT(change.claims_taken, IsEmpty());
  EXPECT_THAT(change.claims_released, IsEmpty());
  EXPECT_THAT(change.index_added, IsEmpty());
  EXPECT_THAT(change.index_removed, IsEmpty());
  EXPECT_THAT(change.timers_set, IsEmpty());
  EXPECT_THAT(change.timers_cleared, IsEmpty());
  EXPECT_THAT(change.counter_moves, IsEmpty());
}

TEST(FootprintChangeTest, AnotherScoreOrDueTimeReplacesInPlace) {
  const Footprint before = {
      .claims = {}, .index = {{"all", "1", 5}}, .timers = {{"expiry", kNoon}}, .holdings = {}};
  const Footprint after = {.claims = {},
                           .index = {{"all", "1", 6}},
                           .timers = {{"expiry", kNoon + absl::Hours(1)}},
                           .holdings = {}};
  const FootprintChange change = Difference(before, after);
  EXPECT_THAT(change.index_added, ElementsAre(IndexEntry{"all", "1", 6}));
  EXPECT_THAT(change.index_removed, IsEmpty());
  EXPECT_THAT(change.timers_set, ElementsAre(Timer{"expiry", kNoon + absl::Hours(1)}));
  EXPECT_THAT(change.timers_cleared, IsEmpty());
}

TEST(FootprintChangeTest, HoldingsOfOneCounterAreAddedUp) {
  const Footprint before = {
      .claims = {}, .index = {}, .timers = {}, .holdings = {{"free", 10}, {"free", -3}}};
  const Footprint after = {
      .claims = {}, .index = {}, .timers = {}, .holdings = {{"free", 5}, {"reserved", 2}}};
  EXPECT_THAT(Difference(before, after).counter_moves,
              ElementsAre(Pair("free", -2), Pair("reserved", 2)));
}

}  // namespace
}  // namespace fuju::chassis
