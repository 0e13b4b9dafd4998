#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include <google/protobuf/util/json_util.h>

#include "chassis/admin/dead_letter_names.h"
#include "chassis/rpc/status.h"
#include "chassis/values/timestamps.h"
#include "fuju/admin/v1/dead_letters_service.grpc.pb.h"
#include "fujuctl/commands.h"
#include "fujuctl/dead_letter_stub.h"
#include "vocabulary/civil_date.h"

namespace fuju::fujuctl {
namespace {

constexpr int kPage = 200;

std::string TimeText(const google::protobuf::Timestamp& time) {
  return absl::FormatTime(absl::RFC3339_sec, chassis::ToTime(time), vocabulary::ShanghaiTimeZone());
}

// "FAILED" of DEAD_LETTER_REASON_FAILED.
std::string ReasonText(admin::v1::DeadLetterReason reason) {
  constexpr size_t kPrefix = sizeof("DEAD_LETTER_REASON_") - 1;
  return admin::v1::DeadLetterReason_Name(reason).substr(kPrefix);
}

void Print(const admin::v1::DeadLetter& letter, std::ostream& out) {
  out << absl::StreamFormat(
      "%s: %s of %s v%d (from %s %s), %s, %d attempts, %d replays, %d waiting, first %s, last "
      "%s\n    %s\n",
      letter.name(), letter.event_type(), letter.subject(), letter.event_version(), letter.source(),
      letter.source_entry_id(), ReasonText(letter.reason()), letter.attempts(),
      letter.replay_count(), letter.waiting_count(), TimeText(letter.first_failure_time()),
      TimeText(letter.last_failure_time()), letter.error());
}

// Prints all letters of one service; their number.
absl::StatusOr<size_t> PrintAll(const Connections& connections, const DeadLetterQuery& query,
                                std::ostream& out) {
  const auto stub = DeadLettersOf(connections, query.service);
  if (!stub.ok()) return stub.status();
  admin::v1::ListDeadLettersRequest request;
  request.set_source(query.source);
  request.set_subject(query.subject);
  request.set_page_size(kPage);
  size_t shown = 0;
  do {
    grpc::ClientContext context;
    Prepare(context, connections);
    admin::v1::ListDeadLettersResponse page;
    const grpc::Status status = (*stub)->ListDeadLetters(&context, request, &page);
    if (!status.ok()) return chassis::FromGrpcStatus(status);
    for (const admin::v1::DeadLetter& letter : page.dead_letters()) Print(letter, out);
    shown += page.dead_letters_size();
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return shown;
}

}  // namespace

absl::StatusOr<std::unique_ptr<admin::v1::DeadLettersService::Stub>> DeadLettersOf(
    const Connections& connections, const std::string& service) {
  auto found = connections.services.find(service);
  if (found == connections.services.end()) found = connections.services.find("");
  if (found == connections.services.end()) {
    return absl::InvalidArgumentError(
        service.empty() ? "--service=... says whose dead letters"
                        : absl::StrCat("no service is called ", service,
                                       "; with --address=host:port it need not be known"));
  }
  return admin::v1::DeadLettersService::NewStub(ChannelTo(found->second));
}

absl::Status ListDeadLetters(const Connections& connections, const DeadLetterQuery& query,
                             std::ostream& out) {
  std::vector<std::string> services = {query.service};
  if (query.service.empty() && !connections.services.contains("")) services = StreamServices();
  size_t shown = 0;
  absl::Status first_error;
  for (const std::string& service : services) {
    const auto printed = PrintAll(
        connections, {.service = service, .source = query.source, .subject = query.subject}, out);
    if (printed.ok()) {
      shown += *printed;
      continue;
    }
    out << service << " does not tell: " << printed.status().message() << "\n";
    if (first_error.ok()) first_error = printed.status();
  }
  out << shown << " dead letters\n";
  return first_error;
}

absl::Status ShowDeadLetter(const Connections& connections, const std::string& name,
                            std::ostream& out) {
  const auto stub = DeadLettersOf(connections, chassis::ServiceOfDeadLetter(name));
  if (!stub.ok()) return stub.status();
  grpc::ClientContext context;
  Prepare(context, connections);
  admin::v1::GetDeadLetterRequest request;
  request.set_name(name);
  admin::v1::DeadLetter letter;
  const grpc::Status status = (*stub)->GetDeadLetter(&context, request, &letter);
  if (!status.ok()) return chassis::FromGrpcStatus(status);
  Print(letter, out);
  if (letter.has_event()) {
    google::protobuf::util::JsonPrintOptions options;
    options.add_whitespace = true;
    std::string json;
    const auto printed =
        google::protobuf::util::MessageToJsonString(letter.event(), &json, options);
    out << (printed.ok() ? json : letter.event().ShortDebugString() + "\n");
  }
  for (const admin::v1::WaitingEvent& waiting : letter.waiting_events()) {
    out << absl::StreamFormat("waits since %s: %s v%d (%s)\n", TimeText(waiting.wait_start_time()),
                              waiting.event_type(), waiting.event_version(),
                              waiting.source_entry_id());
  }
  return absl::OkStatus();
}

}  // namespace fuju::fujuctl
