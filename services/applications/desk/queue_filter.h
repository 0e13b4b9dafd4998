#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "fuju/applications/storage/v1/application_record.pb.h"
#include "fuju/applications/v1/review_desk_service.pb.h"

namespace fuju::applications {

// What a question about the queue asks for. Pure. `officer` is the person who asks (staff_roles.h).

// The index that has all that is asked for and the least beside: of the officer's own cases, of
// those on hold, of an item, of a stage, or of the office.
std::string IndexFor(const v1::ListQueuedCasesRequest& request, absl::string_view officer);

// True if the case is asked for. The index was read before the case, and knows one filter at most.
bool IsAskedFor(const v1::ListQueuedCasesRequest& request, absl::string_view officer,
                const storage::v1::ApplicationRecord& record, absl::Time now);

}  // namespace fuju::applications
