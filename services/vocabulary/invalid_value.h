#ifndef FUJU_VOCABULARY_INVALID_VALUE_H_
#define FUJU_VOCABULARY_INVALID_VALUE_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace fuju::vocabulary {

// Between the Chinese and the English half of every message of this room.
inline constexpr absl::string_view kLanguageSeparator = " / ";

// INVALID_ARGUMENT whose message is `zh`, kLanguageSeparator, `en`. The rejected text itself
// belongs in the message only if it is not about a person: messages reach logs.
absl::Status InvalidValue(absl::string_view zh, absl::string_view en);

// FAILED_PRECONDITION in the same form: the input is right, but something must be loaded first.
absl::Status MissingData(absl::string_view zh, absl::string_view en);

}  // namespace fuju::vocabulary

#endif  // FUJU_VOCABULARY_INVALID_VALUE_H_
