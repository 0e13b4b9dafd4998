#include "chassis/store/keys.h"

#include "gtest/gtest.h"

#include "chassis/redis/slots.h"

namespace fuju::chassis {
namespace {

TEST(KeysTest, PartitionIsStableAndInRange) {
  const Keys keys("applications", 16);
  EXPECT_EQ(keys.PartitionOf("620102"), redis::Crc16("620102") % 16);
  for (int county = 620000; county < 620200; ++county) {
    const int partition = keys.PartitionOf(std::to_string(county));
    EXPECT_GE(partition, 0);
    EXPECT_LT(partition, 16);
  }
}

TEST(KeysTest, AllKeysOfAPartitionCarryItsTag) {
  const Keys keys("dispatch", 16);
  EXPECT_EQ(keys.Aggregate(7, "offer", "9162/a-1"), "fuju:dispatch:{p07}:offer:9162/a-1");
  EXPECT_EQ(keys.Request(7, "Svc/Do", "r1"), "fuju:dispatch:{p07}:req:Svc/Do:r1");
  EXPECT_EQ(keys.Claim(7, "cell:1"), "fuju:dispatch:{p07}:claim:cell:1");
  EXPECT_EQ(keys.Index(7, "by-state"), "fuju:dispatch:{p07}:ix:by-state");
  EXPECT_EQ(keys.Counters(7), "fuju:dispatch:{p07}:counter");
  EXPECT_EQ(keys.Timers(7), "fuju:dispatch:{p07}:timers");
  EXPECT_EQ(keys.Events(12), "fuju:dispatch:{p12}:events");
  EXPECT_EQ(keys.Positions(7), "fuju:dispatch:{p07}:positions");
  EXPECT_EQ(keys.Lease(7), "fuju:dispatch:{p07}:lease");
  EXPECT_EQ(keys.Members(), "fuju:dispatch:members");
  EXPECT_EQ(keys.Of("audit").Events(3), "fuju:audit:{p03}:events");
  EXPECT_EQ(Keys::Meta(), "fuju:meta");
}

TEST(KeysTest, AnAggregatesKeyIsToldFromOthers) {
  const Keys keys("dispatch", 16);
  const std::string key = keys.Aggregate(7, "offer", "9162/a:1");
  const auto parsed = Keys::ParseAggregate(key);
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->kind, "offer");
  EXPECT_EQ(parsed->id, "9162/a:1");
  const Keys::RequestRecord record = keys.RecordOf(7, "Svc/Do", "r1");
  for (const std::string& other : {keys.Request(7, "Svc/Do", "r1"),
                                   keys.Claim(7, "cell:1"),
                                   keys.Index(7, "of:r1"),
                                   keys.RecordOfName(7, "n").key,
                                   record.even,
                                   record.odd,
                                   keys.Counters(7),
                                   keys.Timers(7),
                                   keys.Events(7),
                                   keys.Positions(7),
                                   keys.Lease(7),
                                   keys.Fence(7),
                                   keys.DeadLetters(7),
                                   keys.Blocked(7),
                                   keys.Retries(7),
                                   keys.Replays(7),
                                   keys.Handed(7),
                                   keys.Members(),
                                   Keys::Meta(),
                                   std::string("elsewhere")}) {
    EXPECT_FALSE(Keys::ParseAggregate(other).has_value()) << other;
  }
}

TEST(KeysTest, ARequestHasItsFieldInOneOfTwoHashes) {
  const Keys keys("dispatch", 16);
  const Keys::RequestRecord record = keys.RecordOf(7, "Svc/Do", "r1");
  EXPECT_TRUE(record.even.starts_with("fuju:dispatch:{p07}:done:0:")) << record.even;
  EXPECT_TRUE(record.odd.starts_with("fuju:dispatch:{p07}:done:1:")) << record.odd;
  EXPECT_EQ(record.even.substr(27), record.odd.substr(27));
  EXPECT_EQ(record.field.size(), 8);
  EXPECT_EQ(keys.RecordOf(7, "Svc/Do", "r1").field, record.field);
  EXPECT_NE(keys.RecordOf(7, "Svc/Do", "r2").field, record.field);
  EXPECT_NE(keys.RecordOf(7, "Svc/Undo", "r1").field, record.field);
}

TEST(KeysTest, CausesAreToldApartInShort) {
  const std::string field = Keys::CauseField("catalogue", "grants/620102-1");
  EXPECT_EQ(field.size(), 6);
  EXPECT_EQ(Keys::CauseField("catalogue", "grants/620102-1"), field);
  EXPECT_NE(Keys::CauseField("catalogue", "grants/620102-2"), field);
  EXPECT_NE(Keys::CauseField("dispatch", "grants/620102-1"), field);
}

TEST(KeysTest, ANameHasItsFieldInAHash) {
  const Keys keys("dispatch", 16);
  const Keys::NameRecord record = keys.RecordOfName(7, "serial:1");
  EXPECT_TRUE(record.key.starts_with("fuju:dispatch:{p07}:names:")) << record.key;
  EXPECT_EQ(record.field.size(), 12);
  EXPECT_EQ(keys.RecordOfName(7, "serial:1").field, record.field);
  EXPECT_NE(keys.RecordOfName(7, "serial:2").field, record.field);
}

TEST(KeysTest, PositionsLieBesideTheirStream) {
  const Keys keys("dispatch", 16);
  EXPECT_EQ(Keys::PositionsOfStream(keys.Events(5)), keys.Positions(5));
  EXPECT_EQ(Keys::PositionsOfStream("fuju:dispatch:{p05}:timers"), "");
}

}  // namespace
}  // namespace fuju::chassis
