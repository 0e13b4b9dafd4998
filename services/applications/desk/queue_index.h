#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "chassis/values/decision.h"
#include "fuju/applications/storage/v1/application_record.pb.h"

namespace fuju::applications {

// The queues of the offices as indexes beside the cases; part of the stored format, as
// footprint.h. Only a case that waits for an officer stands in them, so they end with the review.
// Lists run by falling score, so the score is the due time below zero: the least time left comes
// first.

// Milliseconds since 1970, below zero.
int64_t QueueScore(absl::Time due);
absl::Time DueOfScore(int64_t score);

// All cases of an office; those of a stage, of an item, on hold, and those that an officer has
// claimed (also after the claim's end, until something else happens to the case).
std::string QueueIndex(absl::string_view office);
std::string StageQueueIndex(absl::string_view office, absl::string_view stage);
std::string ItemQueueIndex(absl::string_view office, absl::string_view item_code);
std::string HoldQueueIndex(absl::string_view office);
std::string OfficerQueueIndex(absl::string_view office, absl::string_view officer);

// The claims of a stage by their end, ms since 1970. Members are "<officer>|<application id>".
std::string ClaimsIndex(absl::string_view office, absl::string_view stage);
// The officer of such a member; none if it is not one.
std::optional<std::string> OfficerOfClaim(absl::string_view member);

// The entries of a case; none if it does not wait.
void AddQueueEntries(absl::string_view id, const storage::v1::ApplicationRecord& record,
                     chassis::Footprint& footprint);

}  // namespace fuju::applications
