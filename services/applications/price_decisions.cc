#include "applications/price_decisions.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "applications/course.h"
#include "applications/funding.h"
#include "applications/officer_check.h"
#include "chassis/values/refusal.h"
#include "fuju/applications/v1/transfer_events.pb.h"
#include "vocabulary/money.h"

namespace fuju::applications {
namespace {

absl::Status AboveThePriceAsked(int64_t quote_fen) {
  return chassis::InvalidFields()
      .Field("price_fen", absl::StrCat("核定价格不能高于申报价格", Yuan(quote_fen).zh),
             absl::StrCat("must not be above the price asked, ", quote_fen, " fen"))
      .Build();
}

absl::Status AboveTheCeiling(int64_t ceiling_fen) {
  return chassis::InvalidFields()
      .Field("price_fen", absl::StrCat("核定价格不能高于目录限价", Yuan(ceiling_fen).zh),
             absl::StrCat("must not be above the catalogue's ceiling, ", ceiling_fen, " fen"))
      .Build();
}

}  // namespace

Result DecideFixPrice(const Record& record, int64_t price_fen, const Verdict& verdict,
                      const Rules& rules, const Act& act) {
  const v1::Application& application = record.application();
  if (!IsLegal(application.state(), Move::kFixPrice)) return Forbidden(record, Move::kFixPrice);
  const absl::StatusOr<Place> place = PlaceOf(record, rules);
  if (!place.ok()) return place.status();
  if (absl::Status s = CheckPriceOfficer(record, *place, verdict.stage, act); !s.ok()) return s;
  if (price_fen > application.request().quote_fen()) {
    return AboveThePriceAsked(application.request().quote_fen());
  }
  const int64_t ceiling = application.subsidy().allowed_price_fen();
  if (ceiling > 0 && price_fen > ceiling) return AboveTheCeiling(ceiling);
  Change change(record, Move::kFixPrice, act);
  AddAct(change, *place, v1::STAGE_DECISION_UNSPECIFIED);
  change.application().mutable_review()->mutable_acts()->rbegin()->set_price_fen(price_fen);
  AskFunding(change);
  // The clock of the stage goes on: this takes a moment.
  change.Enter(v1::APPLICATION_STATE_PRICING, Party::kSubsidyCheck);
  change.Tell(Line::kPriceFixed, {Yuan(price_fen)}, verdict.remark);
  v1::ApplicationPriceFixed fact;
  fact.set_price_fen(price_fen);
  return change.Publish(std::move(fact));
}

Result DecideSubsidyRepriced(const Record& record, const catalogue::v1::Grant& grant, bool refused,
                             const Rules& rules, const Act& act) {
  if (!IsLegal(record.application().state(), Move::kSubsidyRepriced)) {
    return Forbidden(record, Move::kSubsidyRepriced);
  }
  if (!IsAnswer(record, grant)) return chassis::Decision<Record>::Unchanged();
  const absl::StatusOr<Place> place = PlaceOf(record, rules);
  if (!place.ok()) return place.status();
  Change change(record, Move::kSubsidyRepriced, act);
  if (!refused) SetSubsidy(change.application(), grant);
  if (absl::Status s = ReturnToStage(change, *place, rules); !s.ok()) return s;
  const v1::Application& application = change.application();
  const Text price = Yuan(PriceOf(application));
  if (refused) {
    change.Tell(Line::kRepriceFailed, {price});
  } else {
    change.Tell(Line::kRepriced, {price, Yuan(application.subsidy().subsidy_fen()),
                                  Yuan(application.subsidy().self_pay_fen())});
  }
  v1::ApplicationRepriced fact;
  fact.set_refused(refused);
  return change.Publish(std::move(fact));
}

Text Yuan(int64_t fen) {
  const vocabulary::Fen amount(fen);
  return Text{vocabulary::FormatYuan(amount), vocabulary::FormatYuan(amount)};
}

int64_t PriceOf(const v1::Application& application) {
  const int64_t fixed = application.subsidy().approved_price_fen();
  return fixed > 0 ? fixed : application.request().quote_fen();
}

}  // namespace fuju::applications
