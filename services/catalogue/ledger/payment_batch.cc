#include "catalogue/ledger/payment_batch.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "catalogue/ledger/account.h"
#include "catalogue/ledger/payment_file.h"
#include "catalogue/ledger/transfer.h"
#include "catalogue/versions/publication.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/catalogue/v1/ledger_events.pb.h"

namespace fuju::catalogue {
namespace {

using BatchRecord = storage::v1::PaymentBatchRecord;

template <typename Fact>
BatchDecision Decided(BatchRecord next) {
  Fact fact;
  *fact.mutable_payment_batch() = WithoutLines(next.payment_batch());
  BatchDecision decision;
  decision.next = std::move(next);
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

}  // namespace

std::string BatchName(absl::string_view id) { return absl::StrCat("paymentBatches/", id); }

bool IsPayable(const v1::Grant& grant, int32_t year, absl::string_view vendor) {
  return grant.state() == v1::GRANT_STATE_SETTLED && grant.fiscal_year() == year &&
         grant.amount_fen() > 0 && (vendor.empty() || grant.vendor() == vendor);
}

absl::StatusOr<BatchDecision> NewBatch(const CurrentBatch& current, absl::string_view id,
                                       int32_t year, const std::vector<v1::Grant>& grants,
                                       absl::Time now) {
  if (current.exists()) return BatchDecision::Unchanged();
  const std::string area = AreaOf(id);
  if (grants.empty()) {
    return chassis::Refusal(absl::StatusCode::kFailedPrecondition, "NOTHING_PAYABLE",
                            "没有可支付的应付款：均已支付，或已在未完结的批次中",
                            "nothing is owed that is in no open batch")
        .With("area", area);
  }
  BatchRecord next;
  v1::PaymentBatch& batch = *next.mutable_payment_batch();
  batch.set_name(BatchName(id));
  batch.set_area_code(area);
  batch.set_fiscal_year(year);
  batch.set_state(v1::PAYMENT_BATCH_STATE_OPEN);
  *batch.mutable_create_time() = chassis::ToTimestamp(now);
  for (const v1::Grant& grant : grants) {
    v1::PaymentLine* line = batch.add_lines();
    line->set_line_number(batch.lines_size());
    line->set_grant(grant.name());
    line->set_application(grant.application());
    line->set_vendor(grant.vendor());
    line->set_amount_fen(grant.amount_fen());
    *line->mutable_fund_shares() = grant.fund_shares();
    line->set_state(v1::PAYMENT_LINE_STATE_OPEN);
    batch.set_total_fen(batch.total_fen() + grant.amount_fen());
  }
  batch.set_line_count(batch.lines_size());
  batch.set_sha256(Sha256Hex(PaymentFile(batch)));
  return Decided<v1::PaymentBatchCreated>(std::move(next));
}

absl::StatusOr<BatchDecision> ImportResult(const CurrentBatch& current, absl::string_view id,
                                           absl::string_view csv, absl::Time now) {
  if (!current.exists()) return chassis::NotFound(BatchName(id));
  const std::string sha256 = Sha256Hex(csv);
  const v1::PaymentBatch& before = current.state.payment_batch();
  if (before.state() != v1::PAYMENT_BATCH_STATE_OPEN) {
    if (before.result_sha256() == sha256) return BatchDecision::Unchanged();
    return chassis::StateForbids(before.name(), "import_result",
                                 v1::PaymentBatchState_Name(before.state()), {});
  }
  const absl::StatusOr<std::vector<PaymentResult>> results = ReadPaymentResult(before, csv);
  if (!results.ok()) return results.status();
  BatchRecord next = current.state;
  v1::PaymentBatch& batch = *next.mutable_payment_batch();
  for (int i = 0; i < batch.lines_size(); ++i) {
    v1::PaymentLine& line = *batch.mutable_lines(i);
    const PaymentResult& result = (*results)[static_cast<size_t>(i)];
    if (!result.paid) {
      line.set_state(v1::PAYMENT_LINE_STATE_BOUNCED);
      line.set_bounce_reason(result.bounce_reason);
      batch.set_bounced_fen(batch.bounced_fen() + line.amount_fen());
      continue;
    }
    line.set_state(v1::PAYMENT_LINE_STATE_PAID);
    batch.set_paid_fen(batch.paid_fen() + line.amount_fen());
    for (const v1::FundShare& share : line.fund_shares()) {
      Append(*next.mutable_transfers(), batch.fiscal_year(), share.fund_source(), kPay,
             share.amount_fen(), v1::TRANSFER_CAUSE_PAYMENT, now);
    }
  }
  batch.set_state(v1::PAYMENT_BATCH_STATE_IMPORTED);
  batch.set_result_sha256(sha256);
  return Decided<v1::PaymentResultImported>(std::move(next));
}

absl::StatusOr<BatchDecision> CloseBatch(const CurrentBatch& current) {
  if (current.state.payment_batch().state() != v1::PAYMENT_BATCH_STATE_IMPORTED)
    return BatchDecision::Unchanged();
  BatchRecord next = current.state;
  next.mutable_payment_batch()->set_state(v1::PAYMENT_BATCH_STATE_CLOSED);
  return Decided<v1::PaymentBatchClosed>(std::move(next));
}

chassis::Footprint BatchFootprint(absl::string_view id, const BatchRecord& record) {
  chassis::Footprint footprint;
  const v1::PaymentBatch& batch = record.payment_batch();
  if (batch.lines().empty()) return footprint;
  const std::string area = AreaOf(id);
  const int64_t created = chassis::ToMillis(batch.create_time());
  footprint.holdings = HoldingsOf(area, record.transfers());
  footprint.index.push_back({BatchIndex(area), std::string(id), created});
  if (batch.state() == v1::PAYMENT_BATCH_STATE_CLOSED) return footprint;
  footprint.index.push_back({OpenBatchIndex(area), std::string(id), created});
  for (const v1::PaymentLine& line : batch.lines())
    footprint.claims.push_back(
        {absl::StrCat("paying:", absl::StripPrefix(line.grant(), "grants/"))});
  return footprint;
}

std::string BatchIndex(absl::string_view area) { return absl::StrCat("batches-", area); }
std::string OpenBatchIndex(absl::string_view area) { return absl::StrCat("open-batches-", area); }

v1::PaymentBatch WithoutLines(v1::PaymentBatch batch) {
  batch.clear_lines();
  return batch;
}

}  // namespace fuju::catalogue
