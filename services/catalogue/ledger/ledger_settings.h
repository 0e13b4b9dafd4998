#pragma once

#include <vector>

#include "absl/time/time.h"

#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::catalogue {

// Rules of the ledger that an operator sets. A value.
struct LedgerSettings {
  // --reservation_days: how long what is reserved stays so; InfiniteDuration: until the case ends.
  absl::Duration reservation = absl::InfiniteDuration();
  // --carry_over_funds: what of these is free at the end of a year goes to the next; that of the
  // others lapses.
  std::vector<v1::FundSource> carry_over = {};
};

}  // namespace fuju::catalogue
