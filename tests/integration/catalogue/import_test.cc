#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalogue_instance.h"
#include "chassis/values/refusal.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/catalogue/v1/catalogue_version_events.pb.h"
#include "support/fact_log.h"
#include "support/violations.h"

namespace fuju::catalogue {
namespace {

using testing::HasSubstr;
using Stub = v1::CatalogueService::Stub;

class ImportTest : public testing::Test {
 protected:
  test_support::RedisServer redis_;
  test_support::FakeClock clock_{TestTime()};
};

TEST_F(ImportTest, KeepsADraft) {
  CatalogueInstance instance(redis_, &clock_);
  test_support::FactLog log(instance.fanout(), kPartitions);
  v1::ImportCatalogueRequest request = GansuImport("gansu-1");
  request.set_title_zh("2026年度标准");
  const auto version = instance.Call(&Stub::ImportCatalogue, request, "province:p1");
  ASSERT_TRUE(version.ok()) << version.status();
  EXPECT_EQ(version->name(), "catalogueVersions/gansu-1");
  EXPECT_EQ(version->version(), "gansu-1");
  EXPECT_EQ(version->state(), v1::CATALOGUE_STATE_DRAFT);
  EXPECT_EQ(version->area_code(), "620000") << "no area is the province";
  EXPECT_EQ(version->title_zh(), "2026年度标准");
  EXPECT_EQ(version->item_count(), 63);
  EXPECT_EQ(version->drafted_by(), "province:p1");
  EXPECT_EQ(version->draft_time().seconds(), absl::ToUnixSeconds(TestTime()));
  EXPECT_EQ(version->policy().ffp_ratio_bp(), 10000);
  EXPECT_EQ(version->sha256().size(), 64u);
  EXPECT_EQ(instance.watcher().InForce(), nullptr) << "a draft decides nothing";
  const auto events = log.AwaitEvents<v1::CatalogueDrafted>(1);
  EXPECT_EQ(events[0].subject(), "catalogueVersions/gansu-1");
  EXPECT_EQ(events[0].actor(), "province:p1");
}

TEST_F(ImportTest, RefusesBadCellsWithTheirAddresses) {
  CatalogueInstance instance(redis_, &clock_);
  v1::ImportCatalogueRequest request = GansuImport("gansu-1");
  request.set_csv(
      absl::StrReplaceAll(request.csv(), {{"M02,活扶手轮椅", "M02,"}, {"M03,", "M01,"}}));
  const auto version = instance.Call(&Stub::ImportCatalogue, request);
  EXPECT_EQ(version.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(chassis::ReasonOf(version.status()), "CATALOGUE_INVALID");
  EXPECT_EQ(test_support::PathsOf(version.status()), "rows[3].name_zh rows[4].item_code");
}

// 63 bad cells: more than trailers hold. Every listed one arrives with its address.
TEST_F(ImportTest, RefusesAFileThatIsWrongThroughout) {
  CatalogueInstance instance(redis_, &clock_);
  v1::ImportCatalogueRequest request = GansuImport("gansu-1");
  request.set_csv(absl::StrReplaceAll(request.csv(), {{",DESIGN_DEFAULT,", ",,"}}));
  const auto version = instance.Call(&Stub::ImportCatalogue, request);
  EXPECT_EQ(version.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(chassis::ReasonOf(version.status()), "CATALOGUE_INVALID");
  EXPECT_EQ(chassis::MetadataOf(version.status(), "errors"), "63");
  EXPECT_THAT(std::string(version.status().message()), HasSubstr("63处错误，另有3处未列出"));
  auto violations = test_support::ViolationsOf(version.status());
  EXPECT_EQ(violations.size(), 60u);
  for (int row = 2; row < 62; ++row) {
    EXPECT_THAT(violations[absl::StrCat("rows[", row, "].ratio_basis")], HasSubstr("“”应为"));
  }
}

TEST_F(ImportTest, NeedsSomethingToRead) {
  CatalogueInstance instance(redis_, &clock_);
  v1::ImportCatalogueRequest request;
  request.set_version("gansu-1");
  request.set_request_id("r1");
  EXPECT_EQ(test_support::PathsOf(instance.Call(&Stub::ImportCatalogue, request).status()),
            "items policy");
  request.set_json("{");
  EXPECT_EQ(test_support::PathsOf(instance.Call(&Stub::ImportCatalogue, request).status()), "json");
}

TEST_F(ImportTest, GivesARepeatTheFirstAnswer) {
  CatalogueInstance instance(redis_, &clock_);
  const auto first = instance.Call(&Stub::ImportCatalogue, GansuImport("gansu-1"));
  ASSERT_TRUE(first.ok()) << first.status();
  clock_.Advance(absl::Hours(1));
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&] {
      const auto again = instance.Call(&Stub::ImportCatalogue, GansuImport("gansu-1"));
      ASSERT_TRUE(again.ok()) << again.status();
      EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
    });
  }
  for (std::thread& caller : callers) caller.join();

