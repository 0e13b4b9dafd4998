#include <algorithm>
#include <limits>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "chassis/values/refusal.h"
#include "integration/store/sample_aggregate.h"
#include "integration/store/store_fixture.h"

namespace fuju::chassis {
namespace {

using testing::ElementsAre;

class StoreListTest : public StoreFixture {
 protected:
  void Create(const std::string& id, int64_t score) {
    const Result result = Update(
        id, Plain(), SetTo(absl::StrFormat(R"({"value":%d,"index":{"all":%d}})", score, score)));
    ASSERT_TRUE(result.ok()) << result.status();
  }

  // All ids, page by page: of one Redis, and of partitions that lie on nodes of their own.
  std::vector<std::string> Walk(const std::string& route, int limit) {
    return Walk({"all"}, route, limit);
  }
  std::vector<std::string> Walk(const std::vector<std::string>& indexes, const std::string& route,
                                int limit) {
    std::vector<std::string> together = WalkOf(samples_, indexes, route, limit);
    EXPECT_EQ(WalkOf(sharded_samples_, indexes, route, limit), together);
    return together;
  }

 private:
  static std::vector<std::string> WalkOf(const SampleStore& samples,
                                         const std::vector<std::string>& indexes,
                                         const std::string& route, int limit) {
    std::vector<std::string> ids;
    std::string cursor;
    do {
      test_support::Awaited<absl::StatusOr<Page<SampleState>>> answer;
      samples.List(indexes, route, cursor, limit, absl::InfiniteFuture(), answer.Callback());
      const auto page = answer.Wait();
      if (!page.ok()) {
        ADD_FAILURE() << page.status();
        break;
      }
      EXPECT_LE(page->items.size(), static_cast<size_t>(limit));
      EXPECT_TRUE(page->next_cursor.empty() || page->items.size() == static_cast<size_t>(limit));
      for (const auto& item : page->items) {
        EXPECT_TRUE(item.aggregate.exists());
        ids.push_back(item.id);
      }
      cursor = page->next_cursor;
    } while (!cursor.empty());
    return ids;
  }

  static RedisStoreOptions Sharded() {
    RedisStoreOptions options;
    options.sharded = true;
    return options;
  }

