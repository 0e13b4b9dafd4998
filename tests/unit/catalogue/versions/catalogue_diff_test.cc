#include "catalogue/versions/catalogue_diff.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalogue/versions/column.h"
#include "version_examples.h"

namespace fuju::catalogue {
namespace {

v1::CatalogueDocument Document() {
  v1::CatalogueDocument document;
  *document.mutable_policy() = FullPolicy();
  *document.add_items() = FullItem("M01");
  *document.add_top_ups() = TopUp("M01", 20000);
  return document;
}

struct Change {
  std::function<void(v1::CatalogueDocument&)> make;
  v1::CatalogueChangeKind kind;
  const char* subject;
  const char* field;
  const char* before;
  const char* after;
  const char* zh;
  const char* en;
};

TEST(CatalogueDiffTest, SaysEachChangeAsASentence) {
  constexpr auto kAdded = v1::CATALOGUE_CHANGE_KIND_ADDED;
  constexpr auto kRemoved = v1::CATALOGUE_CHANGE_KIND_REMOVED;
  constexpr auto kChanged = v1::CATALOGUE_CHANGE_KIND_CHANGED;
  for (const Change& change : std::vector<Change>{
           {[](auto& d) { d.mutable_items(0)->set_cap_fen(130000); }, kChanged, "items/M01",
            "max_subsidy_cny", "1200", "1300", "普通轮椅（M01）的补贴上限由1200元提高到1300元",
            "Standard manual wheelchair (M01): cap raised from 1200 yuan to 1300 yuan"},
           {[](auto& d) { d.mutable_items(0)->set_replacement_years(2); }, kChanged, "items/M01",
            "min_replace_years", "3", "2", "普通轮椅（M01）的使用年限由3年降低到2年",
            "Standard manual wheelchair (M01): years until the next one lowered from 3 years to 2 "
            "years"},
           {[](auto& d) { d.mutable_items(0)->set_price_ceiling_fen(0); }, kChanged, "items/M01",
            "price_ceiling_cny", "1500.50", "", "普通轮椅（M01）的最高限价由1500.50元改为未规定",
            "Standard manual wheelchair (M01): price ceiling changed from 1500.50 yuan to nothing"},
           {[](auto& d) { d.mutable_items(0)->add_grades(3); }, kChanged, "items/M01", "grades",
            "1|2", "1|2|3", "普通轮椅（M01）的残疾等级由“1|2”改为“1|2|3”",
            "Standard manual wheelchair (M01): grades changed from '1|2' to '1|2|3'"},
           {[](auto& d) { *d.add_items() = FullItem("M09"); }, kAdded, "items/M09", "", "", "",
            "新增普通轮椅（M09）", "added: Standard manual wheelchair (M09)"},
           {[](auto& d) { d.clear_items(); }, kRemoved, "items/M01", "", "", "",
            "取消普通轮椅（M01）", "removed: Standard manual wheelchair (M01)"},
           {[](auto& d) { d.mutable_top_ups(0)->set_cap_fen(30000); }, kChanged, "topUps/M01",
            "cap_cny", "200", "300", "叠加补贴（M01）的上限由200元提高到300元",
            "top-up (M01): cap raised from 200 yuan to 300 yuan"},
           {[](auto& d) { *d.add_top_ups() = TopUp("*", 1); }, kAdded, "topUps/*", "", "", "",
            "新增叠加补贴（其余品目）", "added: top-up (every other item)"},
           {[](auto& d) { d.clear_policy(); }, kRemoved, "policy", "", "", "",
            "取消本级政策，沿用上级政策", "removed: its own policy; that of the area above counts"},
           {[](auto& d) { d.mutable_policy()->set_yearly_cap_fen(600000); }, kChanged, "policy",
            "yearly_cap_fen", "5000", "6000", "政策的每年总额上限由5000元提高到6000元",
            "policy: yearly total raised from 5000 yuan to 6000 yuan"}}) {
    v1::CatalogueDocument after = Document();
    change.make(after);
    const v1::CatalogueDiff diff = DiffDocuments(Document(), after);
    ASSERT_EQ(diff.changes_size(), 1) << change.zh;
    EXPECT_EQ(diff.changes(0).kind(), change.kind);
    EXPECT_EQ(diff.changes(0).subject(), change.subject);
    EXPECT_EQ(diff.changes(0).field(), change.field);
    EXPECT_EQ(diff.changes(0).before(), change.before);
    EXPECT_EQ(diff.changes(0).after(), change.after);
    EXPECT_EQ(diff.changes(0).text_zh(), change.zh);
    EXPECT_EQ(diff.changes(0).text_en(), change.en);
  }
}

TEST(CatalogueDiffTest, FindsNothingBetweenEquals) {
  EXPECT_EQ(DiffDocuments(Document(), Document()).changes_size(), 0);
  EXPECT_EQ(DiffDocuments({}, {}).changes_size(), 0);
}

// No field of a policy changes unseen: a new field without a line fails here.
TEST(CatalogueDiffTest, SeesEveryRuleOfThePolicy) {
  v1::CatalogueDocument before = Document(), after = Document();
  before.mutable_policy()->Clear();
  const v1::CatalogueDiff diff = DiffDocuments(before, after);
  std::set<std::string> fields;
  for (const v1::CatalogueChange& change : diff.changes()) fields.insert(change.field());
  const google::protobuf::Descriptor* type = v1::SubsidyPolicy::descriptor();
  EXPECT_EQ(static_cast<int>(fields.size()), type->field_count());
  for (int i = 0; i < type->field_count(); ++i) {
    EXPECT_TRUE(fields.contains(type->field(i)->name())) << type->field(i)->name();
  }
}

TEST(CatalogueDiffTest, SeesEveryColumn) {
  v1::CatalogueDocument before = Document(), after = Document();
  *before.mutable_items(0) = v1::Item();
  before.mutable_items(0)->set_item_code("M01");
  const v1::CatalogueDiff diff = DiffDocuments(before, after);
  EXPECT_EQ(diff.changes_size(), static_cast<int>(ItemColumns().size()) - 1) << "but the code";
}

// Policy, items, top-ups, each by code.
TEST(CatalogueDiffTest, OrdersChanges) {
  v1::CatalogueDocument after = Document();
  after.mutable_policy()->set_yearly_kinds(1);
  after.mutable_items(0)->set_cap_fen(1);
  after.mutable_items(0)->set_unit("台");
  *after.add_items() = FullItem("B01");
  *after.add_top_ups() = TopUp("B01", 1);
  std::vector<std::string> subjects;
  const v1::CatalogueDiff diff = DiffDocuments(Document(), after);
  for (const v1::CatalogueChange& change : diff.changes()) subjects.push_back(change.subject());
  EXPECT_THAT(subjects,
              testing::ElementsAre("policy", "items/B01", "items/M01", "items/M01", "topUps/B01"));
}

}  // namespace
}  // namespace fuju::catalogue
