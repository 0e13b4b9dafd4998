#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "chassis/rpc/status.h"
#include "chassis/values/timestamps.h"
#include "fuju/audit/v1/audit_service.grpc.pb.h"
#include "fujuctl/commands.h"
#include "vocabulary/civil_date.h"

namespace fuju::fujuctl {

absl::Status TraceApplication(const Connections& connections, const std::string& application,
                              std::ostream& out) {
  const auto stub = audit::v1::AuditService::NewStub(ChannelTo(connections.audit));
  grpc::ClientContext context;
  Prepare(context, connections);
  audit::v1::GetApplicationTraceRequest request;
  request.set_application(application);
  audit::v1::ApplicationTrace trace;
  const grpc::Status status = stub->GetApplicationTrace(&context, request, &trace);
  if (!status.ok()) return chassis::FromGrpcStatus(status);
  for (const audit::v1::TraceEvent& event : trace.events()) {
    const std::string time = absl::FormatTime("%Y-%m-%d %H:%M:%E3S", chassis::ToTime(event.time()),
                                              vocabulary::ShanghaiTimeZone());
    out << absl::StreamFormat("%s  %-12s %-28s %s v%d\n    %s / %s\n", time, event.source(),
                              event.actor(), event.subject(), event.aggregate_version(),
                              event.text_zh(), event.text_en());
  }
  out << trace.events_size() << " events\n";
  return absl::OkStatus();
}

}  // namespace fuju::fujuctl
