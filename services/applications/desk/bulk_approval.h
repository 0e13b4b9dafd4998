#pragma once

#include <functional>

#include "absl/status/statusor.h"

#include "applications/wiring.h"
#include "chassis/rpc/call.h"
#include "fuju/applications/v1/review_desk_service.pb.h"

namespace fuju::applications {

// Approves each application as ApproveApplication does (review_decisions.h), each in a commit of
// its own under a request id made of the call's and the application's: a repeat finds what is done
// and does the rest. What is refused is told beside the rest. INVALID_ARGUMENT, before anything is
// done, names every application that is given twice. `call` and `request` live until `done`, which
// is called once.
void ApproveEach(const Wiring& wiring, const Rules& rules, const chassis::CallInfo& call,
                 const v1::BulkApproveCasesRequest& request,
                 std::function<void(absl::StatusOr<v1::BulkApproveCasesResponse>)> done);

}  // namespace fuju::applications
