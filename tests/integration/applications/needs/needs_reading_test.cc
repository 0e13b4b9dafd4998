// What is read of the demand register: lists, counts, facts, metrics.

#include <map>
#include <optional>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/text_serializer.h>

#include "applications/needs/needs_of_person.h"
#include "chassis/streams/fanout.h"
#include "fuju/applications/v1/need_events.pb.h"
#include "integration/applications/needs/needs_instance.h"
#include "support/awaited.h"
#include "support/fact_log.h"
#include "support/violations.h"

namespace fuju::applications {
namespace {

using test_support::kSurveyYear;
using test_support::SurveyCsv;
using ::testing::HasSubstr;
using ::testing::Not;

class NeedsReadingTest : public ::testing::Test {
 protected:
  const NeedsCalls& calls() { return instance_.calls(); }
  absl::StatusOr<v1::ListNeedsResponse> List(const v1::ListNeedsRequest& request) {
    return test_support::Call(calls().stub(), &NeedsStub::ListNeeds, request, "");
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  NeedsInstance instance_{redis_, &clock_};
};

TEST_F(NeedsReadingTest, APersonsNeedsAreFoundAcrossYearsAndCounties) {
  // Two needs of one person, in two counties.
  const std::string row = test_support::SurveyRow(0);
  const std::string other = absl::StrReplaceAll(
      row,
      {{"620102,620102001,620102001200,", "620103,620103001,620103001200,"}, {"出行", "康复训练"}});
  ASSERT_TRUE(calls()
                  .Import(absl::StrCat(test_support::kSurveyHeader, "\n", row, "\n", other, "\n",
                                       test_support::SurveyRow(1)))
                  .ok());
  const auto in_county = calls().Needs("620103");
  ASSERT_FALSE(in_county.empty());
  v1::ListNeedsRequest request;
  for (const v1::Need& need : in_county) {
    if (need.area() == v1::NEED_AREA_REHABILITATION) request.set_person_key(need.person_key());
  }
  const auto needs = List(request);
  ASSERT_TRUE(needs.ok()) << needs.status();
  ASSERT_EQ(needs->needs_size(), 2);
  std::set<std::string> counties;
  for (const v1::Need& need : needs->needs()) counties.insert(need.county_code());
  EXPECT_EQ(counties, (std::set<std::string>{"620102", "620103"}));
  // Masked, and complete otherwise.
  request.set_county_code("620102");
  const v1::Need need = List(request)->needs(0);
  EXPECT_EQ(need.person().name(), "王*兰");
  EXPECT_EQ(need.person().phone(), "139****0000");
  EXPECT_THAT(need.person().resident_id(), HasSubstr("******"));
  EXPECT_THAT(need.person().address(), HasSubstr("****"));
  EXPECT_EQ(need.village_code(), "620102001200");
  EXPECT_EQ(need.item_code(), "M01");
  EXPECT_EQ(need.device_division(), "122203");
  EXPECT_EQ(need.survey_date(), absl::StrCat(kSurveyYear, "-03-01"));
  EXPECT_EQ(need.category(), type::v1::DISABILITY_CATEGORY_VISUAL);
  EXPECT_EQ(need.import_row(), 2);
}

TEST_F(NeedsReadingTest, APersonIsKnownByTheNeedsOfTheNewestSurvey) {
  ASSERT_TRUE(calls().Import(SurveyCsv(0, 2)).ok());
  const auto surveyed = [this](const std::string& person_key) {
    test_support::Awaited<absl::StatusOr<std::optional<Surveyed>>> found;
    SurveyFinder(instance_.needs().needs())(person_key, absl::Now() + absl::Seconds(20),
                                            found.Callback());
    return found.Wait();
  };
  const auto needs = calls().Needs("620102");
  ASSERT_FALSE(needs.empty());
  const auto found = surveyed(needs[0].person_key());
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_TRUE(found->has_value());
  // In clear: an application is filled in with it.
  EXPECT_THAT((*found)->found.name(), Not(HasSubstr("*")));
  EXPECT_EQ((*found)->found.resident_id().size(), 18u);
  EXPECT_EQ((*found)->found.certificate_number().substr(0, 18), (*found)->found.resident_id());
  EXPECT_EQ(absl::FormatCivilTime((*found)->day), needs[0].survey_date());
  EXPECT_FALSE(surveyed(std::string(64, '0'))->has_value());
}

TEST_F(NeedsReadingTest, ACountysListIsFiltered) {
  ASSERT_TRUE(calls().Import(SurveyCsv(0, 300)).ok());
  const auto all = calls().Needs("620102");
  ASSERT_EQ(all.size(), 30u);
  v1::ListNeedsRequest request;
  request.set_county_code("620102");
  request.set_survey_year(kSurveyYear);
  request.set_page_size(200);
  request.set_area(v1::NEED_AREA_MOBILITY);
  request.set_category(type::v1::DISABILITY_CATEGORY_PHYSICAL);
  int expected = 0;
  for (const v1::Need& need : all) {
    if (need.area() == request.area() && need.category() == request.category()) ++expected;
  }
  EXPECT_GT(expected, 0);
  EXPECT_EQ(List(request)->needs_size(), expected);
  request.set_item_code("M02");
  EXPECT_EQ(List(request)->needs_size(), 0);
  request.Clear();
  request.set_county_code("620102");
  EXPECT_EQ(test_support::PathsOf(List(request).status()), "county_code person_key survey_year");
}

// The counts are those of the lists, by every code, and follow what changes.
TEST_F(NeedsReadingTest, CountsAreExact) {
  ASSERT_TRUE(calls().Import(SurveyCsv(0, 700)).ok());
  const auto expect_exact = [&](const std::string& county) {
    std::map<std::pair<int, int>, int64_t> listed;
    for (const v1::Need& need : calls().Needs(county)) ++listed[{need.category(), need.area()}];
    std::map<std::pair<int, int>, int64_t> counted;
    const v1::DemandStatisticsResponse demand = calls().Demand(county);
    for (const v1::DemandCount& count : demand.counts()) {
      EXPECT_EQ(count.county_code(), county);
      counted[{count.category(), count.area()}] = count.needs();
    }
    EXPECT_EQ(counted, listed) << county;
    EXPECT_FALSE(counted.empty());
  };
  expect_exact("620102");
  EXPECT_EQ(calls().Demand("620000").total(), 700);
  EXPECT_EQ(calls().Demand("620100").total(), 140);
  // People of one county are found in another one.
  const auto moved =
      calls().Import(absl::StrReplaceAll(SurveyCsv(0, 700), {{"\n620102,620102", "\n620104,620104"},
                                                             {",620102001", ",620104001"},
                                                             {",620102002", ",620104002"},
                                                             {",620102003", ",620104003"},
                                                             {",620102004", ",620104004"},
                                                             {",620102005", ",620104005"},
                                                             {",620102006", ",620104006"},
                                                             {",620102007", ",620104007"},
                                                             {",620102008", ",620104008"},
                                                             {",620102009", ",620104009"}}));
  ASSERT_TRUE(moved.ok()) << moved.status();
  EXPECT_EQ(Told(moved->counts()), "read 700: 0 recorded, 70 changed, 630 unchanged, 0 bad");
  EXPECT_TRUE(calls().Needs("620102").empty());
  EXPECT_EQ(calls().Demand("620102").total(), 0);
  expect_exact("620104");
  EXPECT_EQ(calls().Demand("620000").total(), 700);
  v1::DemandStatisticsRequest unknown;
  unknown.set_survey_year(kSurveyYear);
  unknown.set_region_code("999999");
  EXPECT_EQ(
      test_support::PathsOf(
          test_support::Call(calls().stub(), &NeedsStub::DemandStatistics, unknown, "").status()),
      "region_code");
}

TEST_F(NeedsReadingTest, FactsTellNothingAboutPersons) {
  const auto client = chassis::redis::PipelinedClient::Start({.endpoint = redis_.endpoint()});
  const auto fanout =
      chassis::Fanout::Start(client.get(), chassis::redis::Topology::Fixed(redis_.endpoint()),
                             chassis::Keys("applications", 16));
  {
    test_support::FactLog log(*fanout, 16);
    const std::string csv = SurveyCsv(0, 20);
    ASSERT_TRUE(calls().Import(absl::StrCat(csv, "a,b\n")).ok());
    ASSERT_TRUE(calls().Import(absl::StrReplaceAll(csv, {{",是", ",监护人"}})).ok());
    EXPECT_EQ(log.Await<v1::NeedRecorded>(20).size(), 20u);
    EXPECT_EQ(log.Await<v1::NeedChanged>(20).size(), 20u);
    EXPECT_EQ(log.Await<v1::NeedsImportStarted>(2).size(), 2u);
    const auto completed = log.Await<v1::NeedsImportCompleted>(2);
    EXPECT_EQ(completed.size(), 2u);
    const auto reported = log.Await<v1::NeedsImportBadCellsReported>(1);
    EXPECT_EQ(reported[0].bad_cells(), 1);
    const v1::Need need = log.Await<v1::NeedRecorded>(20)[0].need();
    EXPECT_EQ(need.person_key().size(), 64u);
    EXPECT_NE(need.county_code(), "");
    for (const event::v1::Event& event : log.All()) {
      const std::string bytes = event.SerializeAsString();
      for (const char* personal :
           {"小兰", "秀英", "幸福路", "1390000", "陈晓", "独居", "62010219"}) {
        EXPECT_THAT(bytes, Not(HasSubstr(personal)));
      }
      EXPECT_EQ(event.actor(), "county_reviewer:r1");
    }
  }
  fanout->Stop();
}

TEST_F(NeedsReadingTest, RowsAreCounted) {
  ASSERT_TRUE(calls().Import(absl::StrCat(SurveyCsv(0, 20), "a,b\n")).ok());
  ASSERT_TRUE(calls().Import(SurveyCsv(0, 20)).ok());
  const std::string metrics =
      prometheus::TextSerializer().Serialize(instance_.registry().Collect());
  EXPECT_THAT(metrics, HasSubstr("fuju_applications_needs_rows_total{result=\"recorded\"} 20"));
  EXPECT_THAT(metrics, HasSubstr("fuju_applications_needs_rows_total{result=\"unchanged\"} 20"));
  EXPECT_THAT(metrics, HasSubstr("fuju_applications_needs_rows_total{result=\"bad\"} 1"));
  EXPECT_THAT(metrics, HasSubstr("fuju_applications_needs_imports_total{state=\"COMPLETED\"} 2"));
}

}  // namespace
}  // namespace fuju::applications
