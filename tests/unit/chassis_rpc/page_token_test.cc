#include "chassis/rpc/page_token.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "chassis/values/refusal.h"
#include "fuju/testing/v1/probe_service.pb.h"
#include "support/violations.h"

namespace fuju::chassis {
namespace {

using fuju::testing::v1::ListProbesRequest;
using ::testing::MatchesRegex;

ListProbesRequest Query() {
  ListProbesRequest query;
  query.set_kind(fuju::testing::v1::PROBE_KIND_LARGE);
  query.set_page_size(10);
  return query;
}

TEST(PageTokenTest, BringsTheCursorBack) {
  const std::string cursor("12|a\0\xff/", 7);
  ListProbesRequest query = Query();
  query.set_page_token(MakePageToken(query, cursor));
  EXPECT_THAT(query.page_token(), MatchesRegex("[A-Za-z0-9_-]+"));
  const auto read = CursorOf(query);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, cursor);
}

TEST(PageTokenTest, ThePageSizeMayChange) {
  ListProbesRequest query = Query();
  query.set_page_token(MakePageToken(query, "c"));
  query.set_page_size(99);
  EXPECT_EQ(CursorOf(query).value(), "c");
}

TEST(PageTokenTest, TheFirstPageHasNoCursorAndTheLastNoToken) {
  EXPECT_EQ(CursorOf(Query()).value(), "");
  EXPECT_EQ(MakePageToken(Query(), ""), "");
}

TEST(PageTokenTest, IsRefusedForAnotherQuery) {
  ListProbesRequest query = Query();
  query.set_page_token(MakePageToken(query, "c"));
  query.set_kind(fuju::testing::v1::PROBE_KIND_SMALL);
  const absl::Status status = CursorOf(query).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(status), "PAGE_TOKEN_INVALID");
  EXPECT_EQ(test_support::PathsOf(status), "page_token");
}

TEST(PageTokenTest, IsRefusedWhenItIsMalformed) {
  ListProbesRequest query = Query();
  const std::string token = MakePageToken(query, "cursor");
  for (const std::string& bad : {std::string("x"), std::string("***"), token.substr(0, 8),
                                 token + "=", token + "\n", " " + token, token + "A"}) {
    query.set_page_token(bad);
    const auto cursor = CursorOf(query);
    if (cursor.ok()) {
      // A longer token of this query is another cursor, not a malformed one.
      EXPECT_NE(*cursor, "cursor") << bad;
    } else {
      EXPECT_EQ(ReasonOf(cursor.status()), "PAGE_TOKEN_INVALID") << bad;
    }
  }
}

TEST(PageTokenTest, PageSizes) {
  EXPECT_EQ(PageSize(0), 50);
  EXPECT_EQ(PageSize(-3), 50);
  EXPECT_EQ(PageSize(1), 1);
  EXPECT_EQ(PageSize(200), 200);
  EXPECT_EQ(PageSize(201), 200);
  EXPECT_EQ(PageSize(0, 5, 7), 5);
  EXPECT_EQ(PageSize(9, 5, 7), 7);
}

}  // namespace
}  // namespace fuju::chassis
