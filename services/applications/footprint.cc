#include "applications/footprint.h"

#include "absl/strings/str_cat.h"

#include "applications/application.h"
#include "applications/desk/queue_index.h"
#include "applications/desk/stage_work.h"
#include "applications/moves.h"
#include "chassis/values/timestamps.h"

namespace fuju::applications {

std::string CountyIndex(absl::string_view county_code, v1::ApplicationState state) {
  if (state == v1::APPLICATION_STATE_UNSPECIFIED) return absl::StrCat("county:", county_code);
  return absl::StrCat("county:", county_code, ":", StateName(state));
}

std::string PersonIndex(absl::string_view person_key) {
  // 96 bits tell persons apart, and the name of the index is most of what it costs.
  constexpr size_t kDigits = 24;
  return absl::StrCat("person:", person_key.substr(0, kDigits));
}

std::string OpenClaimOf(const v1::Application& application) {
  return absl::StrCat("open:", application.person_key(), ":",
                      application.request().device_division());
}

chassis::Footprint FootprintOf(absl::string_view id, const Record& record) {
  chassis::Footprint footprint;
  const v1::Application& application = record.application();
  // A store asks for the footprint of an application that does not exist yet, too.
  if (application.state() == v1::APPLICATION_STATE_UNSPECIFIED) return footprint;

  const int64_t score = chassis::ToMillis(application.create_time());
  for (const v1::ApplicationState state :
       {v1::APPLICATION_STATE_UNSPECIFIED, application.state()}) {
    footprint.index.push_back(
        {CountyIndex(application.county_code(), state), std::string(id), score});
  }
  footprint.index.push_back({PersonIndex(application.person_key()), std::string(id), score});
  if (application.state() != v1::APPLICATION_STATE_DRAFT && !IsFinal(application.state())) {
    footprint.claims.push_back({OpenClaimOf(application)});
  }
  if (record.has_limit()) {
    footprint.timers.push_back({record.limit().name(), chassis::ToTime(record.limit().due_time())});
  }
  AddQueueEntries(id, record, footprint);
  AddWorkEntries(record, footprint);
  return footprint;
}

}  // namespace fuju::applications
