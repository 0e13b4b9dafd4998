#pragma once

#include <functional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "audit/archive_readers.h"
#include "fuju/audit/v1/audit_service.pb.h"

namespace fuju::audit {

// The three questions of an auditor, answered on the archive's reading threads. gRPC and the
// dashboard both ask here, so their figures are the same. Thread-safe. Requests are valid as
// ValidateMessage says. Statuses: of archive_queries.h and ArchiveReaders::Ask.
class AuditAnswers {
 public:
  template <typename Answer>
  using Done = std::function<void(absl::StatusOr<Answer>)>;

  // `readers` outlives this.
  explicit AuditAnswers(ArchiveReaders* readers) : readers_(readers) {}

  void Trace(const v1::GetApplicationTraceRequest& request, absl::Time deadline,
             Done<v1::ApplicationTrace> done);
  void Spending(const v1::ListSpendingRequest& request, absl::Time deadline,
                Done<v1::ListSpendingResponse> done);
  void Overview(const v1::GetOverviewRequest& request, absl::Time deadline,
                Done<v1::Overview> done);

 private:
  ArchiveReaders* const readers_;
};

}  // namespace fuju::audit
