#pragma once

#include "absl/time/time.h"

#include "catalogue/metrics.h"
#include "chassis/store/aggregate_store.h"
#include "chassis/store/raw_store.h"
#include "fuju/catalogue/storage/v1/catalogue_records.pb.h"
#include "fuju/catalogue/storage/v1/ledger_records.pb.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::catalogue {

// The kinds of aggregates of this service on one store. Thread-safe.
struct CatalogueStores {
  // `store` and `metrics` outlive this and all calls in flight.
  CatalogueStores(chassis::RawStore* store, CatalogueMetrics* metrics);

  chassis::AggregateStore<storage::v1::CatalogueRecord> versions;
  chassis::AggregateStore<storage::v1::BookRecord> books;
  chassis::AggregateStore<storage::v1::AllotmentRecord> allotments;
  chassis::AggregateStore<storage::v1::ReceiptRecord> receipts;
  chassis::AggregateStore<storage::v1::PaymentBatchRecord> batches;
  chassis::AggregateStore<v1::Grant> grants;
  chassis::AggregateStore<storage::v1::BeneficiaryRecord> beneficiaries;

  chassis::RawStore* raw() const { return grants.raw(); }
  absl::Time Now() const { return raw()->clock().Now(); }
};

}  // namespace fuju::catalogue
