// Declared relations over the wire, and what they do to decisions.

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "fuju/applications/v1/relation_events.pb.h"
#include "fuju/applications/v1/relations_service.grpc.pb.h"
#include "integration/applications/applications_instance.h"
#include "integration/applications/foreign_streams.h"
#include "support/fact_log.h"

namespace fuju::applications {
namespace {

using chassis::ReasonOf;
using Stub = v1::RelationsService::Stub;

constexpr char kOffice[] = "prefecture_officer:li";

class RelationsTest : public ::testing::Test {
 protected:
  std::string UnderReview(int person) {
    const auto draft = instance_.Create(DraftOf(person));
    EXPECT_TRUE(draft.ok()) << draft.status();
    EXPECT_TRUE(instance_.Submit(draft->name()).ok());
    streams_.Reserve(draft->name());
    person_key_ = instance_.Await(draft->name(), v1::APPLICATION_STATE_UNDER_REVIEW).person_key();
    return draft->name();
  }
  absl::StatusOr<v1::OfficerRelation> Declare(const v1::OfficerRelation& relation,
                                              const std::string& actor = kOffice) {
    v1::DeclareRelationRequest request;
    *request.mutable_relation() = relation;
    request.set_request_id(NewRequestId());
    return test_support::Call(*stub_, &Stub::DeclareRelation, request, actor, absl::Seconds(20));
  }
  absl::StatusOr<v1::OfficerRelation> End(const std::string& name) {
    v1::EndRelationRequest request;
    request.set_name(name);
    request.set_request_id(NewRequestId());
    return test_support::Call(*stub_, &Stub::EndRelation, request, kOffice, absl::Seconds(20));
  }
  v1::OfficerRelation ToPerson(const std::string& officer = "r1") const {
    v1::OfficerRelation relation;
    relation.set_officer(officer);
    relation.set_kind(v1::RELATION_KIND_KINSHIP);
    relation.set_person_key(person_key_);
    return relation;
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  ApplicationsInstance instance_{redis_, &clock_};
  ForeignStreams streams_{&redis_};
  const std::unique_ptr<Stub> stub_ = instance_.RelationsStub();
  std::string person_key_;
};

TEST_F(RelationsTest, ADeclaredRelationRefusesDecisionsUntilItEnds) {
  const std::string name = UnderReview(1);
  const auto relation = Declare(ToPerson());
  ASSERT_TRUE(relation.ok()) << relation.status();
  EXPECT_EQ(relation->declared_by(), kOffice);
  for (const auto& refused : {instance_.Approve(name).status(), instance_.Reject(name).status(),
                              instance_.Return(name).status(), instance_.Hold(name).status()}) {
    EXPECT_EQ(refused.code(), absl::StatusCode::kPermissionDenied) << refused;
    EXPECT_EQ(ReasonOf(refused), "OFFICER_RELATED");
  }
  EXPECT_EQ(instance_.Get(name)->review().acts_size(), 0);
  ASSERT_TRUE(End(relation->name()).ok());
  EXPECT_TRUE(instance_.Approve(name).ok());
}

TEST_F(RelationsTest, IsOfOneOfficerAndOnePersonOnly) {
  const std::string other = UnderReview(1);
  const std::string name = UnderReview(2);
  ASSERT_TRUE(Declare(ToPerson()).ok());
  EXPECT_TRUE(instance_.Approve(other).ok());
  EXPECT_TRUE(instance_.Approve(name, "county_reviewer:r2").ok());
}

TEST_F(RelationsTest, CountsOnceAtATimeAndIsListedAfterItsEnd) {
  UnderReview(1);
  const auto first = Declare(ToPerson());
  ASSERT_TRUE(first.ok());
  const absl::Status again = Declare(ToPerson()).status();
  EXPECT_EQ(again.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ReasonOf(again), "RELATION_EXISTS");
  EXPECT_EQ(chassis::MetadataOf(again, "holder"), first->name());
  v1::OfficerRelation to_vendor;
  to_vendor.set_officer("r1");
  to_vendor.set_kind(v1::RELATION_KIND_EMPLOYMENT);
  to_vendor.set_vendor("vendors/91620102DEM0000146");
  clock_.Advance(absl::Seconds(1));
  ASSERT_TRUE(Declare(to_vendor).ok());
  ASSERT_TRUE(End(first->name()).ok());
  EXPECT_EQ(ReasonOf(End(first->name()).status()), "STATE_FORBIDS");
  v1::ListRelationsRequest list;
  list.set_officer("r1");
  const auto listed = test_support::Call(*stub_, &Stub::ListRelations, list, "", absl::Seconds(20));
  ASSERT_TRUE(listed.ok()) << listed.status();
  ASSERT_EQ(listed->relations_size(), 2);
  EXPECT_EQ(listed->relations(0).vendor(), "vendors/91620102DEM0000146");
  EXPECT_TRUE(listed->relations(1).has_end_time());
  EXPECT_TRUE(Declare(ToPerson()).ok());
}

TEST_F(RelationsTest, EndsByItself) {
  const std::string name = UnderReview(1);
  test_support::FactLog log(instance_.fanout(), 16);
  v1::OfficerRelation relation = ToPerson();
  relation.mutable_until_time()->set_seconds(absl::ToUnixSeconds(clock_.Now() + absl::Hours(1)));
  ASSERT_TRUE(Declare(relation).ok());
  EXPECT_EQ(ReasonOf(instance_.Approve(name).status()), "OFFICER_RELATED");
  clock_.Advance(absl::Hours(1));
  const auto ended = log.Await<v1::OfficerRelationEnded>(1);
  EXPECT_EQ(ended[0].relation().ended_by(), "applications");
  EXPECT_TRUE(instance_.Approve(name).ok());
}

TEST_F(RelationsTest, NamesAllBadFieldsAtOnce) {
  const absl::Status status = Declare(v1::OfficerRelation()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  for (const char* const field : {"relation.officer", "relation.kind"}) {
    EXPECT_NE(status.ToString().find(field), std::string::npos) << status;
  }
  EXPECT_EQ(End("officerRelations/01JH8R5V7E0000000000000001").status().code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace fuju::applications
