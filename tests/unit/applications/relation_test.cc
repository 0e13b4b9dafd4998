#include "applications/relation.h"

#include <string>

#include "absl/strings/match.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "applications/application.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/relation_events.pb.h"
#include "unit/applications/test_case.h"
#include "vocabulary/ulid.h"

namespace fuju::applications {
namespace {

using testing::Start;

constexpr char kRelationId[] = "01JH8R5V7E0000000000000001";
constexpr char kOffice[] = "county_reviewer:zhao";

v1::OfficerRelation ToPerson() {
  v1::OfficerRelation relation;
  relation.set_officer("wang");
  relation.set_kind(v1::RELATION_KIND_KINSHIP);
  relation.set_person_key(std::string(64, 'a'));
  return relation;
}

v1::OfficerRelation Declared(const v1::OfficerRelation& relation = ToPerson()) {
  const RelationResult result = DecideDeclare(kRelationId, relation, kOffice, Start());
  EXPECT_TRUE(result.ok()) << result.status();
  return result->next;
}

TEST(RelationTest, HoldsItsNameWhereThePersonsCasesAre) {
  const v1::OfficerRelation relation = Declared();
  EXPECT_EQ(relation.name(), "officerRelations/01JH8R5V7E0000000000000001");
  EXPECT_EQ(relation.declared_by(), kOffice);
  const chassis::Footprint footprint = RelationFootprint(kRelationId, relation);
  ASSERT_EQ(footprint.claims.size(), 1u);
  EXPECT_EQ(footprint.claims[0].name, RelationClaim("wang", relation.person_key()));
  EXPECT_TRUE(IsRelationClaim(footprint.claims[0].name));
  EXPECT_EQ(vocabulary::UlidTail(RelationTailOf(relation)), PersonRoute(relation.person_key()));
}

TEST(RelationTest, GivesItsNameBackAtItsEnd) {
  const RelationResult ended = DecideEndRelation(Declared(), kOffice, Start());
  ASSERT_TRUE(ended.ok()) << ended.status();
  EXPECT_EQ(ended->next.ended_by(), kOffice);
  const chassis::Footprint footprint = RelationFootprint(kRelationId, ended->next);
  EXPECT_TRUE(footprint.claims.empty());
  EXPECT_EQ(footprint.index.size(), 1u);
  EXPECT_EQ(chassis::ReasonOf(DecideEndRelation(ended->next, kOffice, Start()).status()),
            "STATE_FORBIDS");
}

TEST(RelationTest, EndsByItselfWhenItsTimeIsOver) {
  v1::OfficerRelation asked = ToPerson();
  *asked.mutable_until_time() = chassis::ToTimestamp(Start() + absl::Hours(24));
  const v1::OfficerRelation relation = Declared(asked);
  EXPECT_EQ(RelationFootprint(kRelationId, relation).timers.size(), 1u);
  EXPECT_FALSE(DecideExpire(relation, Start() + absl::Hours(23))->changed);
  const RelationResult over = DecideExpire(relation, Start() + absl::Hours(24));
  ASSERT_TRUE(over.ok() && over->changed);
  EXPECT_TRUE(over->next.has_end_time());
  EXPECT_FALSE(DecideExpire(over->next, Start() + absl::Hours(25))->changed);
}

TEST(RelationTest, IsDeclaredByTheOfficerOrAnOfficeAndEndedByAnother) {
  EXPECT_TRUE(DecideDeclare(kRelationId, ToPerson(), "assessor:wang", Start()).ok());
  EXPECT_TRUE(DecideDeclare(kRelationId, ToPerson(), "technician:wang", Start()).ok());
  EXPECT_EQ(
      chassis::ReasonOf(DecideDeclare(kRelationId, ToPerson(), "applicant:li", Start()).status()),
      "PERMISSION_DENIED");
  for (const char* const actor : {"assessor:wang", "applicant:li"}) {
    EXPECT_EQ(chassis::ReasonOf(DecideEndRelation(Declared(), actor, Start()).status()),
              "PERMISSION_DENIED")
        << actor;
  }
}

TEST(RelationTest, NamesEverythingThatIsWrong) {
  v1::OfficerRelation relation = ToPerson();
  relation.set_officer("county reviewer:wang");
  relation.set_vendor(testing::kVendor);
  *relation.mutable_until_time() = chassis::ToTimestamp(Start());
  const std::string status =
      DecideDeclare(kRelationId, relation, kOffice, Start()).status().ToString();
  for (const char* const field :
       {"relation.officer", "relation.person_key", "relation.vendor", "relation.until_time"}) {
    EXPECT_TRUE(absl::StrContains(status, field)) << status;
  }
  EXPECT_FALSE(DecideDeclare(kRelationId, v1::OfficerRelation(), kOffice, Start()).ok());
}

}  // namespace
}  // namespace fuju::applications
