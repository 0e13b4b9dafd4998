#ifndef FUJU_VOCABULARY_PERSON_NAME_H_
#define FUJU_VOCABULARY_PERSON_NAME_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fuju::vocabulary {

// A person's name as on the identity card. Personal data: no error message repeats it.
class PersonName {
 public:
  static constexpr int kShortest = 2;  // characters
  static constexpr int kLongest = 50;  // characters: the longest names of minorities stay below it

  // Trims white space, drops it beside a letter that is not Latin ("张 三" is 张三), and writes the
  // dot inside a name as U+00B7, whichever of its look-alikes was typed. INVALID_ARGUMENT for a
  // length outside kShortest..kLongest, text that is not UTF-8, control characters, digits, and
  // punctuation other than dot, hyphen, apostrophe and single spaces.
  static absl::StatusOr<PersonName> Parse(absl::string_view text);

  // Normalised, in clear.
  const std::string& text() const { return text_; }

  // See MaskPersonName.
  std::string Masked() const;

 private:
  explicit PersonName(std::string text);

  std::string text_;
};

// "张*", "张*明", "欧**明": all but the first and, from three characters on, the last. Text that is
// not UTF-8 or has one character becomes "*".
std::string MaskPersonName(absl::string_view text);

}  // namespace fuju::vocabulary

#endif  // FUJU_VOCABULARY_PERSON_NAME_H_
