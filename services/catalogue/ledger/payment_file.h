#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "fuju/catalogue/v1/ledger.pb.h"

namespace fuju::catalogue {

// The two files between the county and the treasury. Pure.

// CSV in UTF-8, a row for each line of the batch and one for the total; the same bytes for the same
// lines.
std::string PaymentFile(const v1::PaymentBatch& batch);

// What the treasury says of one line.
struct PaymentResult {
  bool paid = false;
  std::string bounce_reason;
};

// Reads the treasury's result and holds it against the batch; an element for each line, in their
// order. INVALID_ARGUMENT, PAYMENT_RESULT_INVALID, with a field violation for each row that is
// unknown, doubled, of another batch or amount, or says neither "paid" nor "bounced" with a reason,
// and for each line that is missing.
absl::StatusOr<std::vector<PaymentResult>> ReadPaymentResult(const v1::PaymentBatch& batch,
                                                             absl::string_view csv);

}  // namespace fuju::catalogue
