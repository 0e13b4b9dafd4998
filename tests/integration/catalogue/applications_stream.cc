#include "applications_stream.h"

#include "absl/strings/str_cat.h"

namespace fuju::catalogue {
namespace {

using applications::v1::Application;

Application Wheelchair(const std::string& id, char person) {
  Application application;
  application.set_name(absl::StrCat("applications/", id));
  application.set_county_code(id.substr(0, 6));
  application.mutable_request()->set_item_code("M01");
  application.mutable_request()->set_device_division("122203");
  application.mutable_request()->set_quote_fen(98000);
  application.set_person_key(std::string(64, person));
  return application;
}

}  // namespace

applications::v1::ApplicationSubmitted ApplicationsStream::Submitted(const std::string& id,
                                                                     char person) {
  applications::v1::ApplicationSubmitted fact;
  *fact.mutable_application() = Wheelchair(id, person);
  fact.mutable_facts()->set_person_key(std::string(64, person));
  fact.mutable_facts()->set_birth_date("1986-01-20");
  fact.mutable_facts()->set_category(type::v1::DISABILITY_CATEGORY_PHYSICAL);
  fact.mutable_facts()->set_grade(1);
  fact.mutable_facts()->set_economic_status(type::v1::ECONOMIC_STATUS_DB);
  fact.mutable_facts()->set_county_code(id.substr(0, 6));
  return fact;
}

applications::v1::ApplicationReopened ApplicationsStream::Reopened(const std::string& id,
                                                                   char person) {
  const applications::v1::ApplicationSubmitted submitted = Submitted(id, person);
  applications::v1::ApplicationReopened fact;
  *fact.mutable_application() = submitted.application();
  *fact.mutable_facts() = submitted.facts();
  return fact;
}

applications::v1::ApplicationAccepted ApplicationsStream::Accepted(const std::string& id,
                                                                   const std::string& day,
                                                                   char person) {
  applications::v1::ApplicationAccepted fact;
  *fact.mutable_application() = Wheelchair(id, person);
  fact.mutable_application()->mutable_service()->set_vendor("vendors/91620100MA00000000");
  fact.set_acceptance_date(day);
  return fact;
}

applications::v1::ApplicationEnded ApplicationsStream::Ended(const std::string& id) {
  applications::v1::ApplicationEnded fact;
  *fact.mutable_application() = Wheelchair(id, 'a');
  return fact;
}

applications::v1::ApplicationTransferred ApplicationsStream::Transferred(const std::string& id,
                                                                         const std::string& from,
                                                                         const std::string& to,
                                                                         int number) {
  const applications::v1::ApplicationSubmitted submitted = Submitted(id);
  applications::v1::ApplicationTransferred fact;
  *fact.mutable_application() = submitted.application();
  fact.mutable_application()->set_county_code(to);
  fact.mutable_application()->set_funding_request(number);
  fact.set_from_county_code(from);
  *fact.mutable_facts() = submitted.facts();
  fact.mutable_facts()->set_county_code(to);
  return fact;
}

applications::v1::ApplicationPriceFixed ApplicationsStream::PriceFixed(const std::string& id,
                                                                       int64_t price_fen,
                                                                       int number) {
  applications::v1::ApplicationPriceFixed fact;
  *fact.mutable_application() = Wheelchair(id, 'a');
  fact.mutable_application()->set_funding_request(number);
  fact.set_price_fen(price_fen);
  return fact;
}

}  // namespace fuju::catalogue
