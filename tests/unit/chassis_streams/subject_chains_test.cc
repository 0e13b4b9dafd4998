#include "chassis/streams/subject_chains.h"

#include <memory>
#include <string>

#include "gtest/gtest.h"

namespace fuju::chassis {
namespace {

using Item = std::shared_ptr<std::string>;

Item Make(const std::string& text) { return std::make_shared<std::string>(text); }

TEST(SubjectChainsTest, OnlyTheHeadOfASubjectMayRun) {
  SubjectChains<Item> chains;
  EXPECT_TRUE(chains.Push("a", Make("a1")));
  EXPECT_FALSE(chains.Push("a", Make("a2")));
  EXPECT_TRUE(chains.Push("b", Make("b1")));
  EXPECT_EQ(chains.size(), 3u);
  EXPECT_EQ(*chains.Pop("a"), "a2");
  EXPECT_EQ(chains.Pop("a"), nullptr);
  EXPECT_EQ(chains.Pop("a"), nullptr);
  EXPECT_TRUE(chains.Push("a", Make("a3")));
  EXPECT_EQ(chains.size(), 2u);
}

TEST(SubjectChainsTest, AStalledChainIsNotActive) {
  SubjectChains<Item> chains;
  chains.Push("a", Make("a1"));
  chains.Push("b", Make("b1"));
  chains.SetStalled("a", true);
  chains.SetStalled("a", true);
  chains.Push("a", Make("a2"));
  EXPECT_EQ(chains.size(), 3u);
  EXPECT_EQ(chains.active(), 1u);
  chains.SetStalled("a", false);
  EXPECT_EQ(chains.active(), 3u);
  chains.SetStalled("a", true);
  // The next one is not stalled: it has not failed.
  EXPECT_EQ(*chains.Pop("a"), "a2");
  EXPECT_EQ(chains.active(), 2u);
  chains.SetStalled("gone", true);
  EXPECT_EQ(chains.active(), 2u);
}

}  // namespace
}  // namespace fuju::chassis
