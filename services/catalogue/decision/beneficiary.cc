#include "catalogue/decision/beneficiary.h"

#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"

#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/catalogue/v1/entitlement_events.pb.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

using BeneficiaryRecord = storage::v1::BeneficiaryRecord;
using BeneficiaryDecision = chassis::Decision<BeneficiaryRecord>;
using Deliveries = google::protobuf::RepeatedPtrField<v1::Delivery>;

// The one of the application; null if there is none.
const v1::Delivery* Find(const Deliveries& deliveries, absl::string_view application) {
  const auto found = absl::c_find_if(deliveries, [application](const v1::Delivery& delivery) {
    return delivery.application() == application;
  });
  return found == deliveries.end() ? nullptr : &*found;
}

void Erase(Deliveries& deliveries, absl::string_view application) {
  for (auto it = deliveries.begin(); it != deliveries.end();) {
    it = it->application() == application ? deliveries.erase(it) : std::next(it);
  }
}

bool Same(const v1::Delivery& a, const v1::Delivery& b) {
  return a.SerializeAsString() == b.SerializeAsString();
}

// Puts `delivery` in the place of what its application holds open.
v1::Delivery TakeOver(BeneficiaryRecord& record, v1::Delivery delivery) {
  if (const v1::Delivery* held = Find(record.open(), delivery.application());
      held != nullptr && !held->share_group().empty()) {
    delivery.set_share_group(held->share_group());
  }
  Erase(*record.mutable_open(), delivery.application());
  return delivery;
}

}  // namespace

std::string BeneficiaryName(absl::string_view person_key) {
  return absl::StrCat("beneficiaries/", person_key);
}

std::vector<v1::Delivery> HistoryFor(const BeneficiaryRecord& record,
                                     absl::string_view application) {
  std::vector<v1::Delivery> history(record.deliveries().begin(), record.deliveries().end());
  for (const v1::Delivery& open : record.open()) {
    if (open.application() != application) history.push_back(open);
  }
  return history;
}

v1::Delivery EntitlementOf(absl::string_view application, const v1::SubsidyDecision& decision,
                           absl::string_view share_group) {
  v1::Delivery entitlement;
  entitlement.set_application(std::string(application));
  entitlement.set_item_code(decision.item_code());
  entitlement.set_device_division(decision.device_division());
  entitlement.set_subsidy_fen(decision.subsidy_fen());
  entitlement.set_share_group(std::string(share_group));
  // One piece is what a record without a number means.
  if (decision.quantity() > 1) entitlement.set_quantity(decision.quantity());
  entitlement.set_decision_date(decision.decision_date());
  return entitlement;
}

bool HoldsEntitlement(const v1::Grant& grant) {
  switch (grant.state()) {
    case v1::GRANT_STATE_UNSPECIFIED:
    case v1::GRANT_STATE_REFUSED:
    case v1::GRANT_STATE_RELEASED:
      return false;
    default:
      return true;
  }
}

absl::StatusOr<BeneficiaryDecision> HoldEntitlement(
    const chassis::Versioned<BeneficiaryRecord>& current, absl::string_view person_key,
    const v1::Delivery& entitlement) {
  const std::string& application = entitlement.application();
  if (Find(current.state.deliveries(), application) != nullptr) {
    return BeneficiaryDecision::Unchanged();
  }
  BeneficiaryDecision decision;
  decision.next = current.state;
  decision.next.set_person_key(std::string(person_key));
  const v1::Delivery holds = TakeOver(decision.next, entitlement);
  if (const v1::Delivery* held = Find(current.state.open(), application);
      held != nullptr && Same(*held, holds)) {
    return BeneficiaryDecision::Unchanged();
  }
  *decision.next.add_open() = holds;
  v1::EntitlementHeld fact;
  fact.set_person_key(std::string(person_key));
  *fact.mutable_entitlement() = holds;
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

absl::StatusOr<BeneficiaryDecision> DropEntitlement(
    const chassis::Versioned<BeneficiaryRecord>& current, absl::string_view person_key,
    absl::string_view application) {
  if (Find(current.state.open(), application) == nullptr) return BeneficiaryDecision::Unchanged();
  BeneficiaryDecision decision;
  decision.next = current.state;
  Erase(*decision.next.mutable_open(), application);
  v1::EntitlementDropped fact;
  fact.set_person_key(std::string(person_key));
  fact.set_application(std::string(application));
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

absl::StatusOr<BeneficiaryDecision> RecordDelivery(
    const chassis::Versioned<BeneficiaryRecord>& current, absl::string_view person_key,
    const v1::Delivery& delivery) {
  const absl::StatusOr<absl::CivilDay> day = vocabulary::ParseCivilDate(delivery.acceptance_date());
  if (!day.ok()) return day.status();
  if (Find(current.state.deliveries(), delivery.application()) != nullptr) {
    return BeneficiaryDecision::Unchanged();
  }
  BeneficiaryDecision decision;
  decision.next = current.state;
  decision.next.set_person_key(std::string(person_key));
  const v1::Delivery recorded = TakeOver(decision.next, delivery);
  *decision.next.add_deliveries() = recorded;
  v1::DeliveryRecorded fact;
  fact.set_person_key(std::string(person_key));
  *fact.mutable_delivery() = recorded;
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

}  // namespace fuju::catalogue