  v1::ImportCatalogueRequest other_body = GansuImport("gansu-2");
  other_body.set_request_id("import-gansu-1");
  const auto refused = instance.Call(&Stub::ImportCatalogue, other_body);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(chassis::ReasonOf(refused.status()), "REQUEST_ID_REUSED");
}

TEST_F(ImportTest, UsesALabelOnce) {
  CatalogueInstance instance(redis_, &clock_);
  ASSERT_TRUE(instance.Call(&Stub::ImportCatalogue, GansuImport("gansu-1")).ok());
  v1::ImportCatalogueRequest again = GansuImport("gansu-1");
  again.set_request_id("r2");
  const auto refused = instance.Call(&Stub::ImportCatalogue, again);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(chassis::ReasonOf(refused.status()), "ALREADY_EXISTS");
}

TEST_F(ImportTest, ValidatesWithoutWriting) {
  CatalogueInstance instance(redis_, &clock_);
  test_support::FactLog log(instance.fanout(), kPartitions);
  v1::ImportCatalogueRequest request = GansuImport("gansu-1");
  request.set_validate_only(true);
  const auto version = instance.Call(&Stub::ImportCatalogue, request);
  ASSERT_TRUE(version.ok()) << version.status();
  EXPECT_EQ(version->item_count(), 63);
  EXPECT_FALSE(version->has_draft_time());
  // The request id was not spent, and the label is free.
  ASSERT_TRUE(instance.Call(&Stub::ImportCatalogue, GansuImport("gansu-1")).ok());
  log.Await<v1::CatalogueDrafted>(1);
  EXPECT_EQ(instance.Call(&Stub::ImportCatalogue, request).status().code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(log.Count<v1::CatalogueDrafted>(), 1u);
}

TEST_F(ImportTest, HappensOnceWhenInstancesStartTogether) {
  std::vector<std::unique_ptr<CatalogueInstance>> instances;
  for (const char* name : {"a", "b", "c", "d"}) {
    instances.push_back(std::make_unique<CatalogueInstance>(redis_, &clock_, name));
  }
  test_support::FactLog log(instances[0]->fanout(), kPartitions);
  const CatalogueFiles files = {.csv = GansuFile("catalogue.csv"),
                                .policy_json = GansuFile("policy.json")};
  std::vector<std::thread> starts;
  for (const auto& instance : instances) {
    starts.emplace_back([&instance, &files] {
      const absl::Status status =
          instance->importer().PublishIfNone("initial", files, absl::Now() + absl::Seconds(20));
      EXPECT_TRUE(status.ok()) << status;
      ASSERT_NE(instance->watcher().InForce(), nullptr);
      EXPECT_EQ(instance->watcher().InForce()->label(), "initial");
    });
  }
  for (std::thread& start : starts) start.join();
  // One more publication, so that everything before it has been seen.
  clock_.Advance(absl::Minutes(1));
  instances[0]->ImportGansu("later");
  const auto published = log.Await<v1::CataloguePublished>(2);
  EXPECT_EQ(published.size(), 2u);
  EXPECT_EQ(published[0].catalogue_version().drafted_by(), "system:catalogue");
  EXPECT_EQ(published[0].catalogue_version().published_by(), "system:catalogue");
  EXPECT_EQ(published[0].catalogue_version().effective_date(), "2026-03-02");
  EXPECT_TRUE(
      instances[0]->importer().PublishIfNone("other", files, absl::Now() + absl::Seconds(5)).ok());
  EXPECT_EQ(instances[0]->watcher().InForce()->label(), "later");
}

TEST_F(ImportTest, IsRefusedWithoutAnActor) {
  CatalogueInstance instance(redis_, &clock_);
  EXPECT_EQ(instance.Call(&Stub::ImportCatalogue, GansuImport("gansu-1"), "").status().code(),
            absl::StatusCode::kUnauthenticated);
}

}  // namespace
}  // namespace fuju::catalogue
