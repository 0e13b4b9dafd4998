#include "catalogue/decision/decision_inputs.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "catalogue/decision/prepared_item.h"
#include "vocabulary/civil_date.h"
#include "vocabulary/invalid_value.h"

namespace fuju::catalogue {

using type::v1::EligibilityFacts;
using vocabulary::Fen;

bool PersonFacts::HasSeveral() const {
  return certificate.category == type::v1::DISABILITY_CATEGORY_MULTIPLE || single_count > 1;
}

absl::StatusOr<PersonFacts> ReadFacts(const EligibilityFacts& facts, bool county_known) {
  const absl::StatusOr<absl::CivilDay> birth = vocabulary::ParseCivilDate(facts.birth_date());
  if (!birth.ok()) return birth.status();
  if (facts.single_categories_size() > static_cast<int>(kMaxSingles)) {
    return vocabulary::InvalidValue(
        absl::StrCat("单项残疾类别多于", kMaxSingles, "个"),
        absl::StrCat("there are more than ", kMaxSingles, " single disabilities"));
  }
  PersonFacts person;
  person.birth = *birth;
  person.certificate = {facts.category(), facts.grade()};
  for (const type::v1::GradedCategory& single : facts.single_categories()) {
    person.singles[person.single_count++] = {single.category(), single.grade()};
  }
  person.status = facts.economic_status();
  person.early_ground = facts.early_ground();
  if (!absl::SimpleAtoi(facts.county_code(), &person.county)) person.county = 0;
  person.county_known = county_known;
  person.other_payer = facts.other_payer();
  person.uncertified = facts.uncertified();
  person.certificate_invalid = facts.certificate_invalid();
  return person;
}

absl::StatusOr<PastDelivery> ReadDelivery(const v1::Delivery& delivery) {
  PastDelivery past;
  past.open = delivery.acceptance_date().empty();
  const absl::StatusOr<absl::CivilDay> day =
      vocabulary::ParseCivilDate(past.open ? delivery.decision_date() : delivery.acceptance_date());
  if (!day.ok()) return day.status();
  past.accepted = past.counted = *day;
  if (!past.open && !delivery.decision_date().empty()) {
    const absl::StatusOr<absl::CivilDay> decided =
        vocabulary::ParseCivilDate(delivery.decision_date());
    if (!decided.ok()) return decided.status();
    past.counted = *decided;
  }
  past.item = ItemKey(delivery.item_code());
  past.share_group = GroupKey(delivery.share_group());
  past.division = DivisionNumber(delivery.device_division());
  past.quantity = delivery.quantity() > 0 ? delivery.quantity() : 1;
  past.subsidy = Fen(delivery.subsidy_fen());
  return past;
}

absl::Status CheckAsked(const Asked& asked) {
  if (asked.quote < Fen()) {
    return vocabulary::InvalidValue("金额不能为负数", "an amount must not be negative");
  }
  if (asked.approved_price < Fen() || asked.approved_price > asked.quote) {
    return vocabulary::InvalidValue(
        absl::StrCat("核定价格", asked.approved_price.count(), "分不在1分至申报价格之间"),
        absl::StrCat("the price ", asked.approved_price.count(),
                     " fen is not between 1 and the quote"));
  }
  if (asked.quantity < 1) {
    return vocabulary::InvalidValue("数量应至少为1", "the quantity must be at least 1");
  }
  return absl::OkStatus();
}

}  // namespace fuju::catalogue
