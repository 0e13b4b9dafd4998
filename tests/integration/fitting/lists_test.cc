#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "integration/fitting/fitting_instance.h"

namespace fuju::fitting {
namespace {

using Names = std::vector<std::string>;
using Stub = v1::FittingService::Stub;

class ListsTest : public testing::FittingTest {
 protected:
  // Five orders, opened one after the other: 1 is returned, 2 is booked, the others are open.
  void SetUp() override {
    FittingTest::SetUp();
    for (int number = 1; number <= 5; ++number) {
      Accept(number);
      log_.Await<v1::OrderOpened>(static_cast<size_t>(number));
      clock_.Advance(absl::Milliseconds(1));
    }
    ASSERT_TRUE(fitting_.Return(OrderNameOf(1)).ok());
    ASSERT_TRUE(fitting_.Book(OrderNameOf(2), Technician(), At(2, 10)).ok());
  }
  Names Orders(v1::OrderState state, const std::string& vendor = testing::kVendor) {
    v1::ListOrdersRequest request;
    request.set_parent(absl::StrCat("vendors/", vendor));
    request.set_state(state);
    request.set_page_size(2);
    Names names;
    do {
      const auto page = fitting_.Call(&Stub::ListOrders, request);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) break;
      EXPECT_LE(page->orders_size(), 2);
      for (const v1::Order& order : page->orders()) {
        names.push_back(order.name());
        EXPECT_EQ(order.SerializeAsString(), fitting_.OrderNamed(order.name()).SerializeAsString());
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return names;
  }
};

TEST_F(ListsTest, OrdersOfAVendorAndOfOneStateNewestFirst) {
  EXPECT_EQ(
      Orders(v1::ORDER_STATE_UNSPECIFIED),
      (Names{OrderNameOf(5), OrderNameOf(4), OrderNameOf(3), OrderNameOf(2), OrderNameOf(1)}));
  EXPECT_EQ(Orders(v1::ORDER_STATE_OPEN), (Names{OrderNameOf(5), OrderNameOf(4), OrderNameOf(3)}));
  EXPECT_EQ(Orders(v1::ORDER_STATE_SCHEDULED), (Names{OrderNameOf(2)}));
  EXPECT_EQ(Orders(v1::ORDER_STATE_RETURNED), (Names{OrderNameOf(1)}));
  EXPECT_EQ(Orders(v1::ORDER_STATE_COMPLETED), Names{});
  EXPECT_EQ(Orders(v1::ORDER_STATE_UNSPECIFIED, testing::kOtherVendor), Names{});
}

TEST_F(ListsTest, TechniciansOfAVendorInPages) {
  for (const char* staff_number : {"T3", "T4", "T5"}) {
    clock_.Advance(absl::Milliseconds(1));
    ASSERT_TRUE(fitting_.Register(staff_number).ok());
  }
  v1::ListTechniciansRequest request;
  request.set_parent(absl::StrCat("vendors/", testing::kVendor));
  request.set_page_size(2);
  Names staff;
  do {
    const auto page = fitting_.Call(&Stub::ListTechnicians, request);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const v1::Technician& technician : page->technicians()) {
      staff.push_back(technician.staff_number());
      EXPECT_NE(technician.etag(), "");
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  // T1 and T2 came in the same millisecond.
  EXPECT_EQ(staff, (Names{"T5", "T4", "T3", "T2", "T1"}));
}

TEST_F(ListsTest, PageTokensOfAnotherQueryAreRefused) {
  v1::ListOrdersRequest request;
  request.set_parent(absl::StrCat("vendors/", testing::kVendor));
  request.set_page_size(1);
  const auto page = fitting_.Call(&Stub::ListOrders, request);
  ASSERT_TRUE(page.ok()) << page.status();
  request.set_state(v1::ORDER_STATE_OPEN);
  for (const std::string& token : {page->next_page_token(), std::string("none")}) {
    request.set_page_token(token);
    const absl::Status status = fitting_.Call(&Stub::ListOrders, request).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(chassis::ReasonOf(status), "PAGE_TOKEN_INVALID");
  }
  v1::ListTechniciansRequest technicians;
  technicians.set_parent(absl::StrCat("vendors/", testing::kVendor));
  technicians.set_page_token(page->next_page_token());
  EXPECT_EQ(chassis::ReasonOf(fitting_.Call(&Stub::ListTechnicians, technicians).status()),
            "PAGE_TOKEN_INVALID");
}

}  // namespace
}  // namespace fuju::fitting
