#include "applications/officer_relations.h"

#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "applications/config_json.h"

namespace fuju::applications {
namespace {

constexpr absl::string_view kVendors = "vendors/";

}  // namespace

absl::StatusOr<OfficerRelations> OfficerRelations::Parse(absl::string_view json) {
  v1::OfficerRelations config;
  std::vector<ConfigProblem> problems = ReadConfigJson(json, config);
  OfficerRelations relations;
  for (int i = 0; i < config.relations_size(); ++i) {
    const v1::OfficerRelation& relation = config.relations(i);
    const std::string place = absl::StrCat("relations[", i, "]");
    if (relation.officer().empty() || absl::StrContains(relation.officer(), ':')) {
      problems.push_back({absl::StrCat(place, ".officer"),
                          "must be the officer's id: the part of the actor behind the ':'"});
    } else if (!relations.by_officer_.emplace(relation.officer(), relation).second) {
      problems.push_back({absl::StrCat(place, ".officer"),
                          absl::StrCat(relation.officer(), " stands there before: join them")});
    }
    if (relation.person_keys().empty() && relation.vendors().empty()) {
      problems.push_back({place, "names nobody: add personKeys or vendors, or take it away"});
    }
    for (int j = 0; j < relation.vendors_size(); ++j) {
      if (absl::StartsWith(relation.vendors(j), kVendors)) continue;
      problems.push_back({absl::StrCat(place, ".vendors[", j, "]"),
                          "must be a vendor's name, such as vendors/91620102DEM0000146"});
    }
  }
  if (problems.empty()) return relations;
  return absl::InvalidArgumentError(
      absl::StrJoin(problems, "\n", [](std::string* out, const ConfigProblem& problem) {
        absl::StrAppend(out, problem.place, problem.place.empty() ? "" : ": ", problem.text);
      }));
}

bool OfficerRelations::AreRelated(absl::string_view officer,
                                  const v1::Application& application) const {
  const auto found = by_officer_.find(officer);
  if (found == by_officer_.end()) return false;
  return absl::c_linear_search(found->second.person_keys(), application.person_key()) ||
         (!application.service().vendor().empty() &&
          absl::c_linear_search(found->second.vendors(), application.service().vendor()));
}

}  // namespace fuju::applications
