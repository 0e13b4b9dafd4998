#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "chassis/values/decision.h"
#include "fuju/catalogue/storage/v1/ledger_records.pb.h"
#include "fuju/catalogue/v1/ledger.pb.h"

namespace fuju::catalogue {

// Money on its way between two areas, whose books lie in different partitions: a saga of three
// commits, each by a fact of the one before. Every one of them may be repeated.
//
//   SendAllotment      AVAILABLE of the sender -> ALLOTTED (down) or RETURNED (up)   AllotmentSent
//   ReceiveAllotment   APPROPRIATED -> AVAILABLE of the receiver                  AllotmentReceived
//   CompleteAllotment  the sender knows                                          AllotmentCompleted
//
// What is in transit is what senders sent less what receivers received, which is counted. All
// functions are pure.

// What the sender wants.
struct AllotmentOrder {
  std::string from_area;
  std::string to_area;
  int32_t year = 0;
  v1::FundSource fund = v1::FUND_SOURCE_UNSPECIFIED;
  int64_t amount_fen = 0;
  std::string reason;
};

// "allotments/<id>"; the id begins with the sender.
std::string AllotmentName(absl::string_view id);
// The receiver's record of "allotments/<id>": "<receiver>-<id>", and "receipts/<that>".
std::string ReceiptId(const v1::Allotment& allotment);
std::string ReceiptName(absl::string_view id);

// INVALID_ARGUMENT unless one of the areas lies in the other. Unchanged if it exists.
absl::StatusOr<chassis::Decision<storage::v1::AllotmentRecord>> SendAllotment(
    const chassis::Versioned<storage::v1::AllotmentRecord>& current, absl::string_view id,
    const AllotmentOrder& order, absl::Time now);

// Unchanged if it was received.
absl::StatusOr<chassis::Decision<storage::v1::ReceiptRecord>> ReceiveAllotment(
    const chassis::Versioned<storage::v1::ReceiptRecord>& current, const v1::Allotment& allotment,
    absl::Time now);

// Unchanged if it is completed; NOT_FOUND if there is none.
absl::StatusOr<chassis::Decision<storage::v1::AllotmentRecord>> CompleteAllotment(
    const chassis::Versioned<storage::v1::AllotmentRecord>& current, absl::string_view name,
    absl::Time now);

chassis::Footprint AllotmentFootprint(absl::string_view id,
                                      const storage::v1::AllotmentRecord& record);
chassis::Footprint ReceiptFootprint(absl::string_view id, const storage::v1::ReceiptRecord& record);

// Indexes of an area, by time; members are ids.
std::string AllotmentIndex(absl::string_view area);
std::string ReceiptIndex(absl::string_view area);
// Counters of a year over all partitions: what is in transit is their difference.
std::string SentCounter(int32_t year);
std::string ReceivedCounter(int32_t year);

}  // namespace fuju::catalogue
