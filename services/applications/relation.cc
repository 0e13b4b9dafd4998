#include "applications/relation.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "applications/application.h"
#include "applications/staff_roles.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/relation_events.pb.h"
#include "vocabulary/ulid.h"

namespace fuju::applications {
namespace {

using RelationDecision = chassis::Decision<v1::OfficerRelation>;

constexpr absl::string_view kCollection = "officerRelations/";
constexpr absl::string_view kClaim = "related:";
constexpr absl::string_view kTheService = "applications";

const std::string& OtherOf(const v1::OfficerRelation& relation) {
  return relation.person_key().empty() ? relation.vendor() : relation.person_key();
}

bool CanBeAnOfficer(absl::string_view id) {
  return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_isalnum(c) || c == '.' || c == '_' || c == '/' || c == '-';
  });
}

absl::Status CheckDeclaration(const v1::OfficerRelation& relation, absl::Time now) {
  chassis::Refusal refusal = chassis::InvalidFields();
  if (!CanBeAnOfficer(relation.officer())) {
    refusal.Field("relation.officer", "须为工作人员编号：操作人“角色:编号”中冒号之后的部分",
                  "must be the officer's id: the part of the actor behind the ':'");
  }
  if (relation.person_key().empty() == relation.vendor().empty()) {
    constexpr char kZh[] = "person_key和vendor须且只能填一项";
    constexpr char kEn[] = "exactly one of person_key and vendor is required";
    refusal.Field("relation.person_key", kZh, kEn).Field("relation.vendor", kZh, kEn);
  }
  if (relation.has_until_time() && chassis::ToTime(relation.until_time()) <= now) {
    refusal.Field("relation.until_time", "须晚于现在", "must be later than now");
  }
  if (refusal.has_fields()) return refusal;
  return absl::OkStatus();
}

absl::Status NotAllowed(absl::string_view zh, absl::string_view en) {
  return chassis::Refusal(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED", std::string(zh),
                          std::string(en))
      .Build();
}

bool IsOfAnOffice(absl::string_view actor) { return FindStaffRole(RoleOf(actor)) != nullptr; }

template <typename FactMessage>
RelationDecision Publish(v1::OfficerRelation next) {
  RelationDecision decision;
  FactMessage fact;
  *fact.mutable_relation() = next;
  decision.next = std::move(next);
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

RelationDecision EndBy(const v1::OfficerRelation& relation, absl::string_view actor,
                       absl::Time now) {
  v1::OfficerRelation next = relation;
  next.set_ended_by(std::string(actor));
  *next.mutable_end_time() = chassis::ToTimestamp(now);
  return Publish<v1::OfficerRelationEnded>(std::move(next));
}

}  // namespace

std::string RelationNameOf(absl::string_view id) { return absl::StrCat(kCollection, id); }

std::string RelationIdOf(absl::string_view name) {
  return std::string(absl::StripPrefix(name, kCollection));
}

uint16_t RelationTailOf(const v1::OfficerRelation& relation) {
  if (!relation.person_key().empty()) return TailOf(relation.person_key());
  // FNV-1a: the same vendor, the same partition, in every process.
  uint32_t hash = 2166136261U;
  for (const char c : relation.vendor()) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  }
  return static_cast<uint16_t>(hash % vocabulary::kUlidTails);
}

std::string RelationClaim(absl::string_view officer, absl::string_view other) {
  return absl::StrCat(kClaim, officer, ":", other);
}

bool IsRelationClaim(absl::string_view claim) { return absl::StartsWith(claim, kClaim); }

std::string RelationIndex(absl::string_view officer) { return absl::StrCat("relations:", officer); }

RelationResult DecideDeclare(const std::string& id, const v1::OfficerRelation& asked,
                             const std::string& actor, absl::Time now) {
  if (absl::Status s = CheckDeclaration(asked, now); !s.ok()) return s;
  if (!IsOfAnOffice(actor) && PersonOf(actor) != asked.officer()) {
    return NotAllowed("只有本人或经办机构可以申报关系",
                      "a relation is declared by the officer or by an office");
  }
  v1::OfficerRelation relation;
  relation.set_name(RelationNameOf(id));
  relation.set_officer(asked.officer());
  relation.set_kind(asked.kind());
  relation.set_person_key(asked.person_key());
  relation.set_vendor(asked.vendor());
  if (asked.has_until_time()) *relation.mutable_until_time() = asked.until_time();
  relation.set_declared_by(actor);
  *relation.mutable_declare_time() = chassis::ToTimestamp(now);
  return Publish<v1::OfficerRelationDeclared>(std::move(relation));
}

RelationResult DecideEndRelation(const v1::OfficerRelation& relation, const std::string& actor,
                                 absl::Time now) {
  if (!IsOfAnOffice(actor) || PersonOf(actor) == relation.officer()) {
    return NotAllowed("解除关系须由经办机构的其他人员办理",
                      "a relation is ended by an office, through another person than the officer");
  }
  if (relation.has_end_time()) {
    return chassis::StateForbids(relation.name(), "EndRelation", "ENDED", {});
  }
  return EndBy(relation, actor, now);
}

RelationResult DecideExpire(const v1::OfficerRelation& relation, absl::Time now) {
  const bool due = relation.has_until_time() && !relation.has_end_time() &&
                   now >= chassis::ToTime(relation.until_time());
  if (!due) return RelationDecision::Unchanged();
  return EndBy(relation, kTheService, now);
}

chassis::Footprint RelationFootprint(absl::string_view id, const v1::OfficerRelation& relation) {
  chassis::Footprint footprint;
  if (relation.officer().empty()) return footprint;
  footprint.index.push_back({RelationIndex(relation.officer()), std::string(id),
                             chassis::ToMillis(relation.declare_time())});
  if (relation.has_end_time()) return footprint;
  footprint.claims.push_back({RelationClaim(relation.officer(), OtherOf(relation))});
  if (relation.has_until_time()) {
    footprint.timers.push_back(
        {std::string(kRelationTimer), chassis::ToTime(relation.until_time())});
  }
  return footprint;
}

}  // namespace fuju::applications
