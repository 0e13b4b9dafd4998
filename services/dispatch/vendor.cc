#include "dispatch/vendor.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "dispatch/names.h"
#include "fuju/dispatch/v1/dispatch_events.pb.h"

namespace fuju::dispatch {
namespace {

using chassis::Decision;
using chassis::Versioned;
using google::protobuf::RepeatedPtrField;

void RefuseRepeats(const RepeatedPtrField<std::string>& items, const std::string& path,
                   chassis::Refusal& refusal) {
  absl::flat_hash_set<std::string_view> seen;
  for (int i = 0; i < items.size(); ++i) {
    if (seen.insert(items[i]).second) continue;
    refusal.Field(absl::StrCat(path, "[", i, "]"), absl::StrCat("重复了“", items[i], "”，请删除"),
                  absl::StrCat("repeats '", items[i], "': leave it out"));
  }
}

VendorDecision Move(const Versioned<VendorRecord>& current, const std::string& uscc,
                    const std::string& move, v1::VendorState from, v1::VendorState to,
                    const std::string& reason) {
  if (!current.exists()) return chassis::NotFound(VendorName(uscc));
  const v1::VendorState state = current.state.vendor().state();
  if (state != from) {
    return chassis::StateForbids(
        VendorName(uscc), move, StateName(state),
        {state == v1::VENDOR_STATE_ACTIVE ? "SuspendVendor" : "ResumeVendor"});
  }
  Decision<VendorRecord> decision;
  decision.next = current.state;
  decision.next.mutable_vendor()->set_state(to);
  decision.next.set_suspend_reason(reason);
  v1::VendorUpdated fact;
  *fact.mutable_vendor() = decision.next.vendor();
  fact.set_reason(reason);
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

Decision<VendorRecord> RelationsChanged(VendorRecord next) {
  Decision<VendorRecord> decision;
  v1::VendorRelationsChanged fact;
  *fact.mutable_vendor() = next.vendor();
  decision.next = std::move(next);
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

}  // namespace

VendorDecision RegisterVendor(const Versioned<VendorRecord>& current, const v1::Vendor& vendor,
                              absl::Time now) {
  chassis::Refusal repeats = chassis::InvalidFields();
  RefuseRepeats(vendor.service_counties(), "vendor.service_counties", repeats);
  RefuseRepeats(vendor.device_classes(), "vendor.device_classes", repeats);
  if (repeats.has_fields()) return repeats.Build();
  if (current.exists()) {
    return chassis::Refusal(absl::StatusCode::kAlreadyExists, "ALREADY_EXISTS",
                            absl::StrCat("服务商", vendor.uscc(), "已登记"),
                            absl::StrCat("vendor ", vendor.uscc(), " is registered already"))
        .With("name", VendorName(vendor.uscc()))
        .Build();
  }
  Decision<VendorRecord> decision;
  v1::Vendor& next = *decision.next.mutable_vendor();
  next = vendor;
  next.set_name(VendorName(vendor.uscc()));
  next.clear_etag();
  next.set_state(v1::VENDOR_STATE_ACTIVE);
  *decision.next.mutable_create_time() = chassis::ToTimestamp(now);
  v1::VendorRegistered fact;
  *fact.mutable_vendor() = next;
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

VendorDecision SuspendVendor(const Versioned<VendorRecord>& current, const std::string& uscc,
                             const std::string& reason) {
  return Move(current, uscc, "SuspendVendor", v1::VENDOR_STATE_ACTIVE, v1::VENDOR_STATE_SUSPENDED,
              reason);
}

VendorDecision ResumeVendor(const Versioned<VendorRecord>& current, const std::string& uscc) {
  return Move(current, uscc, "ResumeVendor", v1::VENDOR_STATE_SUSPENDED, v1::VENDOR_STATE_ACTIVE,
              "");
}

VendorDecision AddRelation(const Versioned<VendorRecord>& current, const std::string& relation,
                           const std::string& officer) {
  const auto& known = current.state.related_officers();
  const bool is_known =
      absl::c_any_of(known, [&](const auto& one) { return one.relation() == relation; });
  if (!current.exists() || is_known) return Decision<VendorRecord>::Unchanged();
  VendorRecord next = current.state;
  storage::v1::RelatedOfficer* related = next.add_related_officers();
  related->set_relation(relation);
  related->set_officer(officer);
  return RelationsChanged(std::move(next));
}

VendorDecision DropRelation(const Versioned<VendorRecord>& current, const std::string& relation) {
  VendorRecord next = current.state;
  auto* related = next.mutable_related_officers();
  const auto gone = std::remove_if(related->begin(), related->end(),
                                   [&](const auto& one) { return one.relation() == relation; });
  if (gone == related->end()) return Decision<VendorRecord>::Unchanged();
  related->erase(gone, related->end());
  return RelationsChanged(std::move(next));
}

bool IsRelated(const VendorRecord& vendor, const RepeatedPtrField<std::string>& officers) {
  return absl::c_any_of(vendor.related_officers(), [&](const auto& related) {
    return absl::c_linear_search(officers, related.officer());
  });
}

std::string CapacityCounter(const std::string& uscc) { return absl::StrCat("capacity:", uscc); }

chassis::Footprint VendorFootprint(const std::string& uscc, const VendorRecord& record) {
  chassis::Footprint footprint;
  if (record.vendor().state() == v1::VENDOR_STATE_UNSPECIFIED) return footprint;
  footprint.index.push_back({std::string(kVendorIndex), uscc, 0});
  // Also while suspended: running orders still occupy it.
  footprint.holdings.push_back({CapacityCounter(uscc), record.vendor().capacity()});
  return footprint;
}

bool Serves(const v1::Vendor& vendor, const std::string& county_code,
            const std::string& device_division) {
  return absl::c_linear_search(vendor.service_counties(), county_code) &&
         absl::c_any_of(vendor.device_classes(), [&](const std::string& device_class) {
           return absl::StartsWith(device_division, device_class);
         });
}

std::string StateName(v1::VendorState state) {
  return std::string(absl::StripPrefix(v1::VendorState_Name(state), "VENDOR_STATE_"));
}

}  // namespace fuju::dispatch
