#ifndef FUJU_VOCABULARY_PERSON_KEY_H_
#define FUJU_VOCABULARY_PERSON_KEY_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "vocabulary/resident_id.h"

namespace fuju::vocabulary {

// Turns a resident id into the key by which a person is known in events, claims and limits:
// HMAC-SHA256 of the normalised id under a secret pepper, 64 lower-case hex digits. Without the
// pepper the key cannot be traced back, although there are few enough ids to try them all. The
// pepper must never change: every stored key would lose its person. Immutable, so safe to share
// between threads.
class PersonKeyer {
 public:
  static constexpr size_t kShortestPepper = 16;  // bytes

  // `pepper` is the content of the pepper file; line ends at its end do not count, so the file may
  // be written with or without one. INVALID_ARGUMENT if it is shorter than kShortestPepper.
  static absl::StatusOr<PersonKeyer> Create(absl::string_view pepper);

  // INTERNAL if the crypto library refuses.
  absl::StatusOr<std::string> KeyOf(const ResidentId& person) const;

 private:
  explicit PersonKeyer(std::string pepper);

  std::string pepper_;
};

// True for 64 lower-case hex digits.
bool IsPersonKey(absl::string_view text);

}  // namespace fuju::vocabulary

#endif  // FUJU_VOCABULARY_PERSON_KEY_H_
