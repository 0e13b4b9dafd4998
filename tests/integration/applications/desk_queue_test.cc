// The queue of an office: its order, its pages while it changes, its filters and its counts.

#include <functional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "applications/desk/desk_place.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "integration/applications/desk_fixture.h"
#include "support/awaited.h"

namespace fuju::applications {
namespace {

using chassis::ReasonOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DeskQueueTest : public DeskFixture {
 protected:
  // Cases whose limits end on different days: each is handed in a day after the one before.
  std::vector<std::string> WaitingDayByDay(int count) {
    std::vector<std::string> names;
    for (int i = 0; i < count; ++i) {
      names.push_back(Waiting(i));
      clock_.Advance(absl::Hours(24));
    }
    return names;
  }
};

TEST_F(DeskQueueTest, TheLeastTimeLeftComesFirst) {
  const std::vector<std::string> names = WaitingDayByDay(4);
  const auto page = Queue();
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(NamesOf(*page), names);
  EXPECT_TRUE(page->next_page_token().empty());
  for (int i = 1; i < page->cases_size(); ++i) {
    EXPECT_LE(chassis::ToTime(page->cases(i - 1).due_time()),
              chassis::ToTime(page->cases(i).due_time()));
  }
  EXPECT_EQ(page->cases(0).stage(), "review");
  EXPECT_EQ(page->cases(0).applicant_name(), "马*兰");
}

TEST_F(DeskQueueTest, AQueueThatChangesIsReadToItsEnd) {
  std::vector<v1::Application> drafts;
  for (int i = 0; i < 23; ++i) drafts.push_back(DraftOf(i));
  const std::vector<std::string> names = WaitingOf(drafts);
  v1::ListQueuedCasesRequest request;
  request.set_office_code("620102");
  request.set_page_size(5);
  std::multiset<std::string> seen;
  int decided = 0;
  int pages = 0;
  do {
    const auto page = Queue(request);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_EQ(page->stage_counts_size() > 0, request.page_token().empty());
    for (const std::string& name : NamesOf(*page)) seen.insert(name);
    request.set_page_token(page->next_page_token());
    ++pages;
    // The place that the token names is decided on; what follows it is not touched.
    if (!request.page_token().empty()) {
      ASSERT_TRUE(instance_.Approve(NamesOf(*page).back()).ok());
      ++decided;
    }
  } while (!request.page_token().empty());
  EXPECT_EQ(pages, 5);
  EXPECT_EQ(seen, std::multiset<std::string>(names.begin(), names.end()));
  EXPECT_EQ(Queue()->cases_size(), 23 - decided);
}

TEST_F(DeskQueueTest, WhatIsDecidedLeavesNothingBehind) {
  const std::string name = Waiting(1);
  ASSERT_TRUE(Claim(name).ok());
  ASSERT_TRUE(instance_.Reject(name).ok());
  EXPECT_THAT(NamesOf(*Queue()), IsEmpty());
  const auto keys = redis_.Call({"KEYS", "fuju:applications:*:ix:*"});
  for (const auto& key : keys.items()) {
    EXPECT_EQ(key.text().find(":ix:queue:"), std::string::npos) << key.text();
    EXPECT_EQ(key.text().find(":ix:claims:"), std::string::npos) << key.text();
  }
}

TEST_F(DeskQueueTest, LateOnesAreTheTop) {
  const std::vector<std::string> names = WaitingDayByDay(6);
  v1::ListQueuedCasesRequest late;
  late.set_late_only(true);
  const auto page = Queue(late);
  ASSERT_TRUE(page.ok()) << page.status();
  // Three working days from Monday on: those of Monday and Tuesday have passed on Sunday.
  ASSERT_GE(page->cases_size(), 1);
  ASSERT_LT(page->cases_size(), 6);
  for (int i = 0; i < page->cases_size(); ++i) {
    EXPECT_EQ(page->cases(i).application(), names[i]);
    EXPECT_TRUE(page->cases(i).late());
  }
  EXPECT_TRUE(page->next_page_token().empty());
  EXPECT_EQ(page->stage_counts(0).late_count(), page->cases_size());
  EXPECT_EQ(page->stage_counts(0).open_count(), 6);
}

TEST_F(DeskQueueTest, FollowsTheFilters) {
  v1::Application chair = DraftOf(1);
  v1::Application other = DraftOf(2);
  other.mutable_request()->set_item_code("M02");
  other.mutable_applicant()->set_economic_status(type::v1::ECONOMIC_STATUS_YB);
  const std::vector<std::string> names = WaitingOf({chair, other, DraftOf(3, "620103")});
  ASSERT_TRUE(Claim(names[0]).ok());
  const auto with = [&](const std::function<void(v1::ListQueuedCasesRequest&)>& filter,
                        const std::string& actor = kReviewer) {
    v1::ListQueuedCasesRequest request;
    filter(request);
    const auto page = Queue(request, actor);
    EXPECT_TRUE(page.ok()) << page.status();
    return page.ok() ? NamesOf(*page) : std::vector<std::string>();
  };
  using Request = v1::ListQueuedCasesRequest;
  EXPECT_THAT(with([](Request& r) { r.set_item_code("M02"); }), ElementsAre(names[1]));
  EXPECT_THAT(with([](Request& r) { r.set_item_code("H01"); }), IsEmpty());
  EXPECT_THAT(with([](Request& r) { r.set_economic_status(type::v1::ECONOMIC_STATUS_YB); }),
              ElementsAre(names[1]));
  EXPECT_THAT(with([](Request& r) { r.set_claim(v1::CLAIM_FILTER_MINE); }), ElementsAre(names[0]));
  EXPECT_THAT(with([](Request& r) { r.set_claim(v1::CLAIM_FILTER_MINE); }, "county_reviewer:r2"),
              IsEmpty());
  EXPECT_THAT(with([](Request& r) { r.set_claim(v1::CLAIM_FILTER_UNCLAIMED); }),
              ElementsAre(names[1]));
  EXPECT_THAT(with([](Request& r) { r.set_office_code("620103"); }), ElementsAre(names[2]));
  EXPECT_THAT(with([](Request& r) { r.set_office_code("620100"); }), IsEmpty());
  EXPECT_THAT(with([](Request& r) { r.set_stage("approval"); }), IsEmpty());
  ASSERT_TRUE(instance_.Hold(names[1]).ok());
  EXPECT_THAT(with([](Request& r) { r.set_state(v1::APPLICATION_STATE_ON_HOLD); }),
              ElementsAre(names[1]));
}

// A filter that no index answers finds what lies far behind.
TEST_F(DeskQueueTest, ARareCaseIsFoundBehindManyOthers) {
  std::vector<v1::Application> drafts;
  for (int i = 0; i < 30; ++i) drafts.push_back(DraftOf(i));
  drafts[29].mutable_applicant()->set_economic_status(type::v1::ECONOMIC_STATUS_YB);
  const std::string rare = WaitingOf(drafts)[29];
  v1::ListQueuedCasesRequest request;
  request.set_page_size(2);
  request.set_economic_status(type::v1::ECONOMIC_STATUS_YB);
  EXPECT_THAT(NamesOf(*Queue(request)), ElementsAre(rare));
}

TEST_F(DeskQueueTest, AnAppealWaitsInThePrefecture) {
  const std::string name = Waiting(1);
  ASSERT_TRUE(instance_.Reject(name).ok());
  v1::AppealApplicationRequest appeal;
  appeal.set_name(name);
  appeal.set_reason("材料已补齐");
  appeal.set_request_id(NewRequestId());
  ASSERT_TRUE(instance_.Call(&ApplicationsInstance::Stub::AppealApplication, appeal).ok());
  v1::ListQueuedCasesRequest request;
  request.set_office_code("620100");
  const auto page = Queue(request, "prefecture_officer:p1");
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_THAT(NamesOf(*page), ElementsAre(name));
  ASSERT_EQ(page->stage_counts_size(), 1);
  EXPECT_EQ(page->stage_counts(0).stage(), "appeal");
  EXPECT_EQ(page->stage_counts(0).open_count(), 1);
}

TEST_F(DeskQueueTest, IsForStaffOnly) {
  EXPECT_EQ(ReasonOf(Queue({}, "").status()), "ACTOR_MISSING");
  const absl::Status citizen = Queue({}, "mobile:m1").status();
  EXPECT_EQ(citizen.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(ReasonOf(citizen), "PERMISSION_DENIED");
}

// Whatever happened to the cases, the counts are those that one gets by looking at each of them.
TEST_F(DeskQueueTest, CountsAgreeWithReadingEveryCase) {
  std::vector<v1::Application> drafts;
  for (int i = 0; i < 24; ++i) drafts.push_back(DraftOf(i));
  const std::vector<std::string> names = WaitingOf(drafts);
  std::mt19937_64 random(20261126);
  const auto any = [&random](int count) {
    return std::uniform_int_distribution<int>(0, count - 1)(random);
  };
  for (int step = 0; step < 60; ++step) {
    const std::string& name = names[any(static_cast<int>(names.size()))];
    const std::string officer = "county_reviewer:r" + std::to_string(any(3));
    // Refusals are part of it.
    switch (any(8)) {
      case 0:
      case 1:
      case 2:
        (void)Claim(name, officer);
        break;
      case 3:
        (void)Release(name, officer);
        break;
      case 4:
        (void)instance_.Hold(name, officer);
        break;
      case 5:
        (void)instance_.Resume(name, officer);
        break;
      case 6:
        (void)instance_.Return(name, officer);
        (void)instance_.Supplement(name);
        break;
      default:
        clock_.Advance(absl::Hours(any(6)));
    }
    if (step % 10 != 9) continue;
    const absl::Time now = clock_.Now();
    const auto page = Queue();
    ASSERT_TRUE(page.ok()) << page.status();
    int open = 0;
    int late = 0;
    int claimed = 0;
    for (const std::string& each : names) {
      test_support::Awaited<absl::StatusOr<chassis::Versioned<Record>>> read;
      instance_.wiring().store().Get(IdOf(each), absl::InfiniteFuture(), read.Callback());
      const Record record = read.Wait()->state;
      if (!WaitsForOfficer(record.application().state())) continue;
      ++open;
      if (DueTimeOf(record.application()) <= now) ++late;
      if (RunningClaim(record, now) != nullptr) ++claimed;
    }
    const v1::StageCount& counts = page->stage_counts(0);
    EXPECT_EQ(counts.open_count(), open) << step;
    EXPECT_EQ(counts.late_count(), late) << step;
    EXPECT_EQ(counts.claimed_count(), claimed) << step;
    EXPECT_EQ(page->cases_size(), open) << step;
  }
}

}  // namespace
}  // namespace fuju::applications
