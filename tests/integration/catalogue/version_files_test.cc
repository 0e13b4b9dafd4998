#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/synchronization/notification.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalogue_instance.h"
#include "chassis/values/refusal.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"

namespace fuju::catalogue {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;
using Stub = v1::CatalogueService::Stub;

class VersionFilesTest : public testing::Test {
 protected:
  absl::StatusOr<v1::ExportCatalogueResponse> Export(const std::string& label,
                                                     v1::CatalogueFormat format) {
    v1::ExportCatalogueRequest request;
    request.set_name(absl::StrCat("catalogueVersions/", label));
    request.set_format(format);
    return instance_.Call(&Stub::ExportCatalogue, request, "");
  }

  absl::StatusOr<v1::CatalogueVersion> Get(const std::string& label) {
    v1::GetCatalogueVersionRequest request;
    request.set_name(absl::StrCat("catalogueVersions/", label));
    return instance_.Call(&Stub::GetCatalogueVersion, request, "");
  }

  // All pages of one size.
  std::vector<std::string> List(v1::ListCatalogueVersionsRequest request, int size) {
    std::vector<std::string> labels;
    request.set_page_size(size);
    do {
      const auto page = instance_.Call(&Stub::ListCatalogueVersions, request, "");
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) return {};
      for (const auto& version : page->catalogue_versions()) labels.push_back(version.version());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return labels;
  }

