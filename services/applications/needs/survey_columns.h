#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace fuju::applications {

// The columns of a survey file, in the order in which a row's bad cells are told.
enum class SurveyColumn {
  kCounty,
  kTown,
  kVillage,
  kName,
  kResidentId,
  kCertificate,
  kPhone,
  kAddress,
  kEconomicStatus,
  kArea,
  kDevice,
  kUrgency,
  kSurveyDate,
  kSurveyor,
  kRemark,
  kConsent,
};
inline constexpr size_t kSurveyColumns = 16;

struct SurveyColumnInfo {
  SurveyColumn column;
  // Headers that name it.
  absl::string_view zh;
  absl::string_view en;
  // The header has to have it, and every row a value.
  bool required;
};
absl::Span<const SurveyColumnInfo> AllSurveyColumns();
const SurveyColumnInfo& InfoOf(SurveyColumn column);

// Which column of a file is which. Immutable.
class SurveyHeader {
 public:
  // `cells`: the first row of the file. Columns come in any order, named in Chinese or English;
  // those that are not required may be missing. INVALID_ARGUMENT names everything that is wrong at
  // once: what is missing, named twice or not known.
  static absl::StatusOr<SurveyHeader> Parse(const std::vector<std::string>& cells);

  size_t width() const { return cells_.size(); }
  // The place of a column, from 0; width() if the file has none.
  size_t IndexOf(SurveyColumn column) const { return index_[static_cast<size_t>(column)]; }
  // The header as it stands in the file.
  const std::string& cell(size_t index) const { return cells_[index]; }

 private:
  SurveyHeader() = default;

  std::vector<std::string> cells_;
  std::array<size_t, kSurveyColumns> index_ = {};
};

}  // namespace fuju::applications
