#pragma once

#include <string>

#include "absl/status/statusor.h"
#include <soci/session.h>

#include "fuju/audit/v1/audit_service.pb.h"

namespace fuju::audit {

// The auditor's questions as SQL, on a reading connection. They throw soci::soci_error.

// All events of one case, by time, then by sequence. NOT_FOUND if there are none.
absl::StatusOr<v1::ApplicationTrace> ReadTrace(soci::session& session,
                                               const std::string& application);

// Most lines of one page, and lines of a page whose request does not say.
inline constexpr int kMostLines = 1000;
inline constexpr int kNormalLines = 200;

// One page of spending. INVALID_ARGUMENT, PAGE_TOKEN_INVALID for a token of another query.
absl::StatusOr<v1::ListSpendingResponse> ReadSpending(soci::session& session,
                                                      const v1::ListSpendingRequest& request);

// The figures of the dashboard. Percentiles are by nearest rank. Stages in the order of the states;
// those that no case has left yet are absent.
absl::StatusOr<v1::Overview> ReadOverview(soci::session& session);

}  // namespace fuju::audit
