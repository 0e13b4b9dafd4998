#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "chassis/values/decision.h"
#include "fuju/catalogue/storage/v1/ledger_records.pb.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::catalogue {

// Payments that the treasury is asked to make. While a batch is not closed it claims its grants, so
// that none is in two; when it is, those that were paid are PAID, and those that bounced may be in
// the next one. All functions are pure.
//
//   NewBatch ─▶ OPEN ── ImportResult ─▶ IMPORTED ── the grants were told ─▶ CLOSED

using BatchDecision = chassis::Decision<storage::v1::PaymentBatchRecord>;
using CurrentBatch = chassis::Versioned<storage::v1::PaymentBatchRecord>;

// "paymentBatches/<id>"; the id begins with the area.
std::string BatchName(absl::string_view id);

// A line for each grant, in their order. FAILED_PRECONDITION, NOTHING_PAYABLE if there is none;
// unchanged if the batch exists.
absl::StatusOr<BatchDecision> NewBatch(const CurrentBatch& current, absl::string_view id,
                                       int32_t year, const std::vector<v1::Grant>& grants,
                                       absl::Time now);

// Whether a grant can be in a batch of the year, for this vendor (empty: any).
bool IsPayable(const v1::Grant& grant, int32_t year, absl::string_view vendor);

// Takes the treasury's result: what was paid is moved in the books. Unchanged if it was this file;
// as ReadPaymentResult; FAILED_PRECONDITION, STATE_FORBIDS if it was another one; NOT_FOUND.
absl::StatusOr<BatchDecision> ImportResult(const CurrentBatch& current, absl::string_view id,
                                           absl::string_view csv, absl::Time now);

// The grants know. Unchanged unless a result was imported.
absl::StatusOr<BatchDecision> CloseBatch(const CurrentBatch& current);

chassis::Footprint BatchFootprint(absl::string_view id,
                                  const storage::v1::PaymentBatchRecord& record);

// The batches of an area by time, and those of them that are not closed; members are ids.
std::string BatchIndex(absl::string_view area);
std::string OpenBatchIndex(absl::string_view area);

// The batch without its lines, as facts and lists have it.
v1::PaymentBatch WithoutLines(v1::PaymentBatch batch);

}  // namespace fuju::catalogue
