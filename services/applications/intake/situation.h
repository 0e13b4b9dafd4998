#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include <google/protobuf/repeated_field.h>

#include "fuju/applications/storage/v1/intake_files.pb.h"
#include "fuju/applications/v1/application.pb.h"
#include "fuju/applications/v1/document.pb.h"

namespace fuju::applications {

// What the conditions of the intake files look at.
struct Situation {
  std::string county_code;
  std::string item_code;
  int age = 0;
  std::vector<int> categories;
  type::v1::EconomicStatus economic_status = type::v1::ECONOMIC_STATUS_UNSPECIFIED;
  std::vector<int> relations;
  bool certified = false;
  v1::ResidenceKind residence = v1::RESIDENCE_KIND_UNSPECIFIED;
  type::v1::EarlyReplacementGround early_ground = type::v1::EARLY_REPLACEMENT_GROUND_UNSPECIFIED;
};

// Of an application whose applicant is in normal form, on the day of `now`. Pure.
Situation SituationOf(const v1::Application& application, absl::Time now);
Situation SituationOf(const v1::DocumentSituation& asked);

// Whether everything that the condition names is so. Pure.
bool Holds(const storage::v1::CaseCondition& condition, const Situation& situation);
// Whether one of them holds. Pure.
bool HoldsAny(const google::protobuf::RepeatedPtrField<storage::v1::CaseCondition>& conditions,
              const Situation& situation);

}  // namespace fuju::applications
