#include <string>
#include <utility>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "chassis/admin/dead_letter_names.h"
#include "chassis/rpc/repeatable.h"
#include "chassis/rpc/status.h"
#include "fujuctl/commands.h"
#include "fujuctl/dead_letter_stub.h"

namespace fuju::fujuctl {
namespace {

std::string NewRequestId() {
  absl::BitGen random;
  return absl::StrFormat("%016x%016x", absl::Uniform<uint64_t>(random),
                         absl::Uniform<uint64_t>(random));
}

// A call that got no answer may have been carried out: the same request id is safe.
absl::Status Ended(const grpc::Status& status, const std::string& request_id, std::ostream& out) {
  if (status.ok()) return absl::OkStatus();
  const absl::Status ended = chassis::FromGrpcStatus(status);
  if (chassis::IsRepeatable(ended.code())) {
    out << "it may have been done in part; repeat it with --request_id=" << request_id << "\n";
  }
  return ended;
}

// The one service that all names speak of.
absl::StatusOr<std::string> ServiceOf(const DeadLetterReplayOrder& order) {
  if (order.names.empty()) return order.query.service;
  const std::string service = chassis::ServiceOfDeadLetter(order.names.front());
  for (const std::string& name : order.names) {
    if (chassis::ServiceOfDeadLetter(name) != service) {
      return absl::InvalidArgumentError("the names must be of one service");
    }
  }
  return service;
}

const char* OutcomeText(admin::v1::ReplayOutcome outcome) {
  switch (outcome) {
    case admin::v1::REPLAY_OUTCOME_REPLAYED:
      return "replayed";
    case admin::v1::REPLAY_OUTCOME_WOULD_BE_REPLAYED:
      return "would be replayed";
    case admin::v1::REPLAY_OUTCOME_GONE:
      return "gone";
    default:
      return "unknown";
  }
}

}  // namespace

absl::Status ReplayDeadLetters(const Connections& connections, const DeadLetterReplayOrder& order,
                               std::ostream& out) {
  const absl::StatusOr<std::string> service = ServiceOf(order);
  if (!service.ok()) return service.status();
  const auto stub = DeadLettersOf(connections, *service);
  if (!stub.ok()) return stub.status();
  admin::v1::ReplayDeadLettersRequest request;
  for (const std::string& name : order.names) request.add_names(name);
  request.set_source(order.query.source);
  request.set_subject(order.query.subject);
  request.set_max_count(order.max_count);
  request.set_validate_only(order.dry_run);
  request.set_operator_reason(order.reason);
  request.set_request_id(order.request_id.empty() ? NewRequestId() : order.request_id);
  grpc::ClientContext context;
  Prepare(context, connections);
  admin::v1::ReplayDeadLettersResponse response;
  const grpc::Status status = (*stub)->ReplayDeadLetters(&context, request, &response);
  if (!status.ok()) return Ended(status, request.request_id(), out);
  for (const admin::v1::ReplayedDeadLetter& letter : response.dead_letters()) {
    out << absl::StreamFormat("%s: %s of %s: %s, and %d that waited\n", letter.name(),
                              letter.subject(), letter.source(), OutcomeText(letter.outcome()),
                              letter.waiting_count());
  }
  out << response.dead_letters_size() << " dead letters, " << response.remaining_count()
      << " more\n";
  return absl::OkStatus();
}

absl::Status DiscardDeadLetter(const Connections& connections, const std::string& name,
                               const std::string& reason, const std::string& request_id,
                               std::ostream& out) {
  const auto stub = DeadLettersOf(connections, chassis::ServiceOfDeadLetter(name));
  if (!stub.ok()) return stub.status();
  admin::v1::DiscardDeadLetterRequest request;
  request.set_name(name);
  request.set_operator_reason(reason);
  request.set_request_id(request_id.empty() ? NewRequestId() : request_id);
  grpc::ClientContext context;
  Prepare(context, connections);
  admin::v1::DeadLetter letter;
  const grpc::Status status = (*stub)->DiscardDeadLetter(&context, request, &letter);
  if (!status.ok()) return Ended(status, request.request_id(), out);
  out << absl::StreamFormat("discarded: %s, %s of %s v%d\n", letter.name(), letter.event_type(),
                            letter.subject(), letter.event_version());
  return absl::OkStatus();
}

}  // namespace fuju::fujuctl
