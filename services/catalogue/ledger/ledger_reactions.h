#pragma once

#include "catalogue/queue_server.h"
#include "catalogue/wiring.h"
#include "chassis/streams/reactor.h"
#include "fuju/catalogue/v1/ledger_events.pb.h"

namespace fuju::catalogue {

// What the service's own facts do in the ledger:
//   AllotmentSent          the receiver's book gets it: AllotmentReceived
//   AllotmentReceived      the sender knows: AllotmentCompleted; the receiver's queue is served
//   PaymentResultImported  the grants that were paid know: SubsidyPaid each, then
//                          PaymentBatchClosed
//   FiscalYearClosed, TransferReversed   serve the area's queue
// Each may come again after a kill, and then does what is left. Thread-safe; outlives the consumer.
class LedgerReactions {
 public:
  // What is passed outlives this.
  LedgerReactions(const CatalogueStores* stores, const QueueServer* queue)
      : stores_(stores), queue_(queue) {}

  void AddTo(chassis::Reactions& table) const;

 private:
  void OnSent(const v1::AllotmentSent& fact, const chassis::Delivery& delivery,
              chassis::ReactionDone done) const;
  void OnReceived(const v1::AllotmentReceived& fact, const chassis::Delivery& delivery,
                  chassis::ReactionDone done) const;
  void OnImported(const v1::PaymentResultImported& fact, const chassis::Delivery& delivery,
                  chassis::ReactionDone done) const;

  const CatalogueStores* const stores_;
  const QueueServer* const queue_;
};

}  // namespace fuju::catalogue
