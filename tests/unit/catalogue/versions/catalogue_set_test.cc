#include "catalogue/versions/catalogue_set.h"

#include <cstdlib>
#include <new>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "version_examples.h"
#include "vocabulary/civil_date.h"

namespace {
// Counts what a look-up allocates; a test of its own looks at it.
thread_local size_t allocations = 0;
}  // namespace

[[gnu::noinline]] void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  std::abort();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, size_t /*size*/) noexcept {
  std::free(memory);
}

namespace fuju::catalogue {
namespace {

// Province: p1 from 2026-01-01, p2 from 2027-01-01. Prefecture 620100: q1 from 2026-06-01. County
// 620102: c1 from 2026-03-01, c2 from 2027-01-01.
CatalogueSet Gansu() {
  return CatalogueSet(
      {Read(Published("c2", "620102", "2027-01-01")), Read(Published("p1", "620000", "2026-01-01")),
       Read(Published("q1", "620100", "2026-06-01")), Read(Published("c1", "620102", "2026-03-01")),
       Read(Published("p2", "620000", "2027-01-01"))});
}

std::string LabelOn(const CatalogueSet& set, const std::string& area, const std::string& date) {
  const auto catalogue = set.For(area, Day(date));
  return catalogue == nullptr ? "-" : catalogue->label();
}

struct DayAndArea {
  const char* date;
  const char* area;
  const char* label;
};

TEST(CatalogueSetTest, FollowsDatesAndAreas) {
  const CatalogueSet set = Gansu();
  for (const DayAndArea& row :
       std::vector<DayAndArea>{// The day before the first version, and the first day.
                               {"2025-12-31", "620000", "-"},
                               {"2025-12-31", "620102", "-"},
                               {"2026-01-01", "620000", "p1"},
                               {"2026-01-01", "620102", "p1"},
                               // The county's own.
                               {"2026-02-28", "620102", "p1"},
                               {"2026-03-01", "620102", "p1+c1"},
                               // Its neighbour, and another prefecture.
                               {"2026-03-01", "620103", "p1"},
                               {"2026-03-01", "620502", "p1"},
                               // The prefecture's.
                               {"2026-05-31", "620103", "p1"},
                               {"2026-06-01", "620103", "p1+q1"},
                               {"2026-06-01", "620100", "p1+q1"},
                               {"2026-06-01", "620171", "p1+q1"},
                               {"2026-06-01", "620102", "p1+q1+c1"},
                               {"2026-06-01", "620502", "p1"},
                               // A new year.
                               {"2026-12-31", "620102", "p1+q1+c1"},
                               {"2027-01-01", "620102", "p2+q1+c2"},
                               {"2027-01-01", "620103", "p2+q1"},
                               {"2027-01-01", "620502", "p2"},
                               {"2099-01-01", "620102", "p2+q1+c2"},
                               // No area is the province; that of another province has none.
                               {"2026-06-01", "", "p1"},
                               {"2026-06-01", "110101", "-"}}) {
    EXPECT_EQ(LabelOn(set, row.area, row.date), row.label) << row.area << " on " << row.date;
  }
}

// By the definition: of each level, from the province down, the version that supersedes the others
// of those that are effective.
std::string ByDefinition(const std::vector<SharedRecord>& versions, const std::string& county,
                         absl::CivilDay day) {
  std::string label;
  for (const std::string& level : {std::string("620000"), county.substr(0, 4) + "00", county}) {
    SharedRecord last;
    for (const SharedRecord& record : versions) {
      if (record->version().area_code() != level || EffectiveDay(record->version()) > day) continue;
      if (last == nullptr || Supersedes(record->version(), last->version())) last = record;
    }
    if (last == nullptr && level == "620000") return "-";
    if (last != nullptr) label += (label.empty() ? "" : "+") + last->version().version();
  }
  return label;
}

TEST(CatalogueSetTest, IsAsTheDefinitionSaysForAnyVersions) {
  std::mt19937 random(20260302);
  const std::vector<std::string> areas = {"620000", "620100", "620200", "620102", "620103"};
  const absl::CivilDay first(2026, 1, 1);
  for (int round = 0; round < 200; ++round) {
    std::vector<SharedRecord> versions;
    for (int i = static_cast<int>(random() % 12); i > 0; --i) {
      auto record = Published(absl::StrCat("v", i), areas[random() % areas.size()], "2026-01-01");
      record.mutable_version()->set_effective_date(
          vocabulary::FormatCivilDate(first + static_cast<int>(random() % 20)));
      record.mutable_version()->mutable_publish_time()->set_seconds(
          static_cast<int64_t>(random() % 3));
      versions.push_back(Read(record));
    }
    const CatalogueSet set(versions);
    for (int i = -1; i < 22; ++i) {
      for (const char* county : {"620102", "620103", "620201", "620502"}) {
        const auto catalogue = set.For(county, first + i);
        const std::string label = catalogue == nullptr ? "-" : catalogue->label();
        EXPECT_EQ(label, ByDefinition(versions, county, first + i)) << county << " " << i;
        if (catalogue == nullptr) continue;
        EXPECT_EQ(set.ByLabel(label).value(), catalogue);
      }
    }
  }
}

TEST(CatalogueSetTest, KnowsWhatIsAbove) {
  const CatalogueSet set = Gansu();
  EXPECT_EQ(set.Above("620102", Day("2026-06-01"))->label(), "p1+q1");
  EXPECT_EQ(set.Above("620103", Day("2026-05-31"))->label(), "p1");
  EXPECT_EQ(set.Above("620100", Day("2026-06-01"))->label(), "p1");
  EXPECT_EQ(set.Above("620000", Day("2026-06-01")), nullptr);
}

// Nothing decides without the province's policy.
TEST(CatalogueSetTest, NeedsTheProvince) {
  const CatalogueSet set({Read(Published("c1", "620102", "2026-01-01")),
                          Read(Published("p1", "620000", "2026-02-01"))});
  EXPECT_EQ(LabelOn(set, "620102", "2026-01-31"), "-");
  EXPECT_EQ(LabelOn(set, "620102", "2026-02-01"), "p1+c1");
  EXPECT_EQ(LabelOn(CatalogueSet({Read(Published("c1", "620102", "2026-01-01"))}), "620102",
                    "2026-02-01"),
            "-");
  EXPECT_EQ(LabelOn(CatalogueSet(), "620102", "2026-02-01"), "-");
}

TEST(CatalogueSetTest, LeavesOutWhatIsNotPublished) {
  storage::v1::CatalogueRecord draft = Published("p2", "620000", "2026-02-01");
  draft.mutable_version()->set_state(v1::CATALOGUE_STATE_DRAFT);
  const CatalogueSet set({Read(Published("p1", "620000", "2026-01-01")), Read(draft)});
  EXPECT_EQ(LabelOn(set, "620000", "2026-02-01"), "p1");
  EXPECT_EQ(set.Find("p2"), nullptr);
}

// Of two versions for the same day the one that was published later counts.
TEST(CatalogueSetTest, TakesTheLaterPublicationOfADay) {
  storage::v1::CatalogueRecord later = Published("a", "620000", "2026-01-01");
  later.mutable_version()->mutable_publish_time()->set_nanos(1'000'000);
  const CatalogueSet set({Read(later), Read(Published("b", "620000", "2026-01-01"))});
  EXPECT_EQ(LabelOn(set, "620000", "2026-01-01"), "a");
  EXPECT_EQ(LabelOn(CatalogueSet({Read(Published("a", "620000", "2026-01-01")),
                                  Read(Published("b", "620000", "2026-01-01"))}),
                    "620000", "2026-01-01"),
            "b")
      << "at the same moment the greater label";
}

TEST(CatalogueSetTest, FindsACatalogueByItsLabelAlone) {
  const CatalogueSet set = Gansu();
  for (const char* label : {"p1", "p2", "p1+c1", "p1+q1+c1", "p2+q1+c2",
                            // Never in force together; an old decision may name it all the same.
                            "p2+c1", "p1+q1+c2"}) {
    const auto catalogue = set.ByLabel(label);
    ASSERT_TRUE(catalogue.ok()) << catalogue.status();
    EXPECT_EQ((*catalogue)->label(), label);
  }
  EXPECT_EQ(*set.ByLabel("p1+c1"), set.For("620102", Day("2026-03-01"))) << "made once";
  for (const char* label : {"", "x", "p1+x", "c1", "p1+p2", "p1+c1+q1", "p1+c1+c2", "p1+", "+p1"}) {
    const auto catalogue = set.ByLabel(label);
    EXPECT_EQ(catalogue.status().code(), absl::StatusCode::kNotFound) << label;
    EXPECT_EQ(chassis::ReasonOf(catalogue.status()), "RESOURCE_NOT_FOUND");
  }
}

TEST(CatalogueSetTest, SharesCataloguesOfEqualVersions) {
  const CatalogueSet set = Gansu();
  EXPECT_EQ(set.For("620502", Day("2026-02-01")), set.For("620000", Day("2026-11-01")));
  EXPECT_EQ(set.For("620103", Day("2026-06-01")), set.For("620171", Day("2026-07-01")));
}

// A draft of next year's standard, tried on cases of this year.
TEST(CatalogueSetTest, TriesADraft) {
  storage::v1::CatalogueRecord draft = Published("p3", "620000", "2026-01-01");
  draft.mutable_version()->set_state(v1::CATALOGUE_STATE_DRAFT);
  draft.mutable_version()->clear_effective_date();
  draft.mutable_version()->clear_publish_time();
  const CatalogueSet set = Gansu();
  const CatalogueSet tried = set.With(draft, Day("2026-01-01"));
  EXPECT_EQ(LabelOn(tried, "620102", "2026-06-01"), "p3+q1+c1");
  EXPECT_EQ(LabelOn(tried, "620102", "2027-01-01"), "p2+q1+c2") << "a later one is later";
  EXPECT_EQ(LabelOn(set, "620102", "2026-06-01"), "p1+q1+c1") << "the set is as it was";
}

TEST(CatalogueSetTest, SupersedesByTheDate) {
  const CatalogueSet set = Gansu();
  const v1::CatalogueVersion& first = set.Find("p1")->version();
  const v1::CatalogueVersion& second = set.Find("p2")->version();
  EXPECT_EQ(set.StateOn(first, Day("2026-12-31")), v1::CATALOGUE_STATE_PUBLISHED);
  EXPECT_EQ(set.StateOn(first, Day("2027-01-01")), v1::CATALOGUE_STATE_SUPERSEDED);
  EXPECT_EQ(set.StateOn(second, Day("2026-12-31")), v1::CATALOGUE_STATE_PUBLISHED);
  EXPECT_EQ(set.StateOn(second, Day("2099-01-01")), v1::CATALOGUE_STATE_PUBLISHED);
  v1::CatalogueVersion draft;
  draft.set_area_code("620000");
  draft.set_state(v1::CATALOGUE_STATE_DISCARDED);
  EXPECT_EQ(set.StateOn(draft, Day("2099-01-01")), v1::CATALOGUE_STATE_DISCARDED);
}

TEST(CatalogueSetTest, AllocatesNothingForALookUp) {
  const CatalogueSet set = Gansu();
  const std::string county = "620102", neighbour = "620103", far = "620502", code = "M01";
  const absl::CivilDay day = Day("2026-06-01");
  const size_t before = allocations;
  size_t found = 0;
  for (int i = 0; i < 1000; ++i) {
    for (const std::string* area : {&county, &neighbour, &far}) {
      const std::shared_ptr<const Catalogue> catalogue = set.For(*area, day);
      found += catalogue->Find(code) != nullptr && catalogue->TopUpsFor(code).empty();
    }
  }
  EXPECT_EQ(allocations, before);
  EXPECT_EQ(found, 3000u);
}

}  // namespace
}  // namespace fuju::catalogue
