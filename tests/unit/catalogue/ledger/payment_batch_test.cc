#include "catalogue/ledger/payment_batch.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalogue/ledger/payment_file.h"
#include "catalogue/versions/publication.h"
#include "chassis/values/refusal.h"
#include "fuju/catalogue/v1/ledger_events.pb.h"
#include "support/violations.h"

namespace fuju::catalogue {
namespace {

using chassis::Holding;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

const absl::Time kNow = absl::FromUnixSeconds(1'772'413'200);
constexpr char kId[] = "620102-01HZX3M9Q2V7N8K4T6R5W1Y0AB";
constexpr char kName[] = "paymentBatches/620102-01HZX3M9Q2V7N8K4T6R5W1Y0AB";

v1::Grant Settled(int number, std::vector<std::pair<v1::FundSource, int64_t>> shares) {
  v1::Grant grant;
  grant.set_name(absl::StrCat("grants/620102-", number));
  grant.set_application(absl::StrCat("applications/620102-", number));
  grant.set_vendor(absl::StrCat("vendors/", number));
  grant.set_state(v1::GRANT_STATE_SETTLED);
  grant.set_fiscal_year(2026);
  for (const auto& [fund, amount] : shares) {
    v1::FundShare* share = grant.add_fund_shares();
    share->set_fund_source(fund);
    share->set_amount_fen(amount);
    grant.set_amount_fen(grant.amount_fen() + amount);
  }
  return grant;
}

CurrentBatch ThreeLines() {
  const auto made =
      NewBatch({}, kId, 2026,
               {Settled(1, {{v1::FUND_SOURCE_COUNTY, 98000}}),
                Settled(2, {{v1::FUND_SOURCE_NATIONAL, 30000}, {v1::FUND_SOURCE_COUNTY, 1000}}),
                Settled(3, {{v1::FUND_SOURCE_COUNTY, 5}})},
               kNow);
  EXPECT_TRUE(made.ok()) << made.status();
  return {made->next, 1};
}

std::string Row(const std::string& rest) { return absl::StrCat(kName, ",", rest, "\n"); }
constexpr char kHeader[] = "batch,line,amount_fen,result,reason\n";
std::string GoodResult() {
  return kHeader + Row("2,31000,bounced,账号有误") + Row("1,98000,paid,") + Row("3,5,paid,");
}

TEST(PaymentBatchTest, HasALineForEachGrantAndATotal) {
  const v1::PaymentBatch batch = ThreeLines().state.payment_batch();
  EXPECT_EQ(batch.total_fen(), 129005);
  EXPECT_EQ(batch.line_count(), 3);
  const std::string n = kName;
  const std::string expected =
      "batch,line,vendor,application,funds,amount_fen\n" + n +
      ",1,vendors/1,applications/620102-1,county:98000,98000\n" + n +
      ",2,vendors/2,applications/620102-2,national:30000;county:1000,31000\n" + n +
      ",3,vendors/3,applications/620102-3,county:5,5\n" + n +
      ",total,,,national:30000;county:99005,129005\n";
  EXPECT_EQ(PaymentFile(batch), expected);
  EXPECT_EQ(batch.sha256(), Sha256Hex(expected));
}

TEST(PaymentBatchTest, NeedsSomethingThatIsOwed) {
  EXPECT_EQ(chassis::ReasonOf(NewBatch({}, kId, 2026, {}, kNow).status()), "NOTHING_PAYABLE");
  v1::Grant grant = Settled(1, {{v1::FUND_SOURCE_COUNTY, 5}});
  EXPECT_TRUE(IsPayable(grant, 2026, ""));
  EXPECT_TRUE(IsPayable(grant, 2026, "vendors/1"));
  EXPECT_FALSE(IsPayable(grant, 2026, "vendors/2"));
  EXPECT_FALSE(IsPayable(grant, 2027, ""));
  for (const v1::GrantState state : {v1::GRANT_STATE_RESERVED, v1::GRANT_STATE_PAID,
                                     v1::GRANT_STATE_RELEASED, v1::GRANT_STATE_QUEUED}) {
    grant.set_state(state);
    EXPECT_FALSE(IsPayable(grant, 2026, "")) << v1::GrantState_Name(state);
  }
}

TEST(PaymentBatchTest, ClaimsItsGrantsUntilItIsClosed) {
  const CurrentBatch batch = ThreeLines();
  const chassis::Footprint open = BatchFootprint(kId, batch.state);
  EXPECT_THAT(open.claims,
              ElementsAre(chassis::Claim{"paying:620102-1"}, chassis::Claim{"paying:620102-2"},
                          chassis::Claim{"paying:620102-3"}));
  EXPECT_EQ(open.index.size(), 2u);
  EXPECT_THAT(open.holdings, IsEmpty()) << "the money is owed as before";
  const auto imported = ImportResult(batch, kId, GoodResult(), kNow);
  ASSERT_TRUE(imported.ok()) << imported.status();
  const chassis::Footprint after = BatchFootprint(kId, imported->next);
  EXPECT_EQ(after.claims.size(), 3u);
  EXPECT_THAT(after.holdings, UnorderedElementsAre(Holding{"ledger:620102-2026-4:payable", -98005},
                                                   Holding{"ledger:620102-2026-4:paid", 98005}));
  const auto closed = CloseBatch({imported->next, 2});
  EXPECT_THAT(BatchFootprint(kId, closed->next).claims, IsEmpty());
  EXPECT_EQ(BatchFootprint(kId, closed->next).holdings, after.holdings);
  EXPECT_FALSE(CloseBatch({closed->next, 3})->changed);
  EXPECT_FALSE(CloseBatch(batch)->changed);
}

TEST(PaymentBatchTest, TakesAResultOnce) {
  const auto imported = ImportResult(ThreeLines(), kId, GoodResult(), kNow);
  const v1::PaymentBatch& batch = imported->next.payment_batch();
  EXPECT_EQ(batch.paid_fen(), 98005);
  EXPECT_EQ(batch.bounced_fen(), 31000);
  EXPECT_EQ(batch.lines(1).bounce_reason(), "账号有误");
  EXPECT_EQ(imported->next.transfers_size(), 2);
  const CurrentBatch after = {imported->next, 2};
  EXPECT_FALSE(ImportResult(after, kId, GoodResult(), kNow)->changed);
  const std::string other = absl::StrReplaceAll(GoodResult(), {{"3,5,paid,", "3,5,bounced,x"}});
  EXPECT_EQ(chassis::ReasonOf(ImportResult(after, kId, other, kNow).status()), "STATE_FORBIDS");
  EXPECT_EQ(chassis::ReasonOf(ImportResult({}, kId, other, kNow).status()), "RESOURCE_NOT_FOUND");
}

TEST(PaymentBatchTest, NamesEveryBadLineOfAResult) {
  struct Case {
    const char* why;
    std::string csv;
    const char* paths;
  };
  const Case cases[] = {
      {"another batch",
       kHeader + std::string("paymentBatches/x,1,98000,paid,\n") + Row("2,31000,paid,") +
           Row("3,5,paid,"),
       "rows[2].batch"},
      {"unknown line",
       kHeader + Row("1,98000,paid,") + Row("2,31000,paid,") + Row("3,5,paid,") + Row("4,5,paid,") +
           Row("0,5,paid,") + Row("x,5,paid,"),
       "rows[5].line rows[6].line rows[7].line"},
      {"missing lines", kHeader + Row("2,31000,paid,"), "lines[1] lines[3]"},
      {"empty", kHeader, "lines[1] lines[2] lines[3]"},
      {"doubled",
       kHeader + Row("1,98000,paid,") + Row("2,31000,paid,") + Row("3,5,paid,") +
           Row("1,98000,paid,"),
       "rows[5].line"},
      {"another amount", kHeader + Row("1,98001,paid,") + Row("2,31000.0,paid,") + Row("3,5,paid,"),
       "rows[2].amount_fen rows[3].amount_fen"},
      {"no such result", kHeader + Row("1,98000,PAID,") + Row("2,31000,,") + Row("3,5,paid,"),
       "rows[2].result rows[3].result"},
      {"a reason where none belongs, none where one does",
       kHeader + Row("1,98000,paid,x") + Row("2,31000,bounced,") + Row("3,5,paid,"),
       "rows[2].reason rows[3].reason"},
      {"too long a reason",
       kHeader + Row("1,98000,paid,") + Row("2,31000,bounced," + std::string(201, 'x')) +
           Row("3,5,paid,"),
       "rows[3].reason"},
      {"several things at once", kHeader + Row("1,7,nonsense,") + Row("9,1,paid,"),
       "lines[2] lines[3] rows[2].amount_fen rows[2].result rows[3].line"},
  };
  for (const Case& bad : cases) {
    const auto refused = ImportResult(ThreeLines(), kId, bad.csv, kNow);
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument) << bad.why;
    EXPECT_EQ(chassis::ReasonOf(refused.status()), "PAYMENT_RESULT_INVALID") << bad.why;
    EXPECT_EQ(test_support::PathsOf(refused.status()), bad.paths) << bad.why;
  }
  // What is no such table at all.
  for (const char* csv : {"", "a,b\n1\n", "batch,line,amount_fen,result\n"}) {
    EXPECT_EQ(test_support::PathsOf(ImportResult(ThreeLines(), kId, csv, kNow).status()), "csv")
        << csv;
  }
}

}  // namespace
}  // namespace fuju::catalogue
