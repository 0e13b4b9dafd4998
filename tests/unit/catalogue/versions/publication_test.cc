#include "catalogue/versions/publication.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/catalogue/v1/catalogue_version_events.pb.h"
#include "version_examples.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

using CatalogueRecord = storage::v1::CatalogueRecord;
using testing::HasSubstr;

absl::Time Noon(absl::string_view day) {
  return vocabulary::StartOfDay(Day(day)) + absl::Hours(12);
}

CatalogueRecord Draft() {
  VersionDraft draft;
  draft.label = "gansu-2027";
  draft.area_code = "620000";
  draft.title_zh = "2027年度标准";
  draft.files = "abc";
  *draft.document.mutable_policy() = FullPolicy();
  *draft.document.add_items() = FullItem();
  *draft.document.add_top_ups() = TopUp("*", 100);
  draft.actor = "province:zhang";
  draft.now = Noon("2026-11-01");
  return MakeDraft(std::move(draft));
}

CurrentVersion Stored(CatalogueRecord record) {
  CurrentVersion current;
  current.version = 1;
  current.state = std::move(record);
  return current;
}

Publication ByLi() {
  return {.label = "gansu-2027",
          .effective = Day("2027-01-01"),
          .actor = "province:li",
          .now = Noon("2026-12-01"),
          .in_force = true};
}

template <typename Fact>
const Fact& OnlyFact(const VersionDecision& decision) {
  EXPECT_EQ(decision.facts.size(), 1u);
  const auto* fact = dynamic_cast<const Fact*>(decision.facts.at(0).get());
  EXPECT_NE(fact, nullptr);
  return *fact;
}

