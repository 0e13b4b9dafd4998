#include "applications/funding.h"

namespace fuju::applications {

void AskFunding(Change& change) {
  v1::Application& application = change.application();
  application.set_funding_request(application.funding_request() + 1);
}

bool IsAnswer(const Record& record, const catalogue::v1::Grant& grant) {
  return grant.funding_request() == 0 ||
         grant.funding_request() == record.application().funding_request();
}

void SetSubsidy(v1::Application& application, const catalogue::v1::Grant& grant) {
  v1::SubsidySummary* subsidy = application.mutable_subsidy();
  subsidy->set_subsidy_fen(grant.decision().subsidy_fen());
  subsidy->set_self_pay_fen(grant.decision().self_pay_fen());
  subsidy->set_catalogue_version(grant.decision().catalogue_version());
  subsidy->set_fiscal_year(grant.fiscal_year());
  subsidy->set_approved_price_fen(grant.decision().approved_price_fen());
  // A decision on a fixed price knows no more than that price.
  if (grant.decision().approved_price_fen() == 0) {
    subsidy->set_allowed_price_fen(grant.decision().allowed_price_fen());
  }
}

}  // namespace fuju::applications
