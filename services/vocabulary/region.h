#ifndef FUJU_VOCABULARY_REGION_H_
#define FUJU_VOCABULARY_REGION_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fuju::vocabulary {

// A six-digit administrative code (GB/T 2260, or the statistical code of an office that is not a
// division). A value that has the form need not exist: RegionTable knows which do.
class RegionCode {
 public:
  // INVALID_ARGUMENT unless `text` is six digits, the first of them 1 to 9.
  static absl::StatusOr<RegionCode> Parse(absl::string_view text);

  const std::string& digits() const { return digits_; }

  // "620102" -> 620100 and 620000; both hold for the statistical codes too.
  RegionCode Prefecture() const;
  RegionCode Province() const;

  // By the digits alone: the last four, and the last two, are 00.
  bool IsProvince() const;
  bool IsPrefecture() const;

  // `this` is `other` or lies in it: 620102 is within 620102, 620100 and 620000.
  bool IsWithin(const RegionCode& other) const;

  friend bool operator==(const RegionCode&, const RegionCode&) = default;
  friend auto operator<=>(const RegionCode&, const RegionCode&) = default;

  template <typename H>
  friend H AbslHashValue(H h, const RegionCode& code) {
    return H::combine(std::move(h), code.digits_);
  }

 private:
  explicit RegionCode(std::string digits);

  std::string digits_;
};

enum class RegionLevel {
  kProvince,
  kPrefecture,
  kCounty,
  // An office with a statistical code that is no division of its own: 620171 兰州新区, 620201
  // 嘉峪关市.
  kFunctionalArea,
};

struct Region {
  RegionCode code;
  std::string name;
  RegionLevel level;
};

// The divisions and reviewing offices of a province, from the two tables of deploy/data. Immutable,
// so safe to share between threads.
class RegionTable {
 public:
  // `divisions_csv`: columns code, name, parent_code, level (province, prefecture, county).
  // `organisations_csv`: the same columns, level functional_area; an office without a code
  // (甘肃矿区) cannot review cases by code and is only named in offices_without_code().
  // INVALID_ARGUMENT with row and column for a bad or repeated code, an unknown level, an empty
  // name or a parent that is missing or contradicts the code.
  static absl::StatusOr<RegionTable> Parse(absl::string_view divisions_csv,
                                           absl::string_view organisations_csv);

  // Null if there is no such region.
  const Region* Find(const RegionCode& code) const;

  // NOT_FOUND if there is no such region.
  absl::StatusOr<std::string> NameOf(const RegionCode& code) const;

  // Name with that of the prefecture before it, as a citizen reads it: "兰州市城关区". NOT_FOUND as
  // NameOf.
  absl::StatusOr<std::string> FullNameOf(const RegionCode& code) const;

  // The prefecture in which a county or office lies; NOT_FOUND for any other code.
  absl::StatusOr<Region> PrefectureOf(const RegionCode& county) const;

  // The federation (or bureau) of this code receives and decides applications: every county, 620201
  // since 嘉峪关市 has no counties, and 620171 兰州新区.
  bool IsReviewingOffice(const RegionCode& code) const;

  // All reviewing offices, and those of one prefecture; in the order of their codes.
  std::vector<Region> ReviewingOffices() const;
  std::vector<Region> ReviewingOfficesOf(const RegionCode& prefecture) const;

  // In the order of their codes.
  std::vector<Region> Prefectures() const;

  // Names of offices that the document addresses but no table gives a code.
  const std::vector<std::string>& offices_without_code() const { return offices_without_code_; }

 private:
  RegionTable() = default;

  absl::Status AddRows(absl::string_view csv, bool code_may_be_empty);

  std::vector<Region> regions_;  // sorted by code once parsed
  absl::flat_hash_map<RegionCode, size_t> index_;
  std::vector<std::string> offices_without_code_;
};

}  // namespace fuju::vocabulary

#endif  // FUJU_VOCABULARY_REGION_H_