TEST(PublicationTest, MakesADraft) {
  const CatalogueRecord draft = Draft();
  const v1::CatalogueVersion& version = draft.version();
  EXPECT_EQ(version.name(), "catalogueVersions/gansu-2027");
  EXPECT_EQ(version.sha256(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(version.state(), v1::CATALOGUE_STATE_DRAFT);
  EXPECT_EQ(version.area_code(), "620000");
  EXPECT_EQ(version.title_zh(), "2027年度标准");
  EXPECT_EQ(version.drafted_by(), "province:zhang");
  EXPECT_EQ(version.item_count(), 1);
  EXPECT_EQ(version.top_up_count(), 1);
  EXPECT_EQ(version.policy().multiple_kinds(), 3);
  EXPECT_FALSE(version.has_publish_time());
  EXPECT_TRUE(version.effective_date().empty());
  const auto decision = ImportDraft({}, draft);
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(OnlyFact<v1::CatalogueDrafted>(*decision).catalogue_version().SerializeAsString(),
            version.SerializeAsString());
  EXPECT_EQ(decision->next.items_size(), 1);
  EXPECT_EQ(decision->next.top_ups_size(), 1);
}

// Whatever became of it.
TEST(PublicationTest, UsesALabelOnce) {
  for (const v1::CatalogueState state :
       {v1::CATALOGUE_STATE_DRAFT, v1::CATALOGUE_STATE_PUBLISHED, v1::CATALOGUE_STATE_DISCARDED}) {
    CatalogueRecord stored = Draft();
    stored.mutable_version()->set_state(state);
    const auto decision = ImportDraft(Stored(stored), Draft());
    EXPECT_EQ(decision.status().code(), absl::StatusCode::kAlreadyExists);
    EXPECT_EQ(chassis::ReasonOf(decision.status()), "ALREADY_EXISTS");
    EXPECT_EQ(chassis::MetadataOf(decision.status(), "resource"), "catalogueVersions/gansu-2027");
  }
}

TEST(PublicationTest, PublishesADraft) {
  const auto decision = PublishDraft(Stored(Draft()), ByLi());
  ASSERT_TRUE(decision.ok()) << decision.status();
  const v1::CatalogueVersion& version = decision->next.version();
  EXPECT_EQ(version.state(), v1::CATALOGUE_STATE_PUBLISHED);
  EXPECT_EQ(version.effective_date(), "2027-01-01");
  EXPECT_EQ(version.drafted_by(), "province:zhang");
  EXPECT_EQ(version.published_by(), "province:li");
  EXPECT_EQ(version.publish_time().seconds(), absl::ToUnixSeconds(Noon("2026-12-01")));
  EXPECT_EQ(OnlyFact<v1::CataloguePublished>(*decision).catalogue_version().SerializeAsString(),
            version.SerializeAsString());
  EXPECT_EQ(decision->next.items_size(), 1);
}

TEST(PublicationTest, NeedsASecondPerson) {
  for (const std::string actor : {"province:zhang", "finance:zhang"}) {
    Publication publication = ByLi();
    publication.actor = actor;
    const absl::Status status = PublishDraft(Stored(Draft()), publication).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(chassis::ReasonOf(status), "SECOND_PERSON_REQUIRED");
    EXPECT_EQ(chassis::MetadataOf(status, "drafted_by"), "province:zhang");
    EXPECT_EQ(chassis::MetadataOf(status, "published_by"), actor);
    EXPECT_THAT(std::string(status.message()), HasSubstr("province:zhang"));
    EXPECT_THAT(std::string(status.message()), HasSubstr(actor));
  }
}

struct EffectiveDate {
  const char* date;
  bool in_force;
  bool published;
};

TEST(PublicationTest, LooksForwardUnlessNothingIsInForce) {
  for (const EffectiveDate& row : std::vector<EffectiveDate>{{"2026-11-30", true, false},
                                                             {"2026-12-01", true, true},
                                                             {"2026-12-02", true, true},
                                                             {"2026-11-30", false, true},
                                                             {"2026-01-01", false, true}}) {
    Publication publication = ByLi();
    publication.effective = Day(row.date);
    publication.in_force = row.in_force;
    const absl::Status status = PublishDraft(Stored(Draft()), publication).status();
    EXPECT_EQ(status.ok(), row.published) << row.date;
    if (row.published) continue;
    EXPECT_EQ(chassis::ReasonOf(status), "EFFECTIVE_DATE_PASSED");
    EXPECT_EQ(chassis::MetadataOf(status, "today"), "2026-12-01");
  }
}

// The moves of each state.
TEST(PublicationTest, MovesDraftsOnly) {
  EXPECT_EQ(PublishDraft({}, ByLi()).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(DiscardDraft({}, "gansu-2027", "province:zhang").status().code(),
            absl::StatusCode::kNotFound);
  for (const v1::CatalogueState state :
       {v1::CATALOGUE_STATE_UNSPECIFIED, v1::CATALOGUE_STATE_PUBLISHED,
        v1::CATALOGUE_STATE_DISCARDED}) {
    CatalogueRecord stored = Draft();
    stored.mutable_version()->set_state(state);
    EXPECT_EQ(chassis::ReasonOf(PublishDraft(Stored(stored), ByLi()).status()), "STATE_FORBIDS");
    EXPECT_EQ(
        chassis::ReasonOf(DiscardDraft(Stored(stored), "gansu-2027", "province:zhang").status()),
        "STATE_FORBIDS");
  }
}

TEST(PublicationTest, DiscardsADraft) {
  const auto decision = DiscardDraft(Stored(Draft()), "gansu-2027", "province:li");
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(decision->next.version().state(), v1::CATALOGUE_STATE_DISCARDED);
  const auto& fact = OnlyFact<v1::CatalogueDiscarded>(*decision);
  EXPECT_EQ(fact.discarded_by(), "province:li");
  EXPECT_EQ(fact.catalogue_version().version(), "gansu-2027");
}

TEST(PublicationTest, PublishesAtAStart) {
  const auto decision = PublishAtStart({}, Draft(), Noon("2026-11-01"));
  ASSERT_TRUE(decision.ok());
  const v1::CatalogueVersion& version =
      OnlyFact<v1::CataloguePublished>(*decision).catalogue_version();
  EXPECT_EQ(version.effective_date(), "2026-11-01");
  EXPECT_EQ(version.drafted_by(), version.published_by()) << "as it was: one did both";
  const auto again = PublishAtStart(Stored(Draft()), Draft(), Noon("2026-11-01"));
  ASSERT_TRUE(again.ok());
  EXPECT_FALSE(again->changed);
}

TEST(PublicationTest, IsIndexedByItsTime) {
  const CatalogueRecord draft = Draft();
  chassis::Footprint footprint = VersionFootprint("gansu-2027", draft);
  ASSERT_EQ(footprint.index.size(), 1u);
  EXPECT_EQ(footprint.index[0].index, "catalogue_drafts");
  EXPECT_EQ(footprint.index[0].member, "gansu-2027");
  EXPECT_EQ(footprint.index[0].score, absl::ToUnixMillis(Noon("2026-11-01")));
  footprint = VersionFootprint("gansu-2027", PublishDraft(Stored(draft), ByLi())->next);
  ASSERT_EQ(footprint.index.size(), 1u);
  EXPECT_EQ(footprint.index[0].index, "catalogue_versions");
  EXPECT_EQ(footprint.index[0].score, absl::ToUnixMillis(Noon("2026-12-01")));
  EXPECT_TRUE(VersionFootprint("gansu-2027", CatalogueRecord()).index.empty());
}

}  // namespace
}  // namespace fuju::catalogue
