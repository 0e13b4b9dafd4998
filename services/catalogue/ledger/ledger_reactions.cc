#include "catalogue/ledger/ledger_reactions.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/strip.h"

#include "catalogue/grant.h"
#include "catalogue/ledger/allotment.h"
#include "catalogue/ledger/payment_batch.h"

namespace fuju::catalogue {
namespace {

constexpr char kService[] = "catalogue";

// Tells the paid grants of a batch, one after the other.
struct Telling {
  const CatalogueStores* stores;
  std::string batch;
  chassis::Command command;
  chassis::ReactionDone done;
  std::vector<std::string> ids = {};
  size_t at = 0;
};

void TellNext(std::shared_ptr<Telling> telling) {
  if (telling->at == telling->ids.size()) {
    telling->stores->batches.Update(
        std::string(absl::StripPrefix(telling->batch, "paymentBatches/")), telling->command,
        CloseBatch, [telling](const auto& committed) { telling->done(committed.status()); });
    return;
  }
  const std::string id = telling->ids[telling->at++];
  telling->stores->grants.Update(
      id, telling->command,
      [id, telling, now = telling->stores->Now()](const auto& current) {
        return MarkPaid(current, id, telling->batch, now);
      },
      [telling](const auto& committed) {
        if (!committed.ok()) return telling->done(committed.status());
        TellNext(telling);
      });
}

}  // namespace

void LedgerReactions::AddTo(chassis::Reactions& table) const {
  table.On<v1::AllotmentSent>(kService, [this](const auto& fact, const auto& delivery, auto done) {
    OnSent(fact, delivery, std::move(done));
  });
  table.On<v1::AllotmentReceived>(kService,
                                  [this](const auto& fact, const auto& delivery, auto done) {
                                    OnReceived(fact, delivery, std::move(done));
                                  });
  table.On<v1::PaymentResultImported>(kService,
                                      [this](const auto& fact, const auto& delivery, auto done) {
                                        OnImported(fact, delivery, std::move(done));
                                      });
  table.On<v1::FiscalYearClosed>(
      kService, [this](const auto& fact, const auto& delivery, auto done) {
        queue_->Serve(fact.area_code(), delivery.ToCommand(kService), std::move(done));
      });
  table.On<v1::TransferReversed>(
      kService, [this](const auto& fact, const auto& delivery, auto done) {
        queue_->Serve(fact.area_code(), delivery.ToCommand(kService), std::move(done));
      });
}

void LedgerReactions::OnSent(const v1::AllotmentSent& fact, const chassis::Delivery& delivery,
                             chassis::ReactionDone done) const {
  stores_->receipts.Update(
      ReceiptId(fact.allotment()), delivery.ToCommand(kService),
      [allotment = fact.allotment(), now = stores_->Now()](const auto& current) {
        return ReceiveAllotment(current, allotment, now);
      },
      [done = std::move(done)](const auto& committed) { done(committed.status()); });
}

void LedgerReactions::OnReceived(const v1::AllotmentReceived& fact,
                                 const chassis::Delivery& delivery,
                                 chassis::ReactionDone done) const {
  const std::string name = fact.allotment().name();
  stores_->allotments.Update(
      std::string(absl::StripPrefix(name, "allotments/")), delivery.ToCommand(kService),
      [name, now = stores_->Now()](const auto& current) {
        return CompleteAllotment(current, name, now);
      },
      [this, area = fact.allotment().to_area_code(), command = delivery.ToCommand(kService),
       done = std::move(done)](const auto& committed) {
        if (!committed.ok()) return done(committed.status());
        queue_->Serve(area, command, done);
      });
}

void LedgerReactions::OnImported(const v1::PaymentResultImported& fact,
                                 const chassis::Delivery& delivery,
                                 chassis::ReactionDone done) const {
  auto telling = std::make_shared<Telling>(Telling{.stores = stores_,
                                                   .batch = fact.payment_batch().name(),
                                                   .command = delivery.ToCommand(kService),
                                                   .done = std::move(done)});
  stores_->batches.Get(
      std::string(absl::StripPrefix(telling->batch, "paymentBatches/")), absl::InfiniteFuture(),
      [telling](absl::StatusOr<chassis::Versioned<storage::v1::PaymentBatchRecord>> batch) {
        if (!batch.ok()) return telling->done(batch.status());
        for (const v1::PaymentLine& line : batch->state.payment_batch().lines()) {
          if (line.state() == v1::PAYMENT_LINE_STATE_PAID)
            telling->ids.emplace_back(absl::StripPrefix(line.grant(), "grants/"));
        }
        TellNext(telling);
      });
}

}  // namespace fuju::catalogue
