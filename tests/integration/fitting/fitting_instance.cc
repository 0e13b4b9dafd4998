#include "integration/fitting/fitting_instance.h"

#include <fstream>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include <gtest/gtest.h>

#include "chassis/values/timestamps.h"
#include "edge_formats/vocabulary_formats.h"
#include "fuju/dispatch/v1/dispatch_events.pb.h"

namespace fuju::fitting::testing {
namespace {

// Monday 00:00 in Gansu of the week in which the fake clock starts.
const absl::Time kMonday = absl::FromUnixSeconds(1'767'574'800) - absl::Hours(9);

std::string ApplicationId(int number) {
  return absl::StrFormat("620102-01HZX3M9Q2V7N8K4T6R5W%05d", number);
}

}  // namespace

FittingInstance::FittingInstance(const test_support::RedisServer& redis,
                                 const chassis::Clock* clock, Settings settings)
    : registry_(std::make_shared<prometheus::Registry>()),
      client_(chassis::redis::PipelinedClient::Start({.endpoint = redis.endpoint()})),
      keys_("fitting", kPartitions),
      store_(chassis::MakeRedisStore(client_.get(), keys_, clock, {})),
      fanout_(chassis::Fanout::Start(client_.get(),
                                     chassis::redis::Topology::Fixed(redis.endpoint()), keys_)),
      regions_(*vocabulary::RegionTable::Parse(test_support::GansuFile("divisions.csv"),
                                               test_support::GansuFile("organisations_extra.csv"))),
      metrics_(*registry_),
      stores_(store_.get(), &metrics_),
      serial_numbers_(client_.get(), keys_, settings.serial_claim, AskOrders(&stores_)) {
  chassis::FormatRegistry formats;
  edge_formats::RegisterVocabularyFormats(formats, regions_, *clock);
  gate_ = std::make_unique<chassis::CallGate>(std::move(formats), registry_,
                                              chassis::CallLimits{.longest = absl::Seconds(30)});
  service_ = std::make_unique<FittingService>(gate_.get(), &stores_, &serial_numbers_, settings);
  server_ = *chassis::Server::Start({.listen = "127.0.0.1:0"}, {service_.get()});
  chassis::ConsumerOptions options;
  options.instance = "a";
  options.read_block = absl::Milliseconds(50);
  options.retry_max = absl::Milliseconds(200);
  options.timer_poll = absl::Milliseconds(20);
  options.max_attempts = 3;
  consumer_ =
      chassis::Consumer::Start(client_.get(), chassis::redis::Topology::Fixed(redis.endpoint()),
                               keys_, clock, MakeReactions(&stores_, settings.rules),
                               MakeTimerHandlers(&stores_), options, registry_.get());
  server_->SetServing(true);
  address_ = absl::StrCat("127.0.0.1:", server_->port());
  stub_ = v1::FittingService::NewStub(
      grpc::CreateChannel(address_, grpc::InsecureChannelCredentials()));
}

FittingInstance::~FittingInstance() {
  consumer_->Stop(absl::Seconds(5));
  gate_->Drain();
  server_->Drain(absl::Seconds(5));
  fanout_->Stop();
}

absl::StatusOr<v1::Technician> FittingInstance::Register(
    const std::string& staff_number, const std::vector<std::string>& device_classes) {
  v1::RegisterTechnicianRequest request;
  request.set_parent(absl::StrCat("vendors/", kVendor));
  request.set_request_id(NewRequestId());
  v1::Technician& technician = *request.mutable_technician();
  technician.set_staff_number(staff_number);
  for (int weekday = 1; weekday <= 5; ++weekday) {
    v1::WorkingHours& hours = *technician.add_working_hours();
    hours.set_weekday(weekday);
    hours.set_start_minute(9 * 60);
    hours.set_end_minute(18 * 60);
  }
  for (const std::string& device_class : device_classes) {
    technician.add_device_classes(device_class);
  }
  return Call(&Stub::RegisterTechnician, request);
}

absl::StatusOr<v1::Order> FittingInstance::Book(const std::string& order,
                                                const std::string& technician,
                                                absl::Time start) const {
  v1::BookAppointmentRequest request;
  request.set_name(order);
  request.set_technician(technician);
  *request.mutable_start_time() = chassis::ToTimestamp(start);
  request.set_request_id(NewRequestId());
  return Call(&Stub::BookAppointment, request);
}

absl::StatusOr<v1::Order> FittingInstance::Move(const std::string& order,
                                                const std::string& technician,
                                                absl::Time start) const {
  v1::RescheduleAppointmentRequest request;
  request.set_name(order);
  request.set_technician(technician);
  *request.mutable_start_time() = chassis::ToTimestamp(start);
  request.set_reason("改期");
  request.set_request_id(NewRequestId());
  return Call(&Stub::RescheduleAppointment, request);
}

absl::StatusOr<v1::Order> FittingInstance::CancelVisit(const std::string& order) const {
  v1::CancelAppointmentRequest request;
  request.set_name(order);
  request.set_reason("有事");
  request.set_request_id(NewRequestId());
  return Call(&Stub::CancelAppointment, request);
}

absl::StatusOr<v1::Order> FittingInstance::NoShow(const std::string& order) const {
  v1::ReportNoShowRequest request;
  request.set_name(order);
  request.set_reason("无人在家");
  request.set_request_id(NewRequestId());
  return Call(&Stub::ReportNoShow, request);
}

absl::StatusOr<v1::Order> FittingInstance::Return(const std::string& order) const {
  v1::ReturnOrderRequest request;
  request.set_name(order);
  request.set_reason("缺货");
  request.set_request_id(NewRequestId());
  return Call(&Stub::ReturnOrder, request);
}

absl::StatusOr<v1::Order> FittingInstance::Complete(const std::string& order,
                                                    const std::string& serial_number) const {
  v1::CompleteOrderRequest request;
  request.set_name(order);
  request.mutable_hand_over()->set_serial_number(serial_number);
  request.mutable_hand_over()->set_signature_sha256(std::string(64, 'a'));
  request.mutable_hand_over()->set_signature_method("handwritten");
  request.set_request_id(NewRequestId());
  return Call(&Stub::CompleteOrder, request);
}

v1::Order FittingInstance::OrderNamed(const std::string& name) const {
  v1::GetOrderRequest request;
  request.set_name(name);
  const auto order = Call(&Stub::GetOrder, request);
  EXPECT_TRUE(order.ok()) << order.status();
  return order.value_or(v1::Order());
}

std::vector<std::string> FittingInstance::FreeSlots(v1::FindSlotsRequest request) const {
  if (request.page_size() == 0) request.set_page_size(200);
  const auto found = Call(&Stub::FindSlots, request);
  EXPECT_TRUE(found.ok()) << found.status();
  std::vector<std::string> slots;
  if (!found.ok()) return slots;
  for (const v1::Slot& slot : found->slots()) {
    EXPECT_EQ(chassis::ToTime(slot.end_time()) - chassis::ToTime(slot.start_time()),
              OrderRules().grid.visit);
    slots.push_back(
        absl::StrCat(slot.technician().substr(slot.technician().rfind('/') + 1), " ",
                     absl::ToDoubleHours(chassis::ToTime(slot.start_time()) - kMonday)));
  }
  return slots;
}

void FittingTest::SetUp() {
  for (const char* staff_number : {"T1", "T2"}) {
    const auto registered = fitting_.Register(staff_number);
    ASSERT_TRUE(registered.ok()) << registered.status();
  }
}

dispatch::v1::Round FittingTest::Round(int number, int attempt) {
  const std::string id = ApplicationId(number);
  dispatch::v1::Round round;
  round.set_name(absl::StrCat("rounds/", id));
  round.set_application(absl::StrCat("applications/", id));
  round.set_attempt(attempt);
  round.set_offer(absl::StrCat("vendors/", kVendor, "/offers/", id, "-", attempt));
  round.set_vendor(absl::StrCat("vendors/", kVendor));
  round.set_vendor_name("演示服务商");
  round.set_county_code("620102");
  round.set_item_code("M01");
  round.set_device_division("122203");
  return round;
}

std::string FittingTest::OrderNameOf(int number, int attempt) {
  return absl::StrCat("vendors/", kVendor, "/orders/", ApplicationId(number), "-", attempt);
}

std::string FittingTest::Technician(const std::string& staff_number) {
  return absl::StrCat("vendors/", kVendor, "/technicians/", staff_number);
}

absl::Time FittingTest::At(int day, int hour, int minute) {
  return kMonday + absl::Hours(24 * (day - 1) + hour) + absl::Minutes(minute);
}

void FittingTest::Accept(int number, int attempt) {
  dispatch::v1::DispatchAccepted fact;
  *fact.mutable_round() = Round(number, attempt);
  dispatch_.Publish("620102", fact.round().name(), fact.round().application(), fact);
}

void FittingTest::Recall(int number, int attempt) {
  dispatch::v1::DispatchRecalled fact;
  *fact.mutable_round() = Round(number, attempt);
  dispatch_.Publish("620102", fact.round().name(), fact.round().application(), fact);
}

void FittingTest::OpenOrders(int count) {
  for (int number = 1; number <= count; ++number) Accept(number);
  log_.Await<v1::OrderOpened>(static_cast<size_t>(count));
}

std::vector<absl::Status> FittingTest::AtOnce(int count,
                                              const std::function<absl::Status(int)>& call) {
  std::vector<absl::Status> statuses(static_cast<size_t>(count));
  std::vector<std::thread> callers;
  for (int number = 1; number <= count; ++number) {
    callers.emplace_back(
        [&statuses, &call, number] { statuses[static_cast<size_t>(number - 1)] = call(number); });
  }
  for (std::thread& caller : callers) caller.join();
  return statuses;
}

size_t FittingTest::ClaimedCells() const {
  const chassis::redis::Reply keys = redis_.Call({"KEYS", "fuju:fitting:*:claim:cell:*"});
  EXPECT_TRUE(keys.is_array()) << keys.text();
  return keys.size();
}

}  // namespace fuju::fitting::testing
