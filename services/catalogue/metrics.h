#pragma once

#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include <prometheus/registry.h>

#include "fuju/catalogue/v1/catalogue.pb.h"

namespace prometheus {
class Counter;
class Gauge;
}  // namespace prometheus

namespace fuju::catalogue {

// The service's own metrics, with their handles kept:
//   fuju_catalogue_grants_total{state}        grants that came into a state, by this instance
//   fuju_catalogue_grant_fen_total{state}     their money, in fen
//   fuju_catalogue_refusals_total{code}       reasons of refused grants; one grant may have several
//   fuju_catalogue_quotes_total{eligible}     quotes answered
//   fuju_catalogue_items                      items of the province's catalogue in force, or 0
//   fuju_catalogue_published_time_seconds     when it was published, seconds since 1970
//   fuju_catalogue_reload_failures_total      attempts to read the catalogue in force that failed
// Thread-safe.
class CatalogueMetrics {
 public:
  explicit CatalogueMetrics(prometheus::Registry& registry);

  // A grant that a commit of this instance changed.
  void Count(const v1::Grant& grant);
  void CountQuote(bool eligible);
  // The province's catalogue.
  void SetInForce(int items, const google::protobuf::Timestamp& published);
  void CountReloadFailure();

 private:
  std::map<int, prometheus::Counter*> grants_;
  std::map<int, prometheus::Counter*> grant_fen_;
  std::map<std::string, prometheus::Counter*> refusals_;
  prometheus::Counter* eligible_quotes_;
  prometheus::Counter* ineligible_quotes_;
  prometheus::Gauge* items_;
  prometheus::Gauge* published_time_;
  prometheus::Counter* reload_failures_;
};

}  // namespace fuju::catalogue
