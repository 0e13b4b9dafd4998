#include "chassis/redis/layout.h"

#include "gtest/gtest.h"

#include "chassis/redis/topology.h"

namespace fuju::chassis::redis {
namespace {

Reply Node(const std::string& host, int port) {
  return Reply::Array({Reply::String(host), Reply::Integer(port), Reply::String("id")});
}

Reply Range(int first, int last, std::vector<Reply> nodes) {
  nodes.insert(nodes.begin(), {Reply::Integer(first), Reply::Integer(last)});
  return Reply::Array(std::move(nodes));
}

TEST(LayoutTest, ReadsWhatAClusterTells) {
  const auto learned =
      ParseClusterSlots(Reply::Array({Range(0, 99, {Node("10.0.0.1", 1), Node("10.0.0.3", 3)}),
                                      Range(200, 200, {Node("", 2)})}),
                        {.host = "10.0.0.2", .port = 2});
  ASSERT_TRUE(learned.ok()) << learned.status();
  EXPECT_EQ(learned->layout.OwnerOf(99)->port, 1);
  EXPECT_EQ(learned->layout.OwnerOf(100), nullptr);
  EXPECT_EQ(learned->layout.OwnerOf(200)->host, "10.0.0.2") << "does not know its own address";
  EXPECT_EQ(learned->nodes.size(), 3u);
}

TEST(LayoutTest, RefusesWhatIsNoLayout) {
  const Address asked;
  EXPECT_FALSE(ParseClusterSlots(Reply::Error("ERR no cluster"), asked).ok());
  EXPECT_FALSE(ParseClusterSlots(Reply::Array({Range(0, kSlots, {Node("h", 1)})}), asked).ok());
  EXPECT_FALSE(ParseClusterSlots(Reply::Array({Range(0, 1, {Node("h", 0)})}), asked).ok());
}

TEST(LayoutTest, TellsWhoLostAndGained) {
  Layout before = Layout::Whole({.host = "a", .port = 1});
  Layout after = before;
  EXPECT_EQ(Difference(before, after), "");
  after.Assign(7, {.host = "b", .port = 2});
  EXPECT_EQ(Difference(before, after), "a:1 has lost 1 slots; b:2 has gained 1 slots");
}

TEST(LayoutTest, ReadsRedirections) {
  const Redirect moved = ParseRedirect("MOVED 3999 127.0.0.1:6381", "h");
  EXPECT_EQ(moved.slot, 3999);
  EXPECT_EQ(moved.to, (Address{.host = "127.0.0.1", .port = 6381}));
  EXPECT_EQ(ParseRedirect("ASK 1 ::1:6381", "h").to.host, "::1");
  EXPECT_EQ(ParseRedirect("MOVED 1 :6381", "h").to.host, "h") << "the host that was asked";
  EXPECT_EQ(ParseRedirect("MOVED 1", "h").to.port, 0);
}

}  // namespace
}  // namespace fuju::chassis::redis
