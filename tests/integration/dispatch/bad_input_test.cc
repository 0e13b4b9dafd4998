#include "support/bad_input.h"

#include <memory>

#include <gtest/gtest.h>

#include "fuju/dispatch/v1/dispatch_service.pb.h"
#include "integration/dispatch/dispatch_instance.h"

namespace fuju::dispatch {
namespace {

v1::AcceptOfferRequest GoodAccept() {
  v1::AcceptOfferRequest accept;
  accept.set_name("vendors/91620102DEM0000146/offers/620102-X-1");
  accept.set_request_id("r");
  return accept;
}

class BadInputTest : public ::testing::Test {
 protected:
  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  testing::DispatchInstance dispatch_{redis_, &clock_};
  const test_support::BadInput input_{
      v1::GetVendorRequest::descriptor()->file()->FindServiceByName("DispatchService"),
      dispatch_.address(),
      {std::make_shared<v1::AcceptOfferRequest>(GoodAccept())}};
};

TEST_F(BadInputTest, EveryBadFieldIsNamedAtOnce) { input_.ExpectEveryBadFieldIsNamed(); }

TEST_F(BadInputTest, EveryMissingFieldIsNamedAtOnce) { input_.ExpectEveryMissingFieldIsNamed(); }

TEST_F(BadInputTest, NamesOfAnotherFormAreRefused) { input_.ExpectNamesOfAnotherFormAreRefused(); }

TEST_F(BadInputTest, LongListsAreRefused) { input_.ExpectLongListsAreRefused(); }

TEST_F(BadInputTest, MutationsNeedAnActor) { EXPECT_EQ(input_.ExpectMutationsNeedAnActor(), 7); }

}  // namespace
}  // namespace fuju::dispatch
