#include "audit/archive_queries.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "audit/archive_database.h"
#include "audit/archive_log.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "support/temporary_folder.h"
#include "unit/audit/samples.h"

namespace fuju::audit {
namespace {

using namespace ::fuju::applications::v1;  // NOLINT: the states, by their own names
using namespace ::fuju::catalogue::v1;     // NOLINT

class ArchiveQueriesTest : public ::testing::Test {
 protected:
  ArchiveQueriesTest() : log_(*ArchiveLog::Open(path_)), reading_(*OpenToRead(path_)) {}

  v1::Overview Overview() { return *ReadOverview(*reading_); }

  // "allocated available reserved paid released".
  std::string Money() {
    const v1::MoneyFlow money = Overview().money();
    return absl::StrJoin({money.allocated_fen(), money.available_fen(), money.reserved_fen(),
                          money.paid_fen(), money.released_fen()},
                         " ");
  }

  std::string States() {
    const v1::Overview overview = Overview();
    return absl::StrJoin(overview.states(), " ", [](std::string* out, const v1::StateCount& count) {
      absl::StrAppend(out, count.state(), "=", count.applications());
    });
  }

  static std::string Line(const v1::SpendingLine& line) {
    return absl::StrJoin({line.reserved_cases(), line.reserved_fen(), line.paid_cases(),
                          line.paid_fen(), line.released_fen()},
                         " ", [&line, first = true](std::string* out, int64_t number) mutable {
                           if (first)
                             absl::StrAppend(out, line.county_code(), "/", line.item_code(), " ");
                           first = false;
                           absl::StrAppend(out, number);
                         });
  }

  std::vector<std::string> Spending(const v1::ListSpendingRequest& request = {}) {
    std::vector<std::string> lines;
    const auto response = ReadSpending(*reading_, request);
    EXPECT_TRUE(response.ok()) << response.status();
    if (!response.ok()) return lines;
    for (const v1::SpendingLine& line : response->lines()) lines.push_back(Line(line));
    return lines;
  }

