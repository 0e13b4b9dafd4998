#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "applications/chain_book.h"
#include "fuju/applications/storage/v1/application_record.pb.h"
#include "fuju/applications/v1/review_desk.pb.h"

namespace fuju::applications {

// What the desk shows of cases. Pure.

// The line of a case in the queue, masked.
v1::QueuedCase QueuedCaseView(const storage::v1::ApplicationRecord& record, std::string etag,
                              absl::Time now);

// The stages in which cases of an office can wait, empty of numbers: those of the county's chain in
// their order, then those of other chains, with which older cases may have begun, then the appeal.
// For a prefecture and the province those of all chains.
std::vector<v1::StageCount> StagesOf(const ChainBook& chains, absl::string_view office);

// A range of an index whose entries are to be counted.
struct CountRange {
  std::string index;
  int64_t min_score = 0;
  int64_t max_score = 0;
};
// What has to be counted first, one range for each stage: how many wait. Most stages of the
// province's chains have none in an office.
std::vector<CountRange> OpenRangesOf(absl::Span<const v1::StageCount> stages,
                                     absl::string_view office);
// The stages with these numbers. A stage of another chain without a case is left out, as are all
// without one if the office is no county.
std::vector<v1::StageCount> WithOpenCounts(std::vector<v1::StageCount> stages,
                                           absl::Span<const int64_t> counts,
                                           const ChainBook& chains, absl::string_view office);
// What has to be counted then, at `now`: late, due today, claimed.
std::vector<CountRange> DetailRangesOf(absl::Span<const v1::StageCount> stages,
                                       absl::string_view office, absl::Time now);
std::vector<v1::StageCount> WithDetails(std::vector<v1::StageCount> stages,
                                        absl::Span<const int64_t> counts);

}  // namespace fuju::applications
