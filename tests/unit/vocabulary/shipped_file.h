#ifndef FUJU_TESTS_UNIT_VOCABULARY_SHIPPED_FILE_H_
#define FUJU_TESTS_UNIT_VOCABULARY_SHIPPED_FILE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace fuju::vocabulary {

// The bytes of deploy/data/gansu/<name>; records a test failure and returns "" if it cannot be
// read.
std::string ShippedFile(absl::string_view name);

}  // namespace fuju::vocabulary

#endif  // FUJU_TESTS_UNIT_VOCABULARY_SHIPPED_FILE_H_