  const test_support::TemporaryFolder folder_;
  const std::string path_ = folder_.File("archive.sqlite");
  std::unique_ptr<ArchiveLog> log_;
  std::unique_ptr<soci::session> reading_;
};

TEST_F(ArchiveQueriesTest, AnswersZerosWhenNothingIsArchived) {
  EXPECT_EQ(Money(), "0 0 0 0 0");
  const v1::Overview overview = Overview();
  EXPECT_EQ(overview.events(), 0);
  EXPECT_FALSE(overview.has_last_event_time());
  EXPECT_EQ(overview.states_size(), 0);
  EXPECT_EQ(overview.stages_size(), 0);
  EXPECT_EQ(overview.cycle().count(), 0);
  EXPECT_THAT(Spending(), ::testing::IsEmpty());
  EXPECT_EQ(ReadTrace(*reading_, kCaseA).status().code(), absl::StatusCode::kNotFound);
}

// Events in, figures out: each row adds one event to those before it.
TEST_F(ArchiveQueriesTest, FollowsTheMoney) {
  struct Row {
    const char* what;
    std::shared_ptr<event::v1::Event> event;
    std::string money;  // allocated available reserved paid released
  };
  const std::vector<Row> rows = {
      {"a county gets money", BudgetEvent("620102", 2026, 1, 9000, 9000), "9000 9000 0 0 0"},
      {"another one too", BudgetEvent("620523", 2026, 1, 1000, 1000), "10000 10000 0 0 0"},
      {"some is taken back", BudgetEvent("620102", 2026, 2, -500, 8500), "9500 9500 0 0 0"},
      {"the next year counts too", BudgetEvent("620102", 2027, 1, 100, 100), "9600 9600 0 0 0"},
      {"reserved", GrantEvent(kCaseA, 1, 10, GRANT_STATE_RESERVED, 1200), "9600 8400 1200 0 0"},
      {"refused", GrantEvent(kCaseB, 1, 11, GRANT_STATE_REFUSED, 0), "9600 8400 1200 0 0"},
      {"reserved for another", GrantEvent(kCaseC, 1, 12, GRANT_STATE_RESERVED, 300),
       "9600 8100 1500 0 0"},
      {"paid", GrantEvent(kCaseA, 2, 13, GRANT_STATE_SETTLED, 1200), "9600 8100 300 1200 0"},
      {"released", GrantEvent(kCaseC, 2, 14, GRANT_STATE_RELEASED, 300), "9600 8400 0 1200 300"},
      {"a repeat", GrantEvent(kCaseC, 2, 14, GRANT_STATE_RELEASED, 300), "9600 8400 0 1200 300"},
      {"an old version", GrantEvent(kCaseC, 1, 12, GRANT_STATE_RESERVED, 300),
       "9600 8400 0 1200 300"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    AppendAll(*log_, {row.event});
    EXPECT_EQ(Money(), row.money);
  }
}

TEST_F(ArchiveQueriesTest, CountsApplicationsByTheirLastState) {
  struct Row {
    std::shared_ptr<event::v1::Event> event;
    std::string states;
  };
  const std::vector<Row> rows = {
      {ApplicationEvent(kCaseA, 1, 1000, APPLICATION_STATE_DRAFT), "DRAFT=1"},
      {ApplicationEvent(kCaseB, 1, 1000, APPLICATION_STATE_DRAFT), "DRAFT=2"},
      {ApplicationEvent(kCaseA, 2, 2000, APPLICATION_STATE_SUBMITTED), "DRAFT=1 SUBMITTED=1"},
      {ApplicationEvent(kCaseA, 3, 3000, APPLICATION_STATE_UNDER_REVIEW), "DRAFT=1 UNDER_REVIEW=1"},
      {ApplicationEvent(kCaseB, 2, 3000, APPLICATION_STATE_WITHDRAWN),
       "UNDER_REVIEW=1 WITHDRAWN=1"},
  };
  for (const Row& row : rows) {
    AppendAll(*log_, {row.event});
    EXPECT_EQ(States(), row.states);
  }
  EXPECT_EQ(Overview().events(), 5);
  EXPECT_EQ(chassis::ToMillis(Overview().last_event_time()), 3000);
}

TEST_F(ArchiveQueriesTest, MeasuresEachStayInAStage) {
  // UNDER_REVIEW twice: 1000 ms, then 4000 ms, with an event in between that does not change the
  // state.
  AppendAll(*log_, {ApplicationEvent(kCaseA, 1, 1000, APPLICATION_STATE_UNDER_REVIEW),
                    ApplicationEvent(kCaseA, 2, 2000, APPLICATION_STATE_SUPPLEMENT),
                    ApplicationEvent(kCaseA, 3, 5000, APPLICATION_STATE_UNDER_REVIEW),
                    ApplicationEvent(kCaseA, 4, 6000, APPLICATION_STATE_UNDER_REVIEW),
                    ApplicationEvent(kCaseA, 5, 9000, APPLICATION_STATE_APPROVED)});
  const v1::Overview overview = Overview();
  ASSERT_EQ(overview.stages_size(), 2);
  const v1::StageTime& review = overview.stages(0);
  EXPECT_EQ(review.stage(), "UNDER_REVIEW");
  EXPECT_EQ(review.count(), 2);
  EXPECT_EQ(review.p50_ms(), 1000);
  EXPECT_EQ(review.p90_ms(), 4000);
  EXPECT_EQ(review.max_ms(), 4000);
  EXPECT_EQ(overview.stages(1).stage(), "SUPPLEMENT");
  EXPECT_EQ(overview.stages(1).p50_ms(), 3000);
}

TEST_F(ArchiveQueriesTest, TakesNoLessThanNoTimeWhenClocksDiffer) {
  AppendAll(*log_, {ApplicationEvent(kCaseA, 1, 5000, APPLICATION_STATE_SUBMITTED),
                    ApplicationEvent(kCaseA, 2, 4990, APPLICATION_STATE_UNDER_REVIEW)});
  ASSERT_EQ(Overview().stages_size(), 1);
  EXPECT_EQ(Overview().stages(0).max_ms(), 0);
}

TEST_F(ArchiveQueriesTest, TakesPercentilesByNearestRank) {
  // Cases that are submitted at 2000 ms and accepted 1, 2, ... 10 seconds later.
  Events events;
  for (int i = 1; i <= 10; ++i) {
    events.push_back(ApplicationEvent(absl::StrCat("applications/620102-", i), 1, 2000 + i * 1000,
                                      APPLICATION_STATE_ACCEPTED));
  }
  AppendAll(*log_, events);
  const v1::StageTime cycle = Overview().cycle();
  EXPECT_EQ(cycle.count(), 10);
  EXPECT_EQ(cycle.p50_ms(), 5000);
  EXPECT_EQ(cycle.p90_ms(), 9000);
  EXPECT_EQ(cycle.max_ms(), 10000);
}

TEST_F(ArchiveQueriesTest, KeepsTheMomentOfTheAcceptance) {
  AppendAll(*log_, {ApplicationEvent(kCaseA, 1, 3000, APPLICATION_STATE_ACCEPTED),
                    ApplicationEvent(kCaseA, 2, 8000, APPLICATION_STATE_PAID)});
  EXPECT_EQ(Overview().cycle().max_ms(), 1000);
}

class SpendingTest : public ArchiveQueriesTest {
 protected:
  SpendingTest() {
    AppendAll(*log_, {GrantEvent("applications/620523-1", 1, 1, GRANT_STATE_RESERVED, 10, "M02"),
                      GrantEvent("applications/620102-1", 1, 2, GRANT_STATE_RESERVED, 100, "M01"),
                      GrantEvent("applications/620102-2", 1, 3, GRANT_STATE_RESERVED, 200, "M01"),
                      GrantEvent("applications/620102-2", 2, 4, GRANT_STATE_SETTLED, 200, "M01"),
                      GrantEvent("applications/620102-3", 1, 5, GRANT_STATE_RESERVED, 400, "M01"),
                      GrantEvent("applications/620102-3", 2, 6, GRANT_STATE_RELEASED, 400, "M01"),
                      GrantEvent("applications/620102-4", 1, 7, GRANT_STATE_REFUSED, 0, "M07"),
                      GrantEvent("applications/620102-5", 1, 8, GRANT_STATE_RESERVED, 800, "H03")});
  }
};

TEST_F(SpendingTest, SumsByCountyAndItem) {
  EXPECT_THAT(Spending(),
              ::testing::ElementsAre("620102/H03 1 800 0 0 0", "620102/M01 1 100 1 200 400",
                                     "620523/M02 1 10 0 0 0"));
}

TEST_F(SpendingTest, Filters) {
  v1::ListSpendingRequest request;
  request.set_county_code("620102");
  EXPECT_EQ(Spending(request).size(), 2u);
  request.set_item_code("M01");
  EXPECT_THAT(Spending(request), ::testing::ElementsAre("620102/M01 1 100 1 200 400"));
  request.set_county_code("620523");
  EXPECT_THAT(Spending(request), ::testing::IsEmpty());
}

TEST_F(SpendingTest, PagesThroughEverythingOnce) {
  std::vector<std::string> lines;
  v1::ListSpendingRequest request;
  request.set_page_size(1);
  for (int page = 0; page < 3; ++page) {
    const auto response = ReadSpending(*reading_, request);
    ASSERT_TRUE(response.ok()) << response.status();
    ASSERT_EQ(response->lines_size(), 1);
    lines.push_back(Line(response->lines(0)));
    EXPECT_EQ(response->next_page_token().empty(), page == 2);
    request.set_page_token(response->next_page_token());
  }
  EXPECT_EQ(lines, Spending());
}

TEST_F(SpendingTest, RefusesAPageTokenOfAnotherQuery) {
  v1::ListSpendingRequest request;
  request.set_page_size(1);
  request.set_page_token(ReadSpending(*reading_, request)->next_page_token());
  request.set_county_code("620523");
  const auto answer = ReadSpending(*reading_, request);
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(chassis::ReasonOf(answer.status()), "PAGE_TOKEN_INVALID");
}

TEST_F(ArchiveQueriesTest, TracesACaseThroughAllServices) {
  AppendAll(*log_, {GrantEvent(kCaseA, 1, 3000, GRANT_STATE_RESERVED, 1200),
                    ApplicationEvent(kCaseB, 1, 1000, APPLICATION_STATE_DRAFT),
                    ApplicationEvent(kCaseA, 1, 1000, APPLICATION_STATE_DRAFT),
                    ApplicationEvent(kCaseA, 2, 3000, APPLICATION_STATE_SUBMITTED)});
  const auto trace = ReadTrace(*reading_, kCaseA);
  ASSERT_TRUE(trace.ok()) << trace.status();
  EXPECT_EQ(trace->application(), kCaseA);
  ASSERT_EQ(trace->events_size(), 3);
  // By time, then by sequence.
  EXPECT_EQ(trace->events(0).sequence(), 3);
  EXPECT_EQ(trace->events(1).sequence(), 1);
  EXPECT_EQ(trace->events(2).sequence(), 4);
  const v1::TraceEvent& reserved = trace->events(1);
  EXPECT_EQ(reserved.event_id(), "grants/620102-01JD0000000000000000000001@1");
  EXPECT_EQ(reserved.type(), "fuju.catalogue.v1.SubsidyReserved");
  EXPECT_EQ(reserved.source(), "catalogue");
  EXPECT_EQ(reserved.aggregate_version(), 1);
  EXPECT_EQ(reserved.actor(), "system:test");
  EXPECT_EQ(chassis::ToMillis(reserved.time()), 3000);
  EXPECT_EQ(reserved.text_zh(), "符合条件，补贴资金已预留");
  const auto json = nlohmann::json::parse(reserved.data_json());
  EXPECT_EQ(json["grant"]["amountFen"], "1200");
  EXPECT_EQ(json["grant"]["state"], "GRANT_STATE_RESERVED");
}

}  // namespace
}  // namespace fuju::audit
