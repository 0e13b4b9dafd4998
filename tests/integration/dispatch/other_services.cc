#include "integration/dispatch/other_services.h"

namespace fuju::dispatch::testing {

void OtherServices::Approve(const std::string& application_id) {
  applications::v1::ApplicationApproved fact;
  applications::v1::Application& application = *fact.mutable_application();
  application.set_name(absl::StrCat("applications/", application_id));
  application.set_county_code(application_id.substr(0, 6));
  application.mutable_request()->set_item_code("M01");
  application.mutable_request()->set_device_division("122203");
  application.mutable_request()->set_quote_fen(98000);
  application.mutable_subsidy()->set_subsidy_fen(49000);
  PublishCase(fact);
}

}  // namespace fuju::dispatch::testing
