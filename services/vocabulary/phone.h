#ifndef FUJU_VOCABULARY_PHONE_H_
#define FUJU_VOCABULARY_PHONE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fuju::vocabulary {

// A telephone number of mainland China. Many applicants have no mobile, so a landline is as good,
// and an application without any number is never refused for that: whether one is needed is not
// decided here. Its text is personal data: no error message repeats it.
class Phone {
 public:
  enum class Kind { kMobile, kLandline };

  // Mobile 1[3-9] + 9 digits, with or without +86; landline with area code, 0931-8412345 or
  // 09318412345, with or without an extension of 1 to 6 digits after a further hyphen. Spaces are
  // ignored, in a mobile hyphens too. INVALID_ARGUMENT says what is wrong.
  static absl::StatusOr<Phone> Parse(absl::string_view text);

  // Normalised, in clear: "13812345678", "0931-8412345", "0931-8412345-12".
  const std::string& text() const { return text_; }
  Kind kind() const { return kind_; }

  // See MaskPhone.
  std::string Masked() const;

  friend bool operator==(const Phone& a, const Phone& b) { return a.text_ == b.text_; }

 private:
  Phone(std::string text, Kind kind);

  std::string text_;
  Kind kind_;
};

// "138****5678"; a landline keeps its area code and what follows the first four digits of the
// number, without extension: "0931-****345". Text that is not a number becomes stars.
std::string MaskPhone(absl::string_view text);

}  // namespace fuju::vocabulary

#endif  // FUJU_VOCABULARY_PHONE_H_
