#include "catalogue/wiring.h"

#include <string>
#include <string_view>
#include <utility>

#include "catalogue/decision/beneficiary.h"
#include "catalogue/grant.h"
#include "catalogue/ledger/account.h"
#include "catalogue/ledger/allotment.h"
#include "catalogue/ledger/book.h"
#include "catalogue/ledger/payment_batch.h"
#include "catalogue/versions/publication.h"
#include "catalogue/versions/version_record.h"

namespace fuju::catalogue {
namespace {

template <typename State>
chassis::AggregateKind<State> Kind(std::string kind, std::string (*name)(absl::string_view),
                                   std::string (*route)(absl::string_view),
                                   chassis::Footprint (*footprint)(absl::string_view,
                                                                   const State&)) {
  const auto view = [](std::string_view id) { return absl::string_view(id.data(), id.size()); };
  return {
      .kind = std::move(kind),
      .name = [=](std::string_view id) { return name(view(id)); },
      .route = [=](std::string_view id) { return route(view(id)); },
      .footprint = [=](std::string_view id,
                       const State& state) { return footprint(view(id), state); },
  };
}

std::string CatalogueRoute(absl::string_view /*id*/) { return std::string(kCatalogueRoute); }
std::string Itself(absl::string_view id) { return std::string(id); }
chassis::Footprint Nothing(absl::string_view /*id*/,
                           const storage::v1::BeneficiaryRecord& /*record*/) {
  return {};
}
chassis::AggregateKind<v1::Grant> GrantKind(CatalogueMetrics* metrics) {
  chassis::AggregateKind<v1::Grant> kind = Kind("grant", GrantName, AreaOf, GrantFootprint);
  // A price changes the amount, not the state.
  kind.on_change = [metrics](const v1::Grant& before, const v1::Grant& after) {
    if (before.state() != after.state()) metrics->Count(after);
  };
  return kind;
}

}  // namespace

CatalogueStores::CatalogueStores(chassis::RawStore* store, CatalogueMetrics* metrics)
    : versions(store, Kind<storage::v1::CatalogueRecord>("catalogue_version", CatalogueVersionName,
                                                         CatalogueRoute, VersionFootprint)),
      books(store, Kind("book", BookName, AreaOf, BookFootprint)),
      allotments(store, Kind("allotment", AllotmentName, AreaOf, AllotmentFootprint)),
      receipts(store, Kind("receipt", ReceiptName, AreaOf, ReceiptFootprint)),
      batches(store, Kind("payment_batch", BatchName, AreaOf, BatchFootprint)),
      grants(store, GrantKind(metrics)),
      beneficiaries(store, Kind<storage::v1::BeneficiaryRecord>("beneficiary", BeneficiaryName,
                                                                Itself, Nothing)) {}

}  // namespace fuju::catalogue
