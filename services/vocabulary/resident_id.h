#ifndef FUJU_VOCABULARY_RESIDENT_ID_H_
#define FUJU_VOCABULARY_RESIDENT_ID_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace fuju::vocabulary {

enum class Sex { kMale, kFemale };

// A resident identity number (公民身份号码, GB 11643): AAAAAA YYYYMMDD SSS C. Its text is personal
// data: no error message of this header repeats it.
class ResidentId {
 public:
  static constexpr int kOldestAge = 130;

  // Accepts 18 characters, a lower-case x too. INVALID_ARGUMENT, with what is wrong, for the old
  // 15-digit form, a character out of place, a birth date that does not exist, lies after `today`
  // or more than kOldestAge years before it, and a wrong check character. The first six digits are
  // not looked up: a division that was renamed or merged stays in its people's numbers for life.
  static absl::StatusOr<ResidentId> Parse(absl::string_view text, absl::CivilDay today);

  // The normalised 18 characters, in clear.
  const std::string& text() const { return text_; }

  absl::CivilDay birth_date() const { return birth_date_; }
  Sex sex() const { return sex_; }

  // See MaskResidentId.
  std::string Masked() const;

  friend bool operator==(const ResidentId& a, const ResidentId& b) { return a.text_ == b.text_; }

 private:
  ResidentId(std::string text, absl::CivilDay birth_date, Sex sex);

  std::string text_;
  absl::CivilDay birth_date_;
  Sex sex_;
};

// "6201**********001X": first four and last four characters. Also for text that never was valid;
// below 18 bytes it shows nothing but stars, since eight characters of it would be too much.
std::string MaskResidentId(absl::string_view text);

}  // namespace fuju::vocabulary

#endif  // FUJU_VOCABULARY_RESIDENT_ID_H_
