#include "catalogue/versions/version_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chassis/values/timestamps.h"
#include "version_examples.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

// A record as it was written before there were areas, states, dates, kinds and policies.
TEST(VersionRecordTest, ReadsAnOldRecord) {
  storage::v1::CatalogueRecord old;
  old.mutable_version()->set_version("gansu-2025");
  // Already the next day in Gansu.
  *old.mutable_version()->mutable_publish_time() =
      chassis::ToTimestamp(vocabulary::StartOfDay(Day("2025-07-01")));
  old.add_items()->set_item_code("M01");

  const SharedRecord record = Read(old);
  EXPECT_EQ(record->version().area_code(), "620000");
  EXPECT_EQ(record->version().state(), v1::CATALOGUE_STATE_PUBLISHED);
  EXPECT_EQ(record->version().effective_date(), "2025-07-01");
  EXPECT_EQ(EffectiveDay(record->version()), Day("2025-07-01"));
  EXPECT_EQ(record->version().policy().mode(), v1::SUBSIDY_MODE_CAP_THEN_RATIO);
  EXPECT_EQ(record->version().policy().ffp_ratio_bp(), 10000);
  EXPECT_FALSE(record->version().policy().has_gxzc_ratio_bp());
  EXPECT_THAT(record->version().policy().child_yearly_devices(),
              testing::ElementsAre("0618", "0624"));
  EXPECT_EQ(record->items(0).catalogue_version(), "gansu-2025");
  EXPECT_EQ(record->items(0).kind(), v1::ITEM_KIND_ASSISTIVE_DEVICE);
  EXPECT_EQ(record->items(0).item_class(), v1::ITEM_CLASS_SUBSIDISED);
  EXPECT_EQ(record->items(0).interval_key(), v1::INTERVAL_KEY_DIVISION);
}

TEST(VersionRecordTest, LeavesADraftAsItIs) {
  storage::v1::CatalogueRecord draft = Published("c1", "620102", "2026-01-01");
  draft.mutable_version()->set_state(v1::CATALOGUE_STATE_DRAFT);
  draft.mutable_version()->clear_effective_date();
  const SharedRecord record = Read(draft);
  EXPECT_EQ(record->version().area_code(), "620102");
  EXPECT_EQ(record->version().state(), v1::CATALOGUE_STATE_DRAFT);
  EXPECT_TRUE(record->version().effective_date().empty());
  EXPECT_FALSE(record->version().has_policy()) << "a county inherits";
}

TEST(VersionRecordTest, OrdersByDayThenPublicationThenLabel) {
  v1::CatalogueVersion a = Published("a", "620000", "2026-01-02").version();
  v1::CatalogueVersion b = Published("b", "620000", "2026-01-01").version();
  EXPECT_TRUE(Supersedes(a, b));
  EXPECT_FALSE(Supersedes(b, a));
  b.set_effective_date(a.effective_date());
  EXPECT_TRUE(Supersedes(a, b)) << "published later";
  *b.mutable_publish_time() = a.publish_time();
  EXPECT_TRUE(Supersedes(b, a)) << "the greater label";
  EXPECT_FALSE(Supersedes(a, a));
}

}  // namespace
}  // namespace fuju::catalogue
