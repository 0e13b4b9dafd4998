#include "chassis/redis/slots.h"

#include "gtest/gtest.h"

namespace fuju::chassis::redis {
namespace {

TEST(SlotsTest, HashAsRedisClusterDoes) {
  // The reference value of the cluster specification, and CLUSTER KEYSLOT foo = 12182.
  EXPECT_EQ(Crc16("123456789"), 0x31C3);
  EXPECT_EQ(Crc16(""), 0);
  EXPECT_EQ(SlotOfKey("foo"), 12182);
}

// The examples of the specification, "Hash tags".
TEST(SlotsTest, AKeyHashesByItsTag) {
  EXPECT_EQ(SlotOfKey("{user1000}.following"), SlotOfKey("user1000"));
  EXPECT_EQ(SlotOfKey("foo{}{bar}"), Crc16("foo{}{bar}") % kSlots);
  EXPECT_EQ(SlotOfKey("foo{{bar}}zap"), SlotOfKey("{bar"));
  EXPECT_EQ(SlotOfKey("foo{bar}{zap}"), SlotOfKey("bar"));
  EXPECT_EQ(SlotOfKey("fuju:dispatch:{p07}:events"), SlotOfKey("fuju:fitting:{p07}:lease"));
}

TEST(SlotsTest, ACommandIsWhereItsFirstKeyIs) {
  const int slot = SlotOfKey("k");
  EXPECT_EQ(SlotOfCommand({"HMGET", "k", "v"}), slot);
  EXPECT_EQ(SlotOfCommand({"EVALSHA", "0123", "1", "k", "x"}), slot);
  EXPECT_EQ(SlotOfCommand({"XREAD", "COUNT", "1", "BLOCK", "5", "STREAMS", "k", "$"}), slot);
  EXPECT_EQ(SlotOfCommand({"XREADGROUP", "GROUP", "g", "c", "STREAMS", "k", ">"}), slot);
  EXPECT_EQ(SlotOfCommand({"XINFO", "STREAM", "k"}), slot);
}

TEST(SlotsTest, CommandsWithoutAKeyAreAllInOnePlace) {
  const int slot = SlotOfCommand({"PING"});
  EXPECT_EQ(SlotOfCommand({"TIME"}), slot);
  EXPECT_EQ(SlotOfCommand({"CONFIG", "GET", "appendonly"}), slot);
  EXPECT_EQ(SlotOfCommand({"EVALSHA", "0123", "0"}), slot);
  EXPECT_EQ(SlotOfCommand({"XREAD", "STREAMS"}), slot);
}

}  // namespace
}  // namespace fuju::chassis::redis
