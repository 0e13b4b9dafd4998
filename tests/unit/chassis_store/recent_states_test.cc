#include "chassis/store/recent_states.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace fuju::chassis {
namespace {

std::shared_ptr<const RawStore::Blob> BlobOf(int64_t version, size_t bytes = 0) {
  return std::make_shared<const RawStore::Blob>(
      RawStore::Blob{.state = std::string(bytes, 's'), .version = version, .correlation_id = ""});
}

int64_t VersionOf(const std::shared_ptr<const RawStore::Blob>& blob) {
  return blob == nullptr ? 0 : blob->version;
}

TEST(RecentStatesTest, KeepsTheLastOneOfAKey) {
  RecentStates recent(10'000);
  EXPECT_EQ(recent.Find("a"), nullptr);
  recent.Put("a", BlobOf(1));
  recent.Put("a", BlobOf(2));
  EXPECT_EQ(VersionOf(recent.Find("a")), 2);
  recent.Forget("a");
  recent.Forget("a");
  EXPECT_EQ(recent.Find("a"), nullptr);
}

TEST(RecentStatesTest, TheLeastRecentlyUsedGoFirst) {
  RecentStates recent(3'500);
  for (int i = 0; i < 3; ++i) recent.Put(absl::StrCat(i), BlobOf(i + 1, 800));
  recent.Find("0");
  recent.Put("3", BlobOf(4, 800));
  EXPECT_EQ(VersionOf(recent.Find("0")), 1);
  EXPECT_EQ(recent.Find("1"), nullptr);
  EXPECT_EQ(VersionOf(recent.Find("3")), 4);
  // One that has no room at all.
  recent.Put("4", BlobOf(5, 4'000));
  EXPECT_EQ(recent.Find("4"), nullptr);
  EXPECT_EQ(recent.Find("3"), nullptr);
}

TEST(RecentStatesTest, NoRoomKeepsNothing) {
  RecentStates recent(0);
  recent.Put("a", BlobOf(1));
  EXPECT_EQ(recent.Find("a"), nullptr);
}

}  // namespace
}  // namespace fuju::chassis
