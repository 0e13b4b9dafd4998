#include "integration/applications/foreign_streams.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <gtest/gtest.h>

#include "chassis/store/keys.h"
#include "fuju/event/v1/event.pb.h"
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

void ForeignStreams::Reserve(const std::string& application) {
  catalogue::v1::SubsidyReserved fact;
  *fact.mutable_grant() = GrantOf(application);
  Publish("catalogue", IdIn(application).substr(0, 6), fact.grant().name(), fact);
}

void ForeignStreams::Refuse(const std::string& application, bool for_money) {
  catalogue::v1::SubsidyRefused fact;
  *fact.mutable_grant() = GrantOf(application);
  fact.mutable_grant()->mutable_decision()->set_eligible(for_money);
  fact.mutable_grant()->add_refusal_codes(for_money ? "BUDGET_INSUFFICIENT" : "AGE_WINDOW");
  Publish("catalogue", IdIn(application).substr(0, 6), fact.grant().name(), fact);
}

void ForeignStreams::Settle(const std::string& application) {
  catalogue::v1::SubsidySettled fact;
  *fact.mutable_grant() = GrantOf(application);
  Publish("catalogue", IdIn(application).substr(0, 6), fact.grant().name(), fact);
}

void ForeignStreams::Accept(const std::string& application, int attempt) {
  const auto fact = RoundFact<dispatch::v1::DispatchAccepted>(application, attempt);
  Publish("dispatch", IdIn(application).substr(0, 6), fact.round().name(), fact);
}

void ForeignStreams::CancelDispatch(const std::string& application, int attempt) {
  const auto fact = RoundFact<dispatch::v1::DispatchCancelled>(application, attempt);
  Publish("dispatch", IdIn(application).substr(0, 6), fact.round().name(), fact);
}

void ForeignStreams::Recall(const std::string& application, int attempt) {
  const auto fact = RoundFact<dispatch::v1::DispatchRecalled>(application, attempt);
  Publish("dispatch", IdIn(application).substr(0, 6), fact.round().name(), fact);
}

void ForeignStreams::OpenOrder(const std::string& application, int attempt) {
  auto fact = OrderFact<fitting::v1::OrderOpened>(application, attempt,
                                                  fitting::v1::APPOINTMENT_STATE_UNSPECIFIED);
  fact.mutable_order()->clear_appointments();
  fact.mutable_order()->clear_hand_over();
  fact.mutable_order()->mutable_booking_due_time()->set_seconds(1'767'900'000);
  Publish("fitting", kCreditCode, fact.order().name(), fact);
}

void ForeignStreams::Schedule(const std::string& application, int attempt) {
  const auto fact = OrderFact<fitting::v1::OrderScheduled>(application, attempt,
                                                           fitting::v1::APPOINTMENT_STATE_BOOKED);
  Publish("fitting", kCreditCode, fact.order().name(), fact);
}

void ForeignStreams::Complete(const std::string& application, int attempt) {
  const auto fact = OrderFact<fitting::v1::OrderCompleted>(
      application, attempt, fitting::v1::APPOINTMENT_STATE_FULFILLED);
  Publish("fitting", kCreditCode, fact.order().name(), fact);
}

void ForeignStreams::CancelOrder(const std::string& application, int attempt) {
  const auto fact = OrderFact<fitting::v1::OrderCancelled>(
      application, attempt, fitting::v1::APPOINTMENT_STATE_CANCELLED);
  Publish("fitting", kCreditCode, fact.order().name(), fact);
}

void ForeignStreams::ReturnOrder(const std::string& application, int attempt) {
  const auto fact = OrderFact<fitting::v1::OrderReturned>(application, attempt,
                                                          fitting::v1::APPOINTMENT_STATE_CANCELLED);
  Publish("fitting", kCreditCode, fact.order().name(), fact);
}

void ForeignStreams::RepeatLast() { Add(last_key_, last_event_); }

void ForeignStreams::Publish(const std::string& service, const std::string& route,
                             const std::string& subject, const google::protobuf::Message& fact) {
  const chassis::Keys keys(service, 16);
  const int partition = keys.PartitionOf(route);
  const int64_t version = ++versions_[subject];
  event::v1::Event event;
  event.set_id(absl::StrCat(subject, "@", version));
  event.set_type(fact.GetTypeName());
  event.set_source(service);
  event.set_subject(subject);
  event.set_partition(partition);
  event.set_aggregate_version(version);
  event.set_actor(absl::StrCat("system:", service));
  event.mutable_data()->PackFrom(fact);
  last_key_ = keys.Events(partition);
  last_event_ = event.SerializeAsString();
  Add(last_key_, last_event_);
}

void ForeignStreams::Add(const std::string& key, const std::string& event) {
  const chassis::redis::Reply reply = redis_->Call({"XADD", key, "*", "e", event});
  ASSERT_FALSE(reply.is_error()) << reply.text();
}

}  // namespace fuju::applications
