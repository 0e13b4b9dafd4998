#include <set>
#include <string>

#include <gtest/gtest.h>

#include "catalogue_instance.h"
#include "chassis/values/refusal.h"

namespace fuju::catalogue {
namespace {

using Stub = v1::CatalogueService::Stub;

class ItemsTest : public testing::Test {
 protected:
  absl::StatusOr<v1::Item> Get(const std::string& name) {
    v1::GetItemRequest request;
    request.set_name(name);
    return instance_.Call(&Stub::GetItem, request, "");
  }
  absl::StatusOr<v1::ListItemsResponse> List(int size, const std::string& token) {
    v1::ListItemsRequest request;
    request.set_page_size(size);
    request.set_page_token(token);
    return instance_.Call(&Stub::ListItems, request, "");
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_{TestTime()};
  CatalogueInstance instance_{redis_, &clock_};
};

TEST_F(ItemsTest, AreMissingBeforeAPublication) {
  for (const absl::Status& status : {Get("items/M01").status(), List(10, "").status()}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(chassis::ReasonOf(status), "CATALOGUE_MISSING");
  }
}

TEST_F(ItemsTest, AreReadByName) {
  instance_.ImportGansu();
  const auto item = Get("items/M01");
  ASSERT_TRUE(item.ok()) << item.status();
  EXPECT_EQ(item->name(), "items/M01");
  EXPECT_EQ(item->name_zh(), "普通轮椅");
  EXPECT_EQ(item->cap_fen(), 120000);
  const auto unknown = Get("items/Z99");
  EXPECT_EQ(unknown.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(chassis::ReasonOf(unknown.status()), "RESOURCE_NOT_FOUND");
}

TEST_F(ItemsTest, AreListedInPages) {
  instance_.ImportGansu("gansu-1");
  std::set<std::string> codes;
  std::string token, last;
  int pages = 0;
  do {
    const auto page = List(20, token);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_EQ(page->catalogue_version(), "gansu-1");
    for (const v1::Item& item : page->items()) {
      EXPECT_GT(item.item_code(), last);
      last = item.item_code();
      codes.insert(last);
    }
    token = page->next_page_token();
    ++pages;
  } while (!token.empty());
  EXPECT_EQ(pages, 4);
  EXPECT_EQ(codes.size(), 63u);
  EXPECT_EQ(List(0, "")->items_size(), 50);
  EXPECT_EQ(List(200, "")->items_size(), 63);
  EXPECT_TRUE(List(63, "")->next_page_token().empty()) << "a full last page has no next one";
}

TEST_F(ItemsTest, DoNotMixCatalogues) {
  instance_.ImportGansu("gansu-1");
  const std::string token = List(20, "")->next_page_token();
  clock_.Advance(absl::Minutes(1));
  instance_.ImportGansu("gansu-2");
  const auto page = List(20, token);
  EXPECT_EQ(page.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(chassis::ReasonOf(page.status()), "PAGE_TOKEN_INVALID");
  EXPECT_EQ(chassis::ReasonOf(List(20, "nonsense").status()), "PAGE_TOKEN_INVALID");
}

}  // namespace
}  // namespace fuju::catalogue
