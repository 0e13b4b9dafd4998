#include "support/bad_input.h"

#include <gtest/gtest.h>

#include "fuju/fitting/v1/fitting_service.pb.h"
#include "integration/fitting/fitting_instance.h"

namespace fuju::fitting {
namespace {

class BadInputTest : public ::testing::Test {
 protected:
  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  testing::FittingInstance fitting_{redis_, &clock_};
  const test_support::BadInput input_{
      v1::GetOrderRequest::descriptor()->file()->FindServiceByName("FittingService"),
      fitting_.address()};
};

TEST_F(BadInputTest, EveryBadFieldIsNamedAtOnce) { input_.ExpectEveryBadFieldIsNamed(); }

TEST_F(BadInputTest, EveryMissingFieldIsNamedAtOnce) { input_.ExpectEveryMissingFieldIsNamed(); }

TEST_F(BadInputTest, NamesOfAnotherFormAreRefused) { input_.ExpectNamesOfAnotherFormAreRefused(); }

TEST_F(BadInputTest, LongListsAreRefused) { input_.ExpectLongListsAreRefused(); }

TEST_F(BadInputTest, MutationsNeedAnActor) { EXPECT_EQ(input_.ExpectMutationsNeedAnActor(), 7); }

}  // namespace
}  // namespace fuju::fitting
