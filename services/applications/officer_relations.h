#pragma once

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "fuju/applications/v1/application.pb.h"
#include "fuju/applications/v1/officer_relation.pb.h"

namespace fuju::applications {

// To whom officers declared to be related. Immutable, so safe to share between threads.
class OfficerRelations {
 public:
  // Nobody declared anything.
  OfficerRelations() = default;

  // JSON of fuju.applications.v1.OfficerRelations. INVALID_ARGUMENT names every problem at once, a
  // line each: place, what is wrong and how to mend it.
  static absl::StatusOr<OfficerRelations> Parse(absl::string_view json);

  // True if the officer must not decide on the case: related to its person or to its vendor.
  bool AreRelated(absl::string_view officer, const v1::Application& application) const;

 private:
  std::map<std::string, v1::OfficerRelation, std::less<>> by_officer_;
};

}  // namespace fuju::applications
