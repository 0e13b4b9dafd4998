#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "chassis/values/decision.h"
#include "fuju/applications/v1/officer_relation.pb.h"

namespace fuju::applications {

// A declared relation of an officer to a person or a vendor (回避), an aggregate of its own. One to
// a person lies in the person's partition, like the person's cases, and holds a claim there as long
// as it counts: a decision of the officer commits only while nobody holds that claim
// (Change::BarRelated). So what is declared before a decision commits refuses it. All functions are
// pure.

using RelationResult = absl::StatusOr<chassis::Decision<v1::OfficerRelation>>;

// "01J..." <-> "officerRelations/01J...".
std::string RelationNameOf(absl::string_view id);
std::string RelationIdOf(absl::string_view name);
// The end of a new relation's ULID, which decides its partition (application.h, RouteOf).
uint16_t RelationTailOf(const v1::OfficerRelation& relation);

// The name that the relation holds as long as it counts. `other` is a person key or a vendor's
// name.
std::string RelationClaim(absl::string_view officer, absl::string_view other);
bool IsRelationClaim(absl::string_view claim);

// List of an officer's relations, in all partitions.
std::string RelationIndex(absl::string_view officer);

// INVALID_ARGUMENT names all at once: neither or both of person and vendor, an officer that can be
// no actor's id, a time that is over. PERMISSION_DENIED unless the officer or an office declares.
RelationResult DecideDeclare(const std::string& id, const v1::OfficerRelation& asked,
                             const std::string& actor, absl::Time now);

// PERMISSION_DENIED unless an office ends it, through another person than the officer;
// FAILED_PRECONDITION, STATE_FORBIDS if it ended before.
RelationResult DecideEndRelation(const v1::OfficerRelation& relation, const std::string& actor,
                                 absl::Time now);

// Its time is over; no effect before, and after its end.
RelationResult DecideExpire(const v1::OfficerRelation& relation, absl::Time now);

inline constexpr absl::string_view kRelationTimer = "until";

chassis::Footprint RelationFootprint(absl::string_view id, const v1::OfficerRelation& relation);

}  // namespace fuju::applications
