#include "applications/needs/demand_statistics.h"

#include <utility>

#include "applications/needs/need.h"
#include "chassis/values/refusal.h"

namespace fuju::applications {
namespace {

std::vector<vocabulary::Region> CountiesOf(const vocabulary::RegionTable& regions,
                                           const vocabulary::RegionCode& code) {
  if (regions.Find(code) == nullptr) return {};
  if (regions.IsReviewingOffice(code)) return {*regions.Find(code)};
  if (code.IsProvince()) return regions.ReviewingOffices();
  return regions.ReviewingOfficesOf(code);
}

}  // namespace

absl::StatusOr<DemandQuestion> DemandQuestion::Ask(const v1::DemandStatisticsRequest& request,
                                                   const vocabulary::RegionTable& regions) {
  std::vector<vocabulary::Region> counties;
  const auto code = vocabulary::RegionCode::Parse(request.region_code());
  if (code.ok()) counties = CountiesOf(regions, *code);
  if (counties.empty()) {
    return chassis::InvalidFields()
        .Field("region_code", "应为省、市（州）或县（市、区）的6位代码",
               "is the code of the province, a prefecture or a county, six digits")
        .Build();
  }
  DemandQuestion question;
  for (const vocabulary::Region& county : counties) {
    for (int category = type::v1::DisabilityCategory_MIN;
         category <= type::v1::DisabilityCategory_MAX; ++category) {
      for (int area = v1::NEED_AREA_UNSPECIFIED + 1; area <= v1::NeedArea_MAX; ++area) {
        v1::DemandCount cell;
        cell.set_county_code(county.code.digits());
        cell.set_category(static_cast<type::v1::DisabilityCategory>(category));
        cell.set_area(static_cast<v1::NeedArea>(area));
        question.counters_.push_back(
            DemandCounter(request.survey_year(), cell.county_code(), cell.category(), cell.area()));
        question.cells_.push_back(std::move(cell));
      }
    }
  }
  return question;
}

v1::DemandStatisticsResponse DemandQuestion::Answer(const std::vector<int64_t>& sums) const {
  v1::DemandStatisticsResponse answer;
  int64_t total = 0;
  for (size_t i = 0; i < cells_.size(); ++i) {
    if (sums[i] == 0) continue;
    v1::DemandCount& count = *answer.add_counts();
    count = cells_[i];
    count.set_needs(sums[i]);
    total += sums[i];
  }
  answer.set_total(total);
  return answer;
}

}  // namespace fuju::applications
