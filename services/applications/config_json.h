#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include <google/protobuf/message.h>

namespace fuju::applications {

// What is wrong at one place of a file, with how to mend it.
struct ConfigProblem {
  // Path of a field, such as "stages[2].limit"; empty for the file as a whole.
  std::string place;
  std::string text;
  friend bool operator==(const ConfigProblem&, const ConfigProblem&) = default;
};

// Reads protobuf JSON into an empty `message`. Unlike the library's parser, which stops at the
// first, it names every unknown or repeated name of a field, every wrong type and every unknown
// enum value at once; what is right is read nevertheless, so that what it means can be checked too.
// Only text that is no JSON stops it.
std::vector<ConfigProblem> ReadConfigJson(absl::string_view json,
                                          google::protobuf::Message& message);

}  // namespace fuju::applications
