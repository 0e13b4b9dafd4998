#include "applications/desk/queue_index.h"

#include "absl/strings/str_cat.h"

#include "applications/desk/desk_place.h"
#include "applications/staff_roles.h"
#include "chassis/values/timestamps.h"

namespace fuju::applications {

int64_t QueueScore(absl::Time due) { return -absl::ToUnixMillis(due); }

absl::Time DueOfScore(int64_t score) { return absl::FromUnixMillis(-score); }

std::string QueueIndex(absl::string_view office) { return absl::StrCat("queue:", office); }

std::string StageQueueIndex(absl::string_view office, absl::string_view stage) {
  return absl::StrCat("queue:", office, ":stage:", stage);
}

std::string ItemQueueIndex(absl::string_view office, absl::string_view item_code) {
  return absl::StrCat("queue:", office, ":item:", item_code);
}

std::string HoldQueueIndex(absl::string_view office) {
  return absl::StrCat("queue:", office, ":hold");
}

std::string OfficerQueueIndex(absl::string_view office, absl::string_view officer) {
  return absl::StrCat("queue:", office, ":officer:", officer);
}

std::string ClaimsIndex(absl::string_view office, absl::string_view stage) {
  return absl::StrCat("claims:", office, ":", stage);
}

std::optional<std::string> OfficerOfClaim(absl::string_view member) {
  // An id has no bar.
  const size_t bar = member.rfind('|');
  if (bar == absl::string_view::npos) return std::nullopt;
  return std::string(member.substr(0, bar));
}

void AddQueueEntries(absl::string_view id, const storage::v1::ApplicationRecord& record,
                     chassis::Footprint& footprint) {
  const v1::Application& application = record.application();
  // A case that was waiting already when there was no queue has no place, and its index entries
  // were never written; it gets both with its next change.
  if (!record.has_desk_place() || !WaitsForOfficer(application.state())) return;
  const std::string office = OfficeOf(application.county_code(), application.holder().party());
  const std::string stage = DeskStageOf(application);
  const int64_t score = QueueScore(DueTimeOf(application));
  const auto add = [&](std::string index) {
    footprint.index.push_back({std::move(index), std::string(id), score});
  };
  add(QueueIndex(office));
  add(StageQueueIndex(office, stage));
  add(ItemQueueIndex(office, application.request().item_code()));
  if (application.state() == v1::APPLICATION_STATE_ON_HOLD) add(HoldQueueIndex(office));
  if (!record.desk_place().has_claim()) return;
  const v1::CaseClaim& claim = record.desk_place().claim();
  const absl::string_view officer = PersonOf(claim.officer());
  add(OfficerQueueIndex(office, officer));
  footprint.index.push_back({ClaimsIndex(office, stage), absl::StrCat(officer, "|", id),
                             chassis::ToMillis(claim.end_time())});
}

}  // namespace fuju::applications
