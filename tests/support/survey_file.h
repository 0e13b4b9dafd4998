#pragma once

#include <string>

namespace fuju::test_support {

// Survey files of invented people.

// The header with all columns, in Chinese.
extern const char kSurveyHeader[];
// When all of them were surveyed.
inline constexpr int kSurveyYear = 2025;

// A resident id with a right check digit: somebody born between 1945 and 1999. People up to 20
// million have different ones.
std::string InventedResidentId(int person);

// One row of a person, without a line end: everything filled in, and the same for the same
// person.
std::string SurveyRow(int person);

// A file of so many people, from `first` on.
std::string SurveyCsv(int first, int count);

}  // namespace fuju::test_support
