#pragma once

#include "applications/review_decisions.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::applications {

// The price stage (价格核定; domain.md 1.2 Suzhou, 1.3 stage 5): its officer fixes the price at
// which the vendor has to deliver. Subsidy and self-pay are of that price from then on. The
// catalogue decides them by the terms that it found at the reservation, and moves the difference
// between budget and grant; until it has answered the case is PRICING, so nobody passes the stage
// before the applicant can see what there is to pay.

// An officer of the stage fixes the price. Errors as CheckOfficer; INVALID_ARGUMENT above the price
// asked. It may be fixed again, as long as the stage lasts.
Result DecideFixPrice(const Record& record, int64_t price_fen, const Verdict& verdict,
                      const Rules& rules, const Act& act);

// The catalogue's answer: the stage goes on. `refused`: the budget does not hold the amount by the
// new price, and what was before stays.
Result DecideSubsidyRepriced(const Record& record, const catalogue::v1::Grant& grant, bool refused,
                             const Rules& rules, const Act& act);

// An amount of money as it is told.
Text Yuan(int64_t fen);

// The price that counts: the one that was fixed or invoiced, else the one asked.
int64_t PriceOf(const v1::Application& application);

}  // namespace fuju::applications
