#ifndef FUJU_VOCABULARY_USCC_H_
#define FUJU_VOCABULARY_USCC_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fuju::vocabulary {

// A unified social credit code (统一社会信用代码, GB 32100-2015): 18 characters without I, O, S, V,
// Z. It names an organisation, so it may stand in messages, ids and logs.
class Uscc {
 public:
  // Accepts lower case and normalises it. INVALID_ARGUMENT for a wrong length, a character outside
  // the set, a division code (characters 3 to 8) that is not digits, or a wrong check character.
  static absl::StatusOr<Uscc> Parse(absl::string_view text);

  // The normalised 18 characters.
  const std::string& text() const { return text_; }

  friend bool operator==(const Uscc& a, const Uscc& b) { return a.text_ == b.text_; }

 private:
  explicit Uscc(std::string text);

  std::string text_;
};

}  // namespace fuju::vocabulary

#endif  // FUJU_VOCABULARY_USCC_H_
