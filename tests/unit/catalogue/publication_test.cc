#include "catalogue/publication.h"

#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "examples.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"

namespace fuju::catalogue {
namespace {

using CatalogueRecord = storage::v1::CatalogueRecord;

TEST(PublicationTest, TellsOfTheVersion) {
  const CatalogueRecord record =
      MakeCatalogueRecord("gansu-2026", "abc", {Wheelchair()}, DecisionTime());
  EXPECT_EQ(record.version().name(), "catalogueVersions/gansu-2026");
  EXPECT_EQ(record.version().sha256(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(record.version().item_count(), 1);
  const auto decision = PublishCatalogue({}, record);
  ASSERT_TRUE(decision.ok());
  ASSERT_EQ(decision->facts.size(), 1u);
  const auto* fact = dynamic_cast<const v1::CataloguePublished*>(decision->facts[0].get());
  ASSERT_NE(fact, nullptr);
  EXPECT_EQ(fact->catalogue_version().SerializeAsString(), record.version().SerializeAsString());
  EXPECT_EQ(decision->next.items_size(), 1);
}

TEST(PublicationTest, NeverChangesWhatIsPublished) {
  chassis::Versioned<CatalogueRecord> current;
  current.version = 1;
  current.state = ExampleRecord("gansu-2026");
  const auto decision = PublishCatalogue(current, ExampleRecord("gansu-2026"));
  EXPECT_EQ(decision.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(chassis::ReasonOf(decision.status()), "ALREADY_EXISTS");
  EXPECT_EQ(chassis::MetadataOf(decision.status(), "resource"), "catalogueVersions/gansu-2026");
}

TEST(PublicationTest, IsIndexedByItsTime) {
  const chassis::Footprint footprint = PublishedFootprint("test-1", ExampleRecord());
  ASSERT_EQ(footprint.index.size(), 1u);
  EXPECT_EQ(footprint.index[0].index, "catalogue_versions");
  EXPECT_EQ(footprint.index[0].member, "test-1");
  EXPECT_EQ(footprint.index[0].score, absl::ToUnixMillis(DecisionTime() - absl::Hours(24)));
  EXPECT_TRUE(PublishedFootprint("test-1", CatalogueRecord()).index.empty());
}

}  // namespace
}  // namespace fuju::catalogue
