// Request ids, etags and names.

#include <set>
#include <string>

#include "absl/synchronization/mutex.h"
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "integration/fitting/fitting_instance.h"

namespace fuju::fitting {
namespace {

using Stub = v1::FittingService::Stub;

constexpr int kCallers = 50;

class RequestsTest : public testing::FittingTest {
 protected:
  // The one answer that all of many equal calls at once get, as a message or as the text of an
  // error.
  template <typename Request>
  std::set<std::string> AnswersTo(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                               v1::Order*),
                                  const Request& request) {
    absl::Mutex mutex;
    std::set<std::string> answers;
    AtOnce(kCallers, [&](int) {
      const auto answer = fitting_.Call(method, request);
      absl::MutexLock lock(&mutex);
      answers.insert(answer.ok() ? answer->SerializeAsString() : answer.status().ToString());
      return answer.status();
    });
    return answers;
  }
  v1::BookAppointmentRequest Booking(absl::Time start) {
    v1::BookAppointmentRequest request;
    request.set_name(OrderNameOf(1));
    request.set_technician(Technician());
    *request.mutable_start_time() = chassis::ToTimestamp(start);
    request.set_request_id("the-one");
    return request;
  }
};

TEST_F(RequestsTest, FiftyEqualBookingsAtOnceGetOneAnswer) {
  OpenOrders(1);
  const std::set<std::string> answers = AnswersTo(&Stub::BookAppointment, Booking(At(2, 10)));
  ASSERT_EQ(answers.size(), 1u) << *answers.rbegin();
  v1::Order order;
  ASSERT_TRUE(order.ParseFromString(*answers.begin()));
  EXPECT_EQ(order.state(), v1::ORDER_STATE_SCHEDULED);
  EXPECT_EQ(log_.Await<v1::OrderScheduled>(1).size(), 1u);
}

TEST_F(RequestsTest, FiftyEqualHandOversAtOnceGetOneAnswer) {
  OpenOrders(1);
  ASSERT_TRUE(fitting_.Book(OrderNameOf(1), Technician(), At(2, 10)).ok());
  clock_.Set(At(2, 10));
  v1::CompleteOrderRequest request;
  request.set_name(OrderNameOf(1));
  request.mutable_hand_over()->set_serial_number("SN-1");
  request.mutable_hand_over()->set_signature_sha256(std::string(64, 'a'));
  request.mutable_hand_over()->set_signature_method("witness");
  request.set_request_id("the-one");
  const std::set<std::string> answers = AnswersTo(&Stub::CompleteOrder, request);
  ASSERT_EQ(answers.size(), 1u) << *answers.rbegin();
  v1::Order order;
  ASSERT_TRUE(order.ParseFromString(*answers.begin()));
  EXPECT_EQ(order.state(), v1::ORDER_STATE_COMPLETED);
  EXPECT_EQ(log_.Await<v1::OrderCompleted>(1).size(), 1u);
}

TEST_F(RequestsTest, ARepeatGetsTheOrderAsItIsWhateverHappenedSince) {
  OpenOrders(1);
  ASSERT_TRUE(fitting_.Call(&Stub::BookAppointment, Booking(At(2, 10))).ok());
  ASSERT_TRUE(fitting_.CancelVisit(OrderNameOf(1)).ok());
  const auto repeat = fitting_.Call(&Stub::BookAppointment, Booking(At(2, 10)));
  ASSERT_TRUE(repeat.ok()) << repeat.status();
  EXPECT_EQ(repeat->state(), v1::ORDER_STATE_OPEN);
  EXPECT_EQ(repeat->SerializeAsString(), fitting_.OrderNamed(OrderNameOf(1)).SerializeAsString());
}

TEST_F(RequestsTest, SameIdWithAnotherRequestIsRefused) {
  OpenOrders(1);
  ASSERT_TRUE(fitting_.Call(&Stub::BookAppointment, Booking(At(2, 10))).ok());
  const absl::Status reused = fitting_.Call(&Stub::BookAppointment, Booking(At(2, 14))).status();
  EXPECT_EQ(reused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(chassis::ReasonOf(reused), "REQUEST_ID_REUSED");
}

TEST_F(RequestsTest, ARefusedRequestIsDecidedAnew) {
  OpenOrders(2);
  ASSERT_TRUE(fitting_.Book(OrderNameOf(2), Technician(), At(2, 10)).ok());
  EXPECT_EQ(chassis::ReasonOf(fitting_.Call(&Stub::BookAppointment, Booking(At(2, 10))).status()),
            "SLOT_TAKEN");
  ASSERT_TRUE(fitting_.CancelVisit(OrderNameOf(2)).ok());
  EXPECT_TRUE(fitting_.Call(&Stub::BookAppointment, Booking(At(2, 10))).ok());
}

TEST_F(RequestsTest, AnOldEtagIsAborted) {
  OpenOrders(1);
  v1::BookAppointmentRequest booking = Booking(At(2, 10));
  booking.set_etag("other");
  const absl::Status mismatch = fitting_.Call(&Stub::BookAppointment, booking).status();
  EXPECT_EQ(mismatch.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(chassis::ReasonOf(mismatch), "ETAG_MISMATCH");
  booking.set_etag(fitting_.OrderNamed(OrderNameOf(1)).etag());
  const auto booked = fitting_.Call(&Stub::BookAppointment, booking);
  ASSERT_TRUE(booked.ok()) << booked.status();
  EXPECT_NE(booked->etag(), booking.etag());
  EXPECT_EQ(booked->etag(), fitting_.OrderNamed(OrderNameOf(1)).etag());
}

TEST_F(RequestsTest, UnknownOrdersAreNotFound) {
  const std::string unknown = OrderNameOf(9);
  v1::GetOrderRequest get;
  get.set_name(unknown);
  for (const absl::Status& status :
       {fitting_.Call(&Stub::GetOrder, get).status(),
        fitting_.Book(unknown, Technician(), At(2, 10)).status(),
        fitting_.Move(unknown, Technician(), At(2, 10)).status(),
        fitting_.CancelVisit(unknown).status(), fitting_.NoShow(unknown).status(),
        fitting_.Complete(unknown, "SN-1").status(), fitting_.Return(unknown).status()}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kNotFound) << status;
    EXPECT_EQ(chassis::MetadataOf(status, "resource"), unknown);
  }
}

}  // namespace
}  // namespace fuju::fitting
