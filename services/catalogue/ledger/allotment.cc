#include "catalogue/ledger/allotment.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "catalogue/ledger/account.h"
#include "catalogue/ledger/book.h"
#include "catalogue/ledger/transfer.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/catalogue/v1/ledger_events.pb.h"
#include "vocabulary/region.h"

namespace fuju::catalogue {
namespace {

using AllotmentRecord = storage::v1::AllotmentRecord;
using ReceiptRecord = storage::v1::ReceiptRecord;

// `inner` lies in `outer`, and is not the same.
bool LiesIn(absl::string_view inner, absl::string_view outer) {
  const auto small = vocabulary::RegionCode::Parse(inner);
  const auto large = vocabulary::RegionCode::Parse(outer);
  return small.ok() && large.ok() && *small != *large && small->IsWithin(*large);
}

v1::TransferCause CauseOf(const v1::Allotment& allotment) {
  return LiesIn(allotment.to_area_code(), allotment.from_area_code()) ? v1::TRANSFER_CAUSE_ALLOTMENT
                                                                      : v1::TRANSFER_CAUSE_RETURN;
}

}  // namespace

std::string AllotmentName(absl::string_view id) { return absl::StrCat("allotments/", id); }

std::string ReceiptId(const v1::Allotment& allotment) {
  return absl::StrCat(allotment.to_area_code(), "-",
                      absl::StripPrefix(allotment.name(), "allotments/"));
}

std::string ReceiptName(absl::string_view id) { return absl::StrCat("receipts/", id); }

absl::StatusOr<chassis::Decision<AllotmentRecord>> SendAllotment(
    const chassis::Versioned<AllotmentRecord>& current, absl::string_view id,
    const AllotmentOrder& order, absl::Time now) {
  if (current.exists()) return chassis::Decision<AllotmentRecord>::Unchanged();
  const bool down = LiesIn(order.to_area, order.from_area);
  if (!down && !LiesIn(order.from_area, order.to_area)) {
    return chassis::InvalidFields()
        .Field(
            "to_area_code",
            absl::StrCat("须为", order.from_area, "的下级或上级地区，", order.to_area, "不是"),
            absl::StrCat(order.to_area, " neither lies in ", order.from_area, " nor contains it"))
        .Build();
  }
  chassis::Decision<AllotmentRecord> decision;
  v1::Allotment& allotment = *decision.next.mutable_allotment();
  allotment.set_name(AllotmentName(id));
  allotment.set_from_area_code(order.from_area);
  allotment.set_to_area_code(order.to_area);
  allotment.set_fiscal_year(order.year);
  allotment.set_fund_source(order.fund);
  allotment.set_amount_fen(order.amount_fen);
  allotment.set_state(v1::ALLOTMENT_STATE_SENT);
  *allotment.mutable_create_time() = chassis::ToTimestamp(now);
  allotment.set_reason(order.reason);
  Append(*decision.next.mutable_transfers(), order.year, order.fund, down ? kAllot : kReturn,
         order.amount_fen, CauseOf(allotment), now);
  v1::AllotmentSent fact;
  *fact.mutable_allotment() = allotment;
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

absl::StatusOr<chassis::Decision<ReceiptRecord>> ReceiveAllotment(
    const chassis::Versioned<ReceiptRecord>& current, const v1::Allotment& allotment,
    absl::Time now) {
  if (current.exists()) return chassis::Decision<ReceiptRecord>::Unchanged();
  chassis::Decision<ReceiptRecord> decision;
  *decision.next.mutable_allotment() = allotment;
  Append(*decision.next.mutable_transfers(), allotment.fiscal_year(), allotment.fund_source(),
         kAppropriate, allotment.amount_fen(), CauseOf(allotment), now);
  v1::AllotmentReceived fact;
  *fact.mutable_allotment() = allotment;
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

absl::StatusOr<chassis::Decision<AllotmentRecord>> CompleteAllotment(
    const chassis::Versioned<AllotmentRecord>& current, absl::string_view name, absl::Time now) {
  if (!current.exists()) return chassis::NotFound(std::string(name));
  if (current.state.allotment().state() == v1::ALLOTMENT_STATE_COMPLETED)
    return chassis::Decision<AllotmentRecord>::Unchanged();
  chassis::Decision<AllotmentRecord> decision;
  decision.next = current.state;
  v1::Allotment& allotment = *decision.next.mutable_allotment();
  allotment.set_state(v1::ALLOTMENT_STATE_COMPLETED);
  *allotment.mutable_complete_time() = chassis::ToTimestamp(now);
  v1::AllotmentCompleted fact;
  *fact.mutable_allotment() = allotment;
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

chassis::Footprint AllotmentFootprint(absl::string_view id, const AllotmentRecord& record) {
  chassis::Footprint footprint;
  if (record.transfers().empty()) return footprint;
  const v1::Allotment& allotment = record.allotment();
  footprint.holdings = HoldingsOf(AreaOf(id), record.transfers());
  footprint.holdings.push_back({SentCounter(allotment.fiscal_year()), allotment.amount_fen()});
  footprint.index.push_back(
      {AllotmentIndex(AreaOf(id)), std::string(id), chassis::ToMillis(allotment.create_time())});
  return footprint;
}

chassis::Footprint ReceiptFootprint(absl::string_view id, const ReceiptRecord& record) {
  chassis::Footprint footprint;
  if (record.transfers().empty()) return footprint;
  const std::string area = AreaOf(id);
  const v1::Allotment& allotment = record.allotment();
  footprint.holdings = HoldingsOf(area, record.transfers());
  footprint.holdings.push_back({ReceivedCounter(allotment.fiscal_year()), allotment.amount_fen()});
  footprint.index.push_back({ReceiptIndex(area), std::string(id), record.transfers(0).time_ms()});
  // The county has a budget from now on, as by BookFootprint.
  int64_t county = 0;
  if (absl::SimpleAtoi(area, &county)) {
    footprint.index.push_back({BudgetIndex(allotment.fiscal_year()),
                               absl::StrCat(area, "-", allotment.fiscal_year()), -county});
  }
  return footprint;
}

std::string AllotmentIndex(absl::string_view area) { return absl::StrCat("allotments-", area); }
std::string ReceiptIndex(absl::string_view area) { return absl::StrCat("receipts-", area); }
std::string SentCounter(int32_t year) { return absl::StrCat("transit:", year, ":sent"); }
std::string ReceivedCounter(int32_t year) { return absl::StrCat("transit:", year, ":received"); }

}  // namespace fuju::catalogue
