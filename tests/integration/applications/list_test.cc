#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "integration/applications/applications_instance.h"

namespace fuju::applications {
namespace {

using Stub = v1::ApplicationsService::Stub;

class ListTest : public ::testing::Test {
 protected:
  std::string Make(int person, const std::string& county = "620102") {
    clock_.Advance(absl::Seconds(1));
    const auto draft = instance_.Create(DraftOf(person, county));
    EXPECT_TRUE(draft.ok()) << draft.status();
    return draft.ok() ? draft->name() : "";
  }
  absl::StatusOr<v1::ListApplicationsResponse> List(const v1::ListApplicationsRequest& request) {
    return instance_.Call(&Stub::ListApplications, request, "");
  }
  std::vector<std::string> NamesOf(const v1::ListApplicationsResponse& page) {
    std::vector<std::string> names;
    for (const v1::Application& application : page.applications()) {
      names.push_back(application.name());
    }
    return names;
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  ApplicationsInstance instance_{redis_, &clock_};
};

TEST_F(ListTest, PagesRunFromTheNewestWithoutGapOrRepeat) {
  std::vector<std::string> made;
  for (int i = 0; i < 23; ++i) made.insert(made.begin(), Make(i));
  Make(1, "620103");
  v1::ListApplicationsRequest request;
  request.set_county_code("620102");
  request.set_page_size(10);
  std::vector<std::string> listed;
  std::vector<int> sizes;
  do {
    const auto page = List(request);
    ASSERT_TRUE(page.ok()) << page.status();
    sizes.push_back(page->applications_size());
    for (const std::string& name : NamesOf(*page)) listed.push_back(name);
    request.set_page_token(page->next_page_token());
    // A newer one does not disturb the pages that follow.
    Make(100 + static_cast<int>(sizes.size()));
  } while (!request.page_token().empty());
  EXPECT_EQ(listed, made);
  EXPECT_EQ(sizes, (std::vector<int>{10, 10, 3}));
}

TEST_F(ListTest, AnswersAreMaskedAndHaveEtags) {
  Make(1);
  v1::ListApplicationsRequest request;
  request.set_county_code("620102");
  const auto page = List(request);
  ASSERT_EQ(page->applications_size(), 1);
  EXPECT_EQ(page->applications(0).applicant().name(), "马*兰");
  EXPECT_FALSE(page->applications(0).etag().empty());
}

TEST_F(ListTest, FollowsTheState) {
  const std::string draft = Make(1);
  const std::string submitted = Make(2);
  ASSERT_TRUE(instance_.Submit(submitted).ok());
  v1::ListApplicationsRequest request;
  request.set_county_code("620102");
  request.set_state(v1::APPLICATION_STATE_DRAFT);
  EXPECT_EQ(NamesOf(*List(request)), std::vector<std::string>{draft});
  request.set_state(v1::APPLICATION_STATE_SUBMITTED);
  EXPECT_EQ(NamesOf(*List(request)), std::vector<std::string>{submitted});
  request.set_state(v1::APPLICATION_STATE_CLOSED);
  EXPECT_TRUE(NamesOf(*List(request)).empty());
}

TEST_F(ListTest, FindsAPersonInAllCounties) {
  const std::string here = Make(1);
  const std::string there = Make(1, "620201");
  Make(2);
  v1::ListApplicationsRequest request;
  request.set_person_key(instance_.Get(here)->person_key());
  EXPECT_EQ(NamesOf(*List(request)), (std::vector<std::string>{there, here}));
  request.set_county_code("620102");
  EXPECT_EQ(NamesOf(*List(request)), std::vector<std::string>{here});
  request.set_state(v1::APPLICATION_STATE_SUBMITTED);
  EXPECT_TRUE(NamesOf(*List(request)).empty());
}

TEST_F(ListTest, ATokenBelongsToItsQuery) {
  Make(1);
  Make(2);
  v1::ListApplicationsRequest request;
  request.set_county_code("620102");
  request.set_page_size(1);
  request.set_page_token(List(request)->next_page_token());
  ASSERT_FALSE(request.page_token().empty());
  request.set_page_size(2);
  EXPECT_TRUE(List(request).ok());
  for (const bool forged : {false, true}) {
    v1::ListApplicationsRequest other = request;
    if (forged) {
      other.set_page_token("AAAA");
    } else {
      other.set_county_code("620103");
    }
    const auto refused = List(other);
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(chassis::ReasonOf(refused.status()), "PAGE_TOKEN_INVALID");
  }
}

}  // namespace
}  // namespace fuju::applications
