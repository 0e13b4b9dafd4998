#include "applications/desk/bulk_approval.h"

#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "applications/claim_refusal.h"
#include "applications/public_view.h"
#include "applications/review_decisions.h"
#include "chassis/rpc/status.h"
#include "chassis/values/refusal.h"
#include "fuju/applications/v1/applications_service.pb.h"

namespace fuju::applications {
namespace {

absl::Status CheckNamesDiffer(const v1::BulkApproveCasesRequest& request) {
  std::set<std::string> seen;
  chassis::Refusal refusal = chassis::InvalidFields();
  for (int i = 0; i < request.approvals_size(); ++i) {
    if (seen.insert(request.approvals(i).name()).second) continue;
    refusal.Field(absl::StrCat("approvals[", i, "].name"), "同一申请只能出现一次",
                  "an application can be given once only");
  }
  return refusal.has_fields() ? refusal.Build() : absl::OkStatus();
}

google::rpc::Status ToRpcStatus(const absl::Status& status) {
  // The edge's one translation, so that a refusal reads as that of a single call.
  const grpc::Status wire = chassis::ToGrpcStatus(status);
  google::rpc::Status result;
  if (!result.ParseFromString(wire.error_details())) {
    result.set_code(static_cast<int>(wire.error_code()));
    result.set_message(wire.error_message());
  }
  return result;
}

// The approvals on their way; each has a place of its own, and the last one answers.
struct Approvals {
  void End(int i, const absl::StatusOr<chassis::Committed<Record>>& committed) {
    v1::BulkApprovalResult& result = *response.mutable_results(i);
    if (committed.ok()) {
      *result.mutable_application() =
          ListView(committed->state, chassis::EtagOf(committed->version));
      ++approved;
    } else {
      *result.mutable_error() = ToRpcStatus(ToClaimRefusal(committed.status()));
    }
    if (--left > 0) return;
    response.set_approved_count(approved);
    done(std::move(response));
  }

  v1::BulkApproveCasesResponse response;
  std::atomic<int> approved = 0;
  std::atomic<int> left;
  std::function<void(absl::StatusOr<v1::BulkApproveCasesResponse>)> done;
};

// The single call that the approval stands for.
v1::ApproveApplicationRequest SingleRequest(const v1::BulkApproveCasesRequest& request,
                                            const v1::BulkApproval& approval) {
  v1::ApproveApplicationRequest single;
  single.set_name(approval.name());
  single.set_etag(approval.etag());
  single.set_stage(approval.stage());
  single.set_remark(request.remark());
  single.set_request_id(absl::StrCat(request.request_id(), "|", IdOf(approval.name())));
  return single;
}

}  // namespace

void ApproveEach(const Wiring& wiring, const Rules& rules, const chassis::CallInfo& call,
                 const v1::BulkApproveCasesRequest& request,
                 std::function<void(absl::StatusOr<v1::BulkApproveCasesResponse>)> done) {
  if (absl::Status s = CheckNamesDiffer(request); !s.ok()) return done(s);
  auto approvals = std::make_shared<Approvals>();
  approvals->left = request.approvals_size();
  approvals->done = std::move(done);
  // All of them stand in the answer before the first can end.
  for (const v1::BulkApproval& approval : request.approvals()) {
    approvals->response.add_results()->set_name(approval.name());
  }
  // The last end may take `request` away.
  const int count = request.approvals_size();
  for (int i = 0; i < count; ++i) {
    const v1::ApproveApplicationRequest single = SingleRequest(request, request.approvals(i));
    wiring.Change(
        IdOf(single.name()), call.ToCommand(single), Move::kApprove,
        [&rules, verdict = Verdict{single.stage(), {}, single.remark()}](const Record& record,
                                                                         const Act& act) {
          return DecideApprove(record, verdict, rules, act);
        },
        [approvals, i](const absl::StatusOr<chassis::Committed<Record>>& committed) {
          approvals->End(i, committed);
        });
  }
}

}  // namespace fuju::applications
