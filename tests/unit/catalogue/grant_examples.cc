#include "unit/catalogue/grant_examples.h"

#include "absl/strings/str_cat.h"

#include "catalogue/ledger/account.h"

namespace fuju::catalogue {

v1::SubsidyDecision Assess(const GrantApplication& application, bool county_known) {
  const Catalogue catalogue(ExampleRecord());
  const auto decision =
      AssessApplication(application, catalogue, county_known, DecisionTime(), DefaultPolicy());
  EXPECT_TRUE(decision.ok()) << decision.status();
  return decision.value_or(v1::SubsidyDecision());
}

FundsAtHand CountyOnly(int64_t amount_fen) {
  FundsAtHand funds;
  funds.order = FundOrderOf({});
  funds.available[v1::FUND_SOURCE_COUNTY] = amount_fen;
  return funds;
}

std::vector<std::string> Moves(const v1::Grant& grant) {
  std::vector<std::string> moves;
  for (const v1::LedgerEntry& entry : grant.transfers()) {
    moves.push_back(absl::StrCat(static_cast<int>(entry.fund_source()), ":",
                                 AccountName(entry.credit()), ">", AccountName(entry.debit()), " ",
                                 entry.amount_fen()));
  }
  return moves;
}

chassis::Versioned<v1::Grant> Opened(const GrantApplication& application) {
  const auto decision =
      OpenGrant({}, application, Assess(application), CountyOnly(1000000), DecisionTime());
  EXPECT_TRUE(decision.ok());
  return {decision->next, 1};
}

}  // namespace fuju::catalogue
