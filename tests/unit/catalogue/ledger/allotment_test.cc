#include "catalogue/ledger/allotment.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "fuju/catalogue/v1/ledger_events.pb.h"

namespace fuju::catalogue {
namespace {

using chassis::Holding;
using testing::Contains;
using testing::UnorderedElementsAre;

const absl::Time kNow = absl::FromUnixSeconds(1'772'413'200);
constexpr char kId[] = "620000-01HZX3M9Q2V7N8K4T6R5W1Y0AB";

AllotmentOrder Order(const std::string& from, const std::string& to) {
  return {from, to, 2026, v1::FUND_SOURCE_PROVINCIAL, 500, "甘财社〔2026〕2号"};
}

TEST(AllotmentTest, GoesToAreasWithinAndBackToThoseAbove) {
  struct Row {
    const char* from;
    const char* to;
    const char* account;
  };
  const Row rows[] = {{"620000", "620100", "allotted"}, {"620000", "620102", "allotted"},
                      {"620100", "620102", "allotted"}, {"620102", "620100", "returned"},
                      {"620102", "620000", "returned"}, {"620100", "620000", "returned"},
                      {"620100", "620200", nullptr},    {"620102", "620103", nullptr},
                      {"620102", "620200", nullptr},    {"620102", "620102", nullptr},
                      {"620000", "610100", nullptr}};
  for (const Row& row : rows) {
    const std::string id = absl::StrCat(row.from, "-1");
    const auto sent = SendAllotment({}, id, Order(row.from, row.to), kNow);
    if (row.account == nullptr) {
      EXPECT_EQ(chassis::ReasonOf(sent.status()), "FIELD_INVALID") << row.from << row.to;
      continue;
    }
    ASSERT_TRUE(sent.ok()) << sent.status();
    const std::string book = absl::StrCat("ledger:", row.from, "-2026-2:");
    EXPECT_THAT(AllotmentFootprint(id, sent->next).holdings,
                UnorderedElementsAre(Holding{absl::StrCat(book, "available"), -500},
                                     Holding{absl::StrCat(book, row.account), 500},
                                     Holding{"transit:2026:sent", 500}));
  }
}

TEST(AllotmentTest, ArrivesOnce) {
  const auto sent = SendAllotment({}, kId, Order("620000", "620102"), kNow);
  const v1::Allotment& allotment =
      dynamic_cast<const v1::AllotmentSent&>(*sent->facts.at(0)).allotment();
  EXPECT_EQ(allotment.state(), v1::ALLOTMENT_STATE_SENT);
  const std::string receipt_id = ReceiptId(allotment);
  EXPECT_EQ(receipt_id, absl::StrCat("620102-", kId)) << "lies with the receiver";
  const auto received = ReceiveAllotment({}, allotment, kNow);
  const chassis::Footprint footprint = ReceiptFootprint(receipt_id, received->next);
  EXPECT_THAT(footprint.holdings,
              UnorderedElementsAre(Holding{"ledger:620102-2026-2:appropriated", 500},
                                   Holding{"ledger:620102-2026-2:available", 500},
                                   Holding{"transit:2026:received", 500}));
  EXPECT_THAT(footprint.index,
              Contains(chassis::IndexEntry{"budgets-2026", "620102-2026", -620102}));
  EXPECT_FALSE(ReceiveAllotment({received->next, 1}, allotment, kNow)->changed);
}

TEST(AllotmentTest, CompletesOnce) {
  const auto sent = SendAllotment({}, kId, Order("620000", "620102"), kNow);
  EXPECT_FALSE(SendAllotment({sent->next, 1}, kId, Order("620000", "620102"), kNow)->changed);
  const auto completed = CompleteAllotment({sent->next, 1}, AllotmentName(kId), kNow);
  EXPECT_EQ(
      dynamic_cast<const v1::AllotmentCompleted&>(*completed->facts.at(0)).allotment().state(),
      v1::ALLOTMENT_STATE_COMPLETED);
  EXPECT_FALSE(CompleteAllotment({completed->next, 2}, AllotmentName(kId), kNow)->changed);
  EXPECT_EQ(chassis::ReasonOf(CompleteAllotment({}, AllotmentName(kId), kNow).status()),
            "RESOURCE_NOT_FOUND");
  // What it holds does not change with it.
  EXPECT_EQ(AllotmentFootprint(kId, completed->next).holdings,
            AllotmentFootprint(kId, sent->next).holdings);
}

}  // namespace
}  // namespace fuju::catalogue
