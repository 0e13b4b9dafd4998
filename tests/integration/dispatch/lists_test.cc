#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "fuju/dispatch/v1/dispatch_events.pb.h"
#include "integration/dispatch/dispatch_instance.h"
#include "integration/dispatch/other_services.h"
#include "support/fact_log.h"
#include "support/violations.h"

namespace fuju::dispatch {
namespace {

using testing::ApplicationId;
using testing::kPartitions;
using testing::kVendorA;
using Stub = v1::DispatchService::Stub;

class ListsTest : public ::testing::Test {
 protected:
  // Five cases in two counties, placed one after the other; the first is declined and so MANUAL.
  void SetUp() override {
    dispatch_.Register(kVendorA);
    dispatch_.AwaitDirectory(1);
    for (int i = 1; i <= 5; ++i) {
      others_.Approve(ApplicationId(i, i <= 3 ? "620102" : "620103"));
      log_.Await<v1::OfferOpened>(static_cast<size_t>(i));
      clock_.Advance(absl::Milliseconds(1));
    }
    ASSERT_TRUE(dispatch_.Decline(OfferOf(1)).ok());
    log_.Await<v1::DispatchExhausted>(1);
  }
  static std::string OfferOf(int i) {
    return absl::StrCat("vendors/", kVendorA, "/offers/",
                        ApplicationId(i, i <= 3 ? "620102" : "620103"), "-1");
  }
  std::vector<std::string> Rounds(const std::string& county, v1::RoundState state) {
    v1::ListRoundsRequest request;
    request.set_county_code(county);
    request.set_state(state);
    request.set_page_size(2);
    std::vector<std::string> ids;
    do {
      const auto page = dispatch_.Call(&Stub::ListRounds, request);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) break;
      for (const v1::Round& round : page->rounds()) ids.push_back(round.name());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return ids;
  }
  std::vector<std::string> Offers(v1::OfferState state) {
    v1::ListOffersRequest request;
    request.set_parent(absl::StrCat("vendors/", kVendorA));
    request.set_state(state);
    request.set_page_size(2);
    std::vector<std::string> names;
    do {
      const auto page = dispatch_.Call(&Stub::ListOffers, request);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) break;
      for (const v1::Offer& offer : page->offers()) names.push_back(offer.name());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return names;
  }
  static std::string RoundName(int i) {
    return absl::StrCat("rounds/", ApplicationId(i, i <= 3 ? "620102" : "620103"));
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  testing::DispatchInstance dispatch_{redis_, &clock_};
  test_support::FactLog log_{dispatch_.fanout(), kPartitions};
  testing::OtherServices others_{&redis_, kPartitions};
};

TEST_F(ListsTest, RoundsByCountyByStateAndByBothNewestFirst) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(Rounds("620102", v1::ROUND_STATE_UNSPECIFIED),
            (Names{RoundName(3), RoundName(2), RoundName(1)}));
  EXPECT_EQ(Rounds("", v1::ROUND_STATE_OFFERING),
            (Names{RoundName(5), RoundName(4), RoundName(3), RoundName(2)}));
  EXPECT_EQ(Rounds("", v1::ROUND_STATE_MANUAL), (Names{RoundName(1)}));
  EXPECT_EQ(Rounds("620102", v1::ROUND_STATE_OFFERING), (Names{RoundName(3), RoundName(2)}));
  EXPECT_EQ(Rounds("620103", v1::ROUND_STATE_MANUAL), Names{});
}

TEST_F(ListsTest, RoundsNeedACountyOrAState) {
  const absl::Status status = dispatch_.Call(&Stub::ListRounds, v1::ListRoundsRequest()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(chassis::ReasonOf(status), "FIELD_INVALID");
  EXPECT_EQ(test_support::PathsOf(status), "county_code state");
}

TEST_F(ListsTest, RoundsThatAreDoneNeedACounty) {
  v1::ListRoundsRequest request;
  request.set_state(v1::ROUND_STATE_DONE);
  const absl::Status status = dispatch_.Call(&Stub::ListRounds, request).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(chassis::ReasonOf(status), "FIELD_INVALID");
  EXPECT_EQ(test_support::PathsOf(status), "county_code");
  EXPECT_EQ(Rounds("620102", v1::ROUND_STATE_DONE), std::vector<std::string>{});
}

TEST_F(ListsTest, OffersOfAVendorAndOfOneStateNewestFirst) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(Offers(v1::OFFER_STATE_UNSPECIFIED),
            (Names{OfferOf(5), OfferOf(4), OfferOf(3), OfferOf(2), OfferOf(1)}));
  EXPECT_EQ(Offers(v1::OFFER_STATE_DECLINED), (Names{OfferOf(1)}));
  EXPECT_EQ(Offers(v1::OFFER_STATE_OPEN), (Names{OfferOf(5), OfferOf(4), OfferOf(3), OfferOf(2)}));
}

TEST_F(ListsTest, PageTokenOfAnotherQueryIsRefused) {
  v1::ListRoundsRequest request;
  request.set_county_code("620102");
  request.set_page_size(1);
  const auto page = dispatch_.Call(&Stub::ListRounds, request);
  ASSERT_TRUE(page.ok()) << page.status();
  request.set_page_token(page->next_page_token());
  request.set_county_code("620103");
  const absl::Status status = dispatch_.Call(&Stub::ListRounds, request).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(chassis::ReasonOf(status), "PAGE_TOKEN_INVALID");
}

}  // namespace
}  // namespace fuju::dispatch
