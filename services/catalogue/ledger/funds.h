#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include <google/protobuf/repeated_field.h>

#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::catalogue {

using FundShares = google::protobuf::RepeatedPtrField<v1::FundShare>;

// What a decision about a grant finds of an area's money at the moment.
struct FundsAtHand {
  // Which fund pays first; one that is not named does not pay.
  std::vector<v1::FundSource> order;
  // Free in the books of the year, in fen.
  std::map<v1::FundSource, int64_t> available;
  // Cases of the area that wait for money: who comes now stands behind them.
  int64_t waiting = 0;
  // How long what is reserved now stays so; InfiniteDuration: until the case ends.
  absl::Duration reservation = absl::InfiniteDuration();
};

// The policy's order; national, provincial, prefecture, county, charity when it has none.
std::vector<v1::FundSource> FundOrderOf(const v1::SubsidyPolicy& policy);

// Which fund pays how much of the decision's subsidy: its top-ups by their own funds first, the
// rest by the order, as much from each as is free. By rising number of the fund, none of 0. nullopt
// if the funds do not hold all of it. Pure.
std::optional<FundShares> SplitFunds(const v1::SubsidyDecision& decision, const FundsAtHand& funds);

}  // namespace fuju::catalogue
