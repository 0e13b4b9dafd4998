#include "catalogue/beneficiary.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"

#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {

using BeneficiaryRecord = storage::v1::BeneficiaryRecord;

std::string BeneficiaryName(absl::string_view person_key) {
  return absl::StrCat("beneficiaries/", person_key);
}

absl::StatusOr<chassis::Decision<BeneficiaryRecord>> RecordDelivery(
    const chassis::Versioned<BeneficiaryRecord>& current, absl::string_view person_key,
    const v1::Delivery& delivery) {
  const absl::StatusOr<absl::CivilDay> day = vocabulary::ParseCivilDate(delivery.acceptance_date());
  if (!day.ok()) return day.status();
  const bool known =
      absl::c_any_of(current.state.deliveries(), [&delivery](const v1::Delivery& earlier) {
        return earlier.application() == delivery.application();
      });
  if (known) return chassis::Decision<BeneficiaryRecord>::Unchanged();

  chassis::Decision<BeneficiaryRecord> decision;
  decision.next = current.state;
  decision.next.set_person_key(std::string(person_key));
  *decision.next.add_deliveries() = delivery;
  v1::DeliveryRecorded fact;
  fact.set_person_key(std::string(person_key));
  *fact.mutable_delivery() = delivery;
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

}  // namespace fuju::catalogue