  void ImportCounty(const std::string& label) {
    v1::ImportCatalogueRequest request;
    request.set_version(label);
    request.set_area_code("620102");
    request.set_top_ups_csv(GansuFile("top_ups_example.csv"));
    request.set_request_id(absl::StrCat("import-", label));
    const auto draft = instance_.Call(&Stub::ImportCatalogue, request, "county:c1");
    ASSERT_TRUE(draft.ok()) << draft.status();
    EXPECT_EQ(draft->top_up_count(), 3);
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_{TestTime()};
  CatalogueInstance instance_{redis_, &clock_};
};

// What is exported, in either form, is a version equal to the first.
TEST_F(VersionFilesTest, AreImportedAgain) {
  instance_.ImportGansu("gansu-1");
  const auto csv = Export("gansu-1", v1::CATALOGUE_FORMAT_CSV);
  const auto json = Export("gansu-1", v1::CATALOGUE_FORMAT_JSON);
  ASSERT_TRUE(csv.ok() && json.ok());
  EXPECT_EQ(csv->policy_json(), GansuFile("policy.json"));
  EXPECT_TRUE(csv->json().empty() && json->csv().empty());

  v1::ImportCatalogueRequest of_csv = GansuImport("gansu-2");
  of_csv.set_csv(csv->csv());
  ASSERT_TRUE(instance_.Call(&Stub::ImportCatalogue, of_csv).ok());
  v1::ImportCatalogueRequest of_json = GansuImport("gansu-3");
  of_json.clear_csv();
  of_json.clear_policy_json();
  of_json.set_json(json->json());
  const auto version = instance_.Call(&Stub::ImportCatalogue, of_json);
  ASSERT_TRUE(version.ok()) << version.status();
  EXPECT_EQ(version->item_count(), 63);
  for (const char* label : {"gansu-2", "gansu-3"}) {
    EXPECT_EQ(Export(label, v1::CATALOGUE_FORMAT_CSV)->SerializeAsString(),
              csv->SerializeAsString());
    EXPECT_EQ(Export(label, v1::CATALOGUE_FORMAT_JSON)->json(), json->json());
  }

  ImportCounty("chengguan-1");
  const auto county = Export("chengguan-1", v1::CATALOGUE_FORMAT_UNSPECIFIED);
  EXPECT_EQ(county->top_ups_csv(), GansuFile("top_ups_example.csv"));
  EXPECT_TRUE(county->csv().empty() && county->policy_json().empty());
  EXPECT_EQ(Export("nothing", v1::CATALOGUE_FORMAT_CSV).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(VersionFilesTest, AreComparedInWords) {
  instance_.ImportGansu("gansu-1");
  v1::ImportCatalogueRequest next = GansuImport("gansu-2");
  next.set_csv(absl::StrReplaceAll(next.csv(), {{"辆,1200,", "辆,1300,"}}));
  ASSERT_TRUE(instance_.Call(&Stub::ImportCatalogue, next).ok());
  v1::DiffCataloguesRequest request;
  request.set_before("catalogueVersions/gansu-1");
  request.set_after("catalogueVersions/gansu-2");
  const auto diff = instance_.Call(&Stub::DiffCatalogues, request, "");
  ASSERT_TRUE(diff.ok()) << diff.status();
  EXPECT_EQ(diff->before(), request.before());
  EXPECT_EQ(diff->after(), request.after());
  ASSERT_EQ(diff->changes_size(), 1);
  EXPECT_EQ(diff->changes(0).text_zh(), "普通轮椅（M01）的补贴上限由1200元提高到1300元");
  request.set_after("catalogueVersions/nothing");
  EXPECT_EQ(instance_.Call(&Stub::DiffCatalogues, request, "").status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(VersionFilesTest, AreListedWithTheirStateOfToday) {
  instance_.ImportGansu("gansu-1");
  clock_.Advance(absl::Minutes(1));
  instance_.ImportGansu("gansu-2");
  ImportCounty("chengguan-1");
  clock_.Advance(absl::Minutes(1));
  ImportCounty("chengguan-2");
  v1::DiscardCatalogueRequest discard;
  discard.set_name("catalogueVersions/chengguan-2");
  discard.set_request_id("discard");
  ASSERT_TRUE(instance_.Call(&Stub::DiscardCatalogue, discard).ok());

  EXPECT_EQ(Get("gansu-1")->state(), v1::CATALOGUE_STATE_SUPERSEDED);
  EXPECT_EQ(Get("gansu-2")->state(), v1::CATALOGUE_STATE_PUBLISHED);
  EXPECT_EQ(Get("chengguan-1")->state(), v1::CATALOGUE_STATE_DRAFT);
  EXPECT_EQ(Get("chengguan-2")->state(), v1::CATALOGUE_STATE_DISCARDED);
  EXPECT_EQ(chassis::ReasonOf(Get("nothing").status()), "RESOURCE_NOT_FOUND");

  v1::ListCatalogueVersionsRequest all;
  for (const int size : {1, 2, 0}) {
    EXPECT_THAT(List(all, size), ElementsAre("chengguan-2", "chengguan-1", "gansu-2", "gansu-1"));
  }
  v1::ListCatalogueVersionsRequest some;
  some.set_area_code("620102");
  EXPECT_THAT(List(some, 1), ElementsAre("chengguan-2", "chengguan-1"));
  some.set_state(v1::CATALOGUE_STATE_DRAFT);
  EXPECT_THAT(List(some, 50), ElementsAre("chengguan-1"));
  some.clear_area_code();
  some.set_state(v1::CATALOGUE_STATE_SUPERSEDED);
  EXPECT_THAT(List(some, 50), ElementsAre("gansu-1"));
}

// A record of the release before this one lies in the store.
TEST_F(VersionFilesTest, OfAnOldRecordAreRead) {
  v1::ImportCatalogueRequest draft = GansuImport("gansu-draft");
  ASSERT_TRUE(instance_.Call(&Stub::ImportCatalogue, draft).ok());
  storage::v1::CatalogueRecord old;
  old.mutable_version()->set_name("catalogueVersions/gansu-old");
  old.mutable_version()->set_version("gansu-old");
  old.mutable_version()->mutable_publish_time()->set_seconds(
      absl::ToUnixSeconds(TestTime() - absl::Hours(24)));
  v1::Item& item = *old.add_items();
  item.set_name("items/M01");
  item.set_item_code("M01");
  absl::Notification written;
  chassis::Command command;
  command.actor = "test:1";
  instance_.stores().versions.Update(
      "gansu-old", command,
      [&old](const auto&) -> absl::StatusOr<chassis::Decision<storage::v1::CatalogueRecord>> {
        chassis::Decision<storage::v1::CatalogueRecord> decision;
        decision.next = old;
        v1::CataloguePublished fact;
        *fact.mutable_catalogue_version() = old.version();
        decision.facts.push_back(chassis::MakeFact(std::move(fact)));
        return decision;
      },
      [&written](const auto& committed) {
        EXPECT_TRUE(committed.ok()) << committed.status();
        written.Notify();
      });
  written.WaitForNotification();

  CatalogueInstance late(redis_, &clock_, "late");
  ASSERT_NE(late.watcher().InForce(), nullptr);
  EXPECT_EQ(late.watcher().InForce()->label(), "gansu-old");
  EXPECT_EQ(late.watcher().For("620102", absl::CivilDay(2026, 3, 1))->label(), "gansu-old");
  EXPECT_EQ(late.watcher().For("620102", absl::CivilDay(2026, 2, 28)), nullptr);
  const auto version = Get("gansu-old");
  ASSERT_TRUE(version.ok()) << version.status();
  EXPECT_EQ(version->area_code(), "620000");
  EXPECT_EQ(version->state(), v1::CATALOGUE_STATE_PUBLISHED);
  EXPECT_EQ(version->effective_date(), "2026-03-01");
}

TEST_F(VersionFilesTest, ShowItemsByFilter) {
  instance_.ImportGansu("gansu-1");
  const auto codes = [this](const v1::ListItemsRequest& request) {
    std::vector<std::string> found;
    v1::ListItemsRequest asked = request;
    asked.set_page_size(1);
    do {
      const auto page = instance_.Call(&Stub::ListItems, asked, "");
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) return found;
      for (const v1::Item& item : page->items()) found.push_back(item.item_code());
      asked.set_page_token(page->next_page_token());
    } while (!asked.page_token().empty());
    return found;
  };
  v1::ListItemsRequest request;
  request.set_text("助听器");
  EXPECT_THAT(codes(request), UnorderedElementsAre("E01", "E02", "E03"));
  request.set_text("1222");
  request.set_category(type::v1::DISABILITY_CATEGORY_PHYSICAL);
  EXPECT_THAT(codes(request), UnorderedElementsAre("M01", "M02", "M03", "M04", "M05", "M07"));
  request.set_kind(v1::ITEM_KIND_HOME_MODIFICATION);
  EXPECT_TRUE(codes(request).empty());

  v1::GetItemRequest get;
  get.set_name("items/M01");
  get.set_area_code("620102");
  EXPECT_EQ(instance_.Call(&Stub::GetItem, get, "")->catalogue_version(), "gansu-1");
  get.set_date("2026-03-01");
  EXPECT_EQ(chassis::ReasonOf(instance_.Call(&Stub::GetItem, get, "").status()),
            "CATALOGUE_MISSING");
}

}  // namespace
}  // namespace fuju::catalogue
