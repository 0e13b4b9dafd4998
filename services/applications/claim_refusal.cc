#include "applications/claim_refusal.h"

#include "absl/strings/str_cat.h"

#include "applications/application.h"
#include "applications/officer_check.h"
#include "applications/relation.h"
#include "chassis/values/refusal.h"

namespace fuju::applications {

absl::Status OpenApplicationExists(const std::string& holder) {
  return chassis::Refusal(
             absl::StatusCode::kAlreadyExists, "OPEN_APPLICATION_EXISTS",
             absl::StrCat("本人同类辅具已有正在办理的申请（", holder, "），请等其办结或先撤回"),
             absl::StrCat("the person has an open application for this device division, ", holder,
                          ": wait for its end, or withdraw it first"))
      .With("holder", holder)
      .Build();
}

absl::Status ToClaimRefusal(const absl::Status& status) {
  if (chassis::ReasonOf(status) != "CLAIM_HELD") return status;
  if (IsRelationClaim(chassis::MetadataOf(status, "claim"))) return OfficerRelated();
  // "<kind>|<id>"
  const std::string holder = chassis::MetadataOf(status, "holder");
  return OpenApplicationExists(NameOf(holder.substr(holder.find('|') + 1)));
}

}  // namespace fuju::applications