  const std::unique_ptr<RawStore> sharded_ = NewStore(Sharded());
  const SampleStore sharded_samples_{sharded_.get(), SampleKind()};
};

TEST_F(StoreListTest, AnEmptyIndexIsOneEmptyPage) {
  const auto page = List({"all"}, "", "", 10);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_TRUE(page->items.empty());
  EXPECT_EQ(page->next_cursor, "");
}

TEST_F(StoreListTest, TheNewestComesFirstWithItsState) {
  Create("r1-a", 1);
  Create("r1-b", 3);
  Create("r1-c", 2);
  EXPECT_THAT(Walk("r1", 10), ElementsAre("r1-b", "r1-c", "r1-a"));
  const auto page = List({"all"}, "r1", "", 1);
  EXPECT_EQ(ValueOf(page->items[0].aggregate.state), 3);
  EXPECT_EQ(page->items[0].aggregate.version, 1);
}

TEST_F(StoreListTest, ThePageThatEndsWithTheListHasNoNext) {
  for (int i = 0; i < 4; ++i) Create(absl::StrCat("r1-", i), i);
  const auto first = List({"all"}, "r1", "", 2);
  EXPECT_NE(first->next_cursor, "");
  const auto second = List({"all"}, "r1", first->next_cursor, 2);
  EXPECT_EQ(second->items.size(), 2u);
  EXPECT_EQ(second->next_cursor, "");
}

TEST_F(StoreListTest, EqualScoresArePagedWithoutGapOrRepeat) {
  std::vector<std::string> expected;
  for (int i = 0; i < 40; ++i) {
    const std::string id = absl::StrFormat("r1-%02d", i);
    Create(id, 17);
    expected.insert(expected.begin(), id);
  }
  for (const int limit : {1, 3, 7, 39, 40, 41}) EXPECT_EQ(Walk("r1", limit), expected) << limit;
}

TEST_F(StoreListTest, MergesAllPartitionsByScoreThenMember) {
  std::vector<std::pair<int, std::string>> entries;
  for (int i = 0; i < 60; ++i) {
    const std::string id = absl::StrCat("r", i % 11, "-", i);
    Create(id, i % 7);
    entries.emplace_back(i % 7, id);
  }
  std::sort(entries.rbegin(), entries.rend());
  std::vector<std::string> expected;
  for (const auto& entry : entries) expected.push_back(entry.second);
  for (const int limit : {1, 8, 100}) EXPECT_EQ(Walk("", limit), expected) << limit;
}

// Of a partition with more than its share of a page all of it is read.
TEST_F(StoreListTest, APageThatLiesInOnePartitionIsWhole) {
  std::vector<std::string> expected;
  for (int i = 0; i < 90; ++i) {
    Create(absl::StrFormat("r1-%02d", i), 1000 + i);
    expected.insert(expected.begin(), absl::StrFormat("r1-%02d", i));
  }
  for (int i = 0; i < 12; ++i) {
    Create(absl::StrCat("q", i, "-a"), 500 - i);
    expected.push_back(absl::StrCat("q", i, "-a"));
  }
  for (const int limit : {1, 7, 40, 89, 90, 91, 200}) EXPECT_EQ(Walk("", limit), expected) << limit;
}

// An index whose members begin with its owner stores only what comes behind (index_member.h).
TEST_F(StoreListTest, MembersOfTheOwnerAndOthersArePagedWithoutGapOrRepeat) {
  std::vector<std::string> expected;
  for (int i = 0; i < 30; ++i) {
    const std::string id = absl::StrCat(i % 3 == 0 ? "r2-" : "r1-", i);
    ASSERT_TRUE(Update(id, Plain(), SetTo(R"({"index":{"of:r1":5}})")).ok());
    expected.push_back(id);
  }
  for (const int limit : {1, 4, 29, 30, 31}) {
    std::vector<std::string> found = Walk({"of:r1"}, "", limit);
    std::sort(found.begin(), found.end());
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(found, expected) << limit;
  }
  const std::string key = keys_.Index(PartitionOf("r1-1"), "of:r1");
  EXPECT_EQ(Redis({"ZSCORE", key, "\x01-1"}).text(), "5");
  ASSERT_TRUE(Update("r1-1", Plain(), SetTo("{}")).ok());
  EXPECT_TRUE(Redis({"ZSCORE", key, "\x01-1"}).is_nil());
}

TEST_F(StoreListTest, SeveralIndexesAreOneList) {
  std::vector<std::pair<int, std::string>> entries;
  for (int i = 0; i < 60; ++i) {
    const std::string id = absl::StrCat("r", i % 11, "-", i);
    // The third has most of them, the fourth none.
    const std::string index = absl::StrCat("s", i < 5 ? 1 : i < 10 ? 2 : 3);
    ASSERT_TRUE(
        Update(id, Plain(), SetTo(absl::StrFormat(R"({"index":{"%s":%d}})", index, i % 7))).ok());
    entries.emplace_back(i % 7, id);
  }
  std::sort(entries.rbegin(), entries.rend());
  std::vector<std::string> expected;
  for (const auto& entry : entries) expected.push_back(entry.second);
  for (const int limit : {1, 8, 59, 60, 100}) {
    EXPECT_EQ(Walk({"s1", "s2", "s3", "s4"}, "", limit), expected) << limit;
  }
}

TEST_F(StoreListTest, OrdersMembersByBytesAsRedisDoes) {
  const std::vector<std::string> expected = {"r1-甘", "r1-z", "r1-a", "r1-_", "r1-Z", "r1-"};
  for (const std::string& id : expected) Create(id, 5);
  EXPECT_EQ(Walk("r1", 1), expected);
}

TEST_F(StoreListTest, APlaceThatIsGoneIsStillAPlace) {
  for (int i = 0; i < 6; ++i) Create(absl::StrCat("r1-", i), 5);
  const auto first = List({"all"}, "r1", "", 2);  // 5, 4
  ASSERT_TRUE(Update("r1-4", Plain(), SetTo("{}")).ok());
  Create("r1-9", 5);  // before the place: not seen any more
  const auto second = List({"all"}, "r1", first->next_cursor, 10);
  ASSERT_EQ(second->items.size(), 4u);
  EXPECT_EQ(second->items[0].id, "r1-3");
}

TEST_F(StoreListTest, RefusesAForeignCursor) {
  const auto page = List({"all"}, "r1", "not-a-cursor", 2);
  EXPECT_EQ(page.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(page.status()), "PAGE_TOKEN_INVALID");
}

TEST_F(StoreListTest, RangesByRisingScoreWithinItsBounds) {
  for (int i = 0; i < 10; ++i) Create(absl::StrCat("r1-", i), 100 + i);
  test_support::Awaited<absl::StatusOr<std::vector<IndexEntry>>> answer;
  store_->RangeIndex("all", "r1", 103, 107, 3, absl::InfiniteFuture(), answer.Callback());
  EXPECT_THAT(*answer.Wait(),
              ElementsAre(IndexEntry{"all", "r1-3", 103}, IndexEntry{"all", "r1-4", 104},
                          IndexEntry{"all", "r1-5", 105}));
}

TEST_F(StoreListTest, ARangeWithoutARouteMergesAllPartitions) {
  for (int i = 0; i < 30; ++i) Create(absl::StrCat("r", i, "-a"), 1000 - i);
  test_support::Awaited<absl::StatusOr<std::vector<IndexEntry>>> answer;
  store_->RangeIndex("all", "", 972, 990, 3, absl::InfiniteFuture(), answer.Callback());
  EXPECT_THAT(*answer.Wait(),
              ElementsAre(IndexEntry{"all", "r28-a", 972}, IndexEntry{"all", "r27-a", 973},
                          IndexEntry{"all", "r26-a", 974}));
}

// What is to come in rising order is kept with its score below zero.
TEST_F(StoreListTest, ScoresBelowZeroArePagedAsOthers) {
  Create("r1-a", -1'767'574'800'123);
  Create("r2-b", -1'767'574'800'122);
  Create("r1-c", -1'767'574'800'123);
  Create("r1-d", 0);
  const std::vector<std::string> expected = {"r1-d", "r2-b", "r1-c", "r1-a"};
  for (const int limit : {1, 2, 10}) EXPECT_EQ(Walk("", limit), expected) << limit;
}

TEST_F(StoreListTest, CountsRangesOverAllPartitions) {
  for (int i = 0; i < 40; ++i) Create(absl::StrCat("r", i, "-a"), i - 20);
  ASSERT_TRUE(Update("r39-a", Plain(), SetTo("{}")).ok());
  test_support::Awaited<absl::StatusOr<std::vector<int64_t>>> answer;
  constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  store_->CountIndexes({{"all", kMin, kMax}, {"all", -5, 4}, {"none", kMin, kMax}, {"all", 7, 7}},
                       absl::InfiniteFuture(), answer.Callback());
  EXPECT_THAT(*answer.Wait(), ElementsAre(39, 10, 0, 1));
}

TEST_F(StoreListTest, CountsNothingWithoutRanges) {
  test_support::Awaited<absl::StatusOr<std::vector<int64_t>>> answer;
  store_->CountIndexes({}, absl::InfiniteFuture(), answer.Callback());
  EXPECT_THAT(*answer.Wait(), ElementsAre());
}

TEST_F(StoreListTest, CountersWithoutARouteAreAddedUp) {
  for (int i = 0; i < 30; ++i) {
    const std::string id = absl::StrCat("r", i, "-a");
    ASSERT_TRUE(Update(id, Plain(), SetTo(R"({"holdings":{"sum":3}})")).ok());
  }
  test_support::Awaited<absl::StatusOr<std::vector<int64_t>>> answer;
  store_->GetCounters("", {"sum", "none"}, absl::InfiniteFuture(), answer.Callback());
  EXPECT_THAT(*answer.Wait(), ElementsAre(90, 0));
}

TEST_F(StoreListTest, ScoresInMillisecondsComeBackExactly) {
  Create("r1-a", 1'767'574'800'123);
  test_support::Awaited<absl::StatusOr<RawStore::IndexPage>> answer;
  store_->ListIndexes({"all"}, "r1", "", 3, absl::InfiniteFuture(), answer.Callback());
  EXPECT_THAT(answer.Wait()->entries, ElementsAre(IndexEntry{"all", "r1-a", 1'767'574'800'123}));
}

}  // namespace
}  // namespace fuju::chassis
