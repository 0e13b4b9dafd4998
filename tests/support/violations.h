#pragma once

#include <map>
#include <string>

#include "absl/status/status.h"
#include "google/rpc/error_details.pb.h"

#include "chassis/values/refusal.h"

namespace fuju::test_support {

// The field violations of a status: path to text.
inline std::map<std::string, std::string> ViolationsOf(const absl::Status& status) {
  std::map<std::string, std::string> violations;
  const auto payload = status.GetPayload(
      absl::string_view(chassis::kBadRequestUrl.data(), chassis::kBadRequestUrl.size()));
  google::rpc::BadRequest bad_request;
  if (!payload.has_value() || !bad_request.ParseFromString(std::string(*payload))) return {};
  for (const auto& violation : bad_request.field_violations()) {
    violations[violation.field()] += violation.description();
  }
  return violations;
}

// Their paths, sorted, one space between.
inline std::string PathsOf(const absl::Status& status) {
  std::string paths;
  for (const auto& [path, text] : ViolationsOf(status)) {
    if (!paths.empty()) paths += ' ';
    paths += path;
  }
  return paths;
}

}  // namespace fuju::test_support
