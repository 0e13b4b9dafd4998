#include "applications/needs/demand_statistics.h"

#include <set>

#include <gtest/gtest.h>

#include "support/service_calls.h"

namespace fuju::applications {
namespace {

TEST(DemandStatisticsTest, AsksEachCodeOfEachCountyOnce) {
  const auto regions = *vocabulary::RegionTable::Parse(
      test_support::GansuFile("divisions.csv"), test_support::GansuFile("organisations_extra.csv"));
  constexpr size_t kCells = 8 * 5;  // seven categories and none; five areas
  const struct {
    const char* region;
    size_t counties;
  } kCases[] = {{"620102", 1}, {"620171", 1}, {"620100", 9}, {"620200", 1}, {"620000", 88},
                {"620199", 0}, {"110000", 0}, {"62", 0},     {"", 0}};
  for (const auto& c : kCases) {
    v1::DemandStatisticsRequest request;
    request.set_survey_year(2025);
    request.set_region_code(c.region);
    const auto question = DemandQuestion::Ask(request, regions);
    EXPECT_EQ(question.ok(), c.counties > 0) << c.region;
    if (!question.ok()) continue;
    const std::vector<std::string>& counters = question->counters();
    EXPECT_EQ(counters.size(), c.counties * kCells) << c.region;
    EXPECT_EQ(std::set<std::string>(counters.begin(), counters.end()).size(), counters.size());
    std::vector<int64_t> sums(counters.size());
    sums.back() = 7;
    const v1::DemandStatisticsResponse answer = question->Answer(sums);
    EXPECT_EQ(answer.total(), 7);
    ASSERT_EQ(answer.counts_size(), 1);
    EXPECT_EQ(answer.counts(0).area(), v1::NEED_AREA_ACCESSIBILITY);
    EXPECT_EQ(answer.counts(0).category(), type::v1::DISABILITY_CATEGORY_MULTIPLE);
  }
}

}  // namespace
}  // namespace fuju::applications
