#include "integration/applications/foreign_streams.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "integration/applications/applications_instance.h"

namespace fuju::applications {
namespace {

constexpr char kCreditCode[] = "91620102DEM0000146";

std::string IdIn(const std::string& application) {
  return std::string(absl::StripPrefix(application, "applications/"));
}

catalogue::v1::Grant GrantOf(const std::string& application) {
  catalogue::v1::Grant grant;
  grant.set_name(absl::StrCat("grants/", IdIn(application)));
  grant.set_application(application);
  grant.set_fiscal_year(2026);
  grant.mutable_decision()->set_eligible(true);
  grant.mutable_decision()->set_subsidy_fen(98000);
  return grant;
}

template <typename Fact>
Fact RoundFact(const std::string& application, int attempt) {
  Fact fact;
  dispatch::v1::Round* round = fact.mutable_round();
  round->set_name(absl::StrCat("rounds/", IdIn(application)));
  round->set_application(application);
  round->set_attempt(attempt);
  round->set_vendor(absl::StrCat("vendors/", kCreditCode));
  round->set_vendor_name("演示辅具一部");
  return fact;
}

template <typename Fact>
Fact OrderFact(const std::string& application, int attempt,
               fitting::v1::AppointmentState appointment) {
  Fact fact;
  fitting::v1::Order* order = fact.mutable_order();
  order->set_name(
      absl::StrCat("vendors/", kCreditCode, "/orders/", IdIn(application), "-", attempt));
  order->set_application(application);
  order->set_vendor(absl::StrCat("vendors/", kCreditCode));
  order->set_vendor_name("演示辅具一部");
  fitting::v1::Appointment* visit = order->add_appointments();
  visit->set_state(appointment);
  visit->mutable_start_time()->set_seconds(1'767'600'000);
  order->mutable_hand_over()->set_serial_number(kSerial);
  return fact;
}

}  // namespace

void ForeignStreams::RepeatLast() { last_->RepeatLast(); }

void ForeignStreams::PublishOf(test_support::FactWriter& writer, const std::string& application,
                               const std::string& subject, const google::protobuf::Message& fact) {
  writer.Publish(IdIn(application).substr(0, 6), subject, application, fact);
  last_ = &writer;
}

template <typename FactMessage>
void ForeignStreams::PublishOrder(const FactMessage& fact) {
  fitting_.Publish(kCreditCode, fact.order().name(), fact.order().application(), fact);
  last_ = &fitting_;
}

void ForeignStreams::Reserve(const std::string& application) {
  catalogue::v1::SubsidyReserved fact;
  *fact.mutable_grant() = GrantOf(application);
  PublishOf(catalogue_, application, fact.grant().name(), fact);
}

void ForeignStreams::Refuse(const std::string& application, bool for_money) {
  catalogue::v1::SubsidyRefused fact;
  *fact.mutable_grant() = GrantOf(application);
  fact.mutable_grant()->mutable_decision()->set_eligible(for_money);
  fact.mutable_grant()->add_refusal_codes(for_money ? "BUDGET_INSUFFICIENT" : "AGE_WINDOW");
  PublishOf(catalogue_, application, fact.grant().name(), fact);
}

void ForeignStreams::Settle(const std::string& application) {
  catalogue::v1::SubsidySettled fact;
  *fact.mutable_grant() = GrantOf(application);
  PublishOf(catalogue_, application, fact.grant().name(), fact);
}

void ForeignStreams::Accept(const std::string& application, int attempt) {
  const auto fact = RoundFact<dispatch::v1::DispatchAccepted>(application, attempt);
  PublishOf(dispatch_, application, fact.round().name(), fact);
}

void ForeignStreams::CancelDispatch(const std::string& application, int attempt) {
  const auto fact = RoundFact<dispatch::v1::DispatchCancelled>(application, attempt);
  PublishOf(dispatch_, application, fact.round().name(), fact);
}

void ForeignStreams::Recall(const std::string& application, int attempt) {
  const auto fact = RoundFact<dispatch::v1::DispatchRecalled>(application, attempt);
  PublishOf(dispatch_, application, fact.round().name(), fact);
}

void ForeignStreams::OpenOrder(const std::string& application, int attempt) {
  auto fact = OrderFact<fitting::v1::OrderOpened>(application, attempt,
                                                  fitting::v1::APPOINTMENT_STATE_UNSPECIFIED);
  fact.mutable_order()->clear_appointments();
  fact.mutable_order()->clear_hand_over();
  fact.mutable_order()->mutable_booking_due_time()->set_seconds(1'767'900'000);
  PublishOrder(fact);
}

void ForeignStreams::Schedule(const std::string& application, int attempt) {
  const auto fact = OrderFact<fitting::v1::OrderScheduled>(application, attempt,
                                                           fitting::v1::APPOINTMENT_STATE_BOOKED);
  PublishOrder(fact);
}

void ForeignStreams::Complete(const std::string& application, int attempt) {
  const auto fact = OrderFact<fitting::v1::OrderCompleted>(
      application, attempt, fitting::v1::APPOINTMENT_STATE_FULFILLED);
  PublishOrder(fact);
}

void ForeignStreams::CancelOrder(const std::string& application, int attempt) {
  const auto fact = OrderFact<fitting::v1::OrderCancelled>(
      application, attempt, fitting::v1::APPOINTMENT_STATE_CANCELLED);
  PublishOrder(fact);
}

void ForeignStreams::ReturnOrder(const std::string& application, int attempt) {
  const auto fact = OrderFact<fitting::v1::OrderReturned>(application, attempt,
                                                          fitting::v1::APPOINTMENT_STATE_CANCELLED);
  PublishOrder(fact);
}

}  // namespace fuju::applications
