#include "applications/desk/queue_filter.h"

#include <functional>

#include <gtest/gtest.h>

#include "applications/desk/desk_place.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using testing::TestCase;
using Request = v1::ListQueuedCasesRequest;

Request Of(const std::function<void(Request&)>& change, const char* office = "620102") {
  Request request;
  request.set_office_code(office);
  change(request);
  return request;
}

const std::function<void(Request&)> kMine = [](Request& r) { r.set_claim(v1::CLAIM_FILTER_MINE); };
const std::function<void(Request&)> kOnHold = [](Request& r) {
  r.set_state(v1::APPLICATION_STATE_ON_HOLD);
};
const std::function<void(Request&)> kItem = [](Request& r) { r.set_item_code("M01"); };
const std::function<void(Request&)> kStage = [](Request& r) { r.set_stage("review"); };

TEST(QueueFilterTest, TakesTheIndexWithTheLeastBeside) {
  const auto all = [](Request& r) {
    kMine(r);
    kOnHold(r);
    kItem(r);
    kStage(r);
  };
  const struct {
    std::function<void(Request&)> filters;
    const char* index;
  } cases[] = {
      {[](Request&) {}, "queue:620102"},
      {[](Request& r) { r.set_device_division("122203"); }, "queue:620102"},
      {[](Request& r) { r.set_late_only(true); }, "queue:620102"},
      {[](Request& r) { r.set_claim(v1::CLAIM_FILTER_UNCLAIMED); }, "queue:620102"},
      {[](Request& r) { r.set_state(v1::APPLICATION_STATE_UNDER_REVIEW); }, "queue:620102"},
      {kStage, "queue:620102:stage:review"},
      {kItem, "queue:620102:item:M01"},
      {[](Request& r) { kStage(r), kItem(r); }, "queue:620102:item:M01"},
      {[](Request& r) { kItem(r), kOnHold(r); }, "queue:620102:hold"},
      {[](Request& r) { r.set_state(v1::APPLICATION_STATE_APPEALED); },
       "queue:620102:stage:appeal"},
      {all, "queue:620102:officer:r1"},
  };
  for (const auto& c : cases) EXPECT_EQ(IndexFor(Of(c.filters), "r1"), c.index);
}

TEST(QueueFilterTest, EachFilterLetsThroughWhatItNames) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  const struct {
    const char* what;
    std::function<void(Request&)> filters;
    bool passes;
  } cases[] = {
      {"none", [](Request&) {}, true},
      {"stage", kStage, true},
      {"other stage", [](Request& r) { r.set_stage("approval"); }, false},
      {"state", [](Request& r) { r.set_state(v1::APPLICATION_STATE_UNDER_REVIEW); }, true},
      {"other state", kOnHold, false},
      {"item", kItem, true},
      {"other item", [](Request& r) { r.set_item_code("H01"); }, false},
      {"division", [](Request& r) { r.set_device_division("122203"); }, true},
      {"other division", [](Request& r) { r.set_device_division("220306"); }, false},
      {"status", [](Request& r) { r.set_economic_status(type::v1::ECONOMIC_STATUS_DB); }, true},
      {"other status", [](Request& r) { r.set_economic_status(type::v1::ECONOMIC_STATUS_YB); },
       false},
      {"unclaimed", [](Request& r) { r.set_claim(v1::CLAIM_FILTER_UNCLAIMED); }, true},
      {"mine", kMine, false},
      {"late", [](Request& r) { r.set_late_only(true); }, false},
      {"other office", [](Request& r) { r.set_office_code("620103"); }, false},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(IsAskedFor(Of(c.filters), "r1", test_case.record(), test_case.now()), c.passes)
        << c.what;
  }
}

TEST(QueueFilterTest, AClaimIsMineAnothersOrOver) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  ASSERT_TRUE(test_case.Do(Move::kClaim));
  const auto unclaimed = [](Request& r) { r.set_claim(v1::CLAIM_FILTER_UNCLAIMED); };
  const absl::Time end = test_case.now() + absl::Minutes(30);
  const auto passes = [&](const std::function<void(Request&)>& filter, const char* officer,
                          absl::Time now) {
    return IsAskedFor(Of(filter), officer, test_case.record(), now);
  };
  EXPECT_TRUE(passes(kMine, "r1", test_case.now()));
  EXPECT_FALSE(passes(kMine, "r2", test_case.now()));
  EXPECT_FALSE(passes(unclaimed, "r1", test_case.now()));
  EXPECT_FALSE(passes(kMine, "r1", end));
  EXPECT_TRUE(passes(unclaimed, "r1", end));
}

TEST(QueueFilterTest, LateFromTheLimitOn) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  const Request late = Of([](Request& r) { r.set_late_only(true); });
  const absl::Time due = DueTimeOf(test_case.application());
  EXPECT_FALSE(IsAskedFor(late, "r1", test_case.record(), due - absl::Milliseconds(1)));
  EXPECT_TRUE(IsAskedFor(late, "r1", test_case.record(), due));
}

TEST(QueueFilterTest, WhatMovedOnSinceTheIndexWasReadIsLeftOut) {
  for (int i = v1::ApplicationState_MIN + 1; i <= v1::ApplicationState_MAX; ++i) {
    // The numbers have gaps.
    if (!v1::ApplicationState_IsValid(i)) continue;
    const auto state = static_cast<ApplicationState>(i);
    const char* office = state == v1::APPLICATION_STATE_APPEALED ? "620100" : "620102";
    const TestCase test_case = TestCase::In(state);
    EXPECT_EQ(IsAskedFor(Of([](Request&) {}, office), "r1", test_case.record(), test_case.now()),
              WaitsForOfficer(state))
        << StateName(state);
  }
}

}  // namespace
}  // namespace fuju::applications
