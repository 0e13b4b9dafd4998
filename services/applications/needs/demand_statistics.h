#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "fuju/applications/v1/needs_service.pb.h"
#include "vocabulary/region.h"

namespace fuju::applications {

// The counters that answer DemandStatistics. Pure.
class DemandQuestion {
 public:
  // The counties of a county, prefecture or province. INVALID_ARGUMENT, naming region_code, for a
  // code that is none of them.
  static absl::StatusOr<DemandQuestion> Ask(const v1::DemandStatisticsRequest& request,
                                            const vocabulary::RegionTable& regions);

  // The same in every partition; a partition has what its persons need.
  const std::vector<std::string>& counters() const { return counters_; }
  // `sums`: of each counter over all partitions.
  v1::DemandStatisticsResponse Answer(const std::vector<int64_t>& sums) const;

 private:
  DemandQuestion() = default;

  std::vector<v1::DemandCount> cells_;
  std::vector<std::string> counters_;
};

}  // namespace fuju::applications
