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
#include "support/fact_log.h"
#include "support/violations.h"

namespace fuju::catalogue {
namespace {

using testing::HasSubstr;
using Stub = v1::CatalogueService::Stub;

class ImportTest : public testing::Test {
 protected:
  v1::ImportCatalogueRequest Request(const std::string& label,
                                     const std::string& request_id) const {
    v1::ImportCatalogueRequest request;
    request.set_version(label);
    request.set_csv(GansuFile("catalogue.csv"));
    request.set_request_id(request_id);
    return request;
  }

  // Waits until the instance has the label in force; it learns of it by its stream.
  static bool HasInForce(CatalogueInstance& instance, const std::string& label) {
    const absl::Time end = absl::Now() + absl::Seconds(20);
    while (absl::Now() < end) {
      const std::shared_ptr<const Catalogue> catalogue = instance.watcher().InForce();
      if (catalogue != nullptr && catalogue->label() == label) return true;
      std::this_thread::yield();
    }
    return false;
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_{TestTime()};
};

TEST_F(ImportTest, PublishesTheExampleOfGansu) {
  CatalogueInstance instance(redis_, &clock_);
  test_support::FactLog log(instance.fanout(), kPartitions);
  const auto version = instance.Call(&Stub::ImportCatalogue, Request("gansu-1", "r1"));
  ASSERT_TRUE(version.ok()) << version.status();
  EXPECT_EQ(version->name(), "catalogueVersions/gansu-1");
  EXPECT_EQ(version->version(), "gansu-1");
  EXPECT_EQ(version->item_count(), 63);
  EXPECT_EQ(version->publish_time().seconds(), absl::ToUnixSeconds(TestTime()));
  EXPECT_EQ(version->sha256().size(), 64u);
  ASSERT_NE(instance.watcher().InForce(), nullptr) << "in force when the call is answered";
  EXPECT_EQ(instance.watcher().InForce()->label(), "gansu-1");
  const auto events = log.AwaitEvents<v1::CataloguePublished>(1);
  EXPECT_EQ(events[0].subject(), "catalogueVersions/gansu-1");
  EXPECT_EQ(events[0].actor(), "finance:f1");
}

TEST_F(ImportTest, RefusesBadCellsWithTheirAddresses) {
  CatalogueInstance instance(redis_, &clock_);
  v1::ImportCatalogueRequest request = Request("gansu-1", "r1");
  request.set_csv(
      absl::StrReplaceAll(request.csv(), {{"M02,活扶手轮椅", "M02,"}, {"M03,", "M01,"}}));
  const auto version = instance.Call(&Stub::ImportCatalogue, request);
  EXPECT_EQ(version.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(chassis::ReasonOf(version.status()), "CATALOGUE_INVALID");
  EXPECT_EQ(test_support::PathsOf(version.status()), "rows[3].name_zh rows[4].item_code");
  EXPECT_EQ(instance.watcher().InForce(), nullptr);
}

// 63 bad cells: more than trailers hold. Every listed one arrives with its address.
TEST_F(ImportTest, RefusesAFileThatIsWrongThroughout) {
  CatalogueInstance instance(redis_, &clock_);
  v1::ImportCatalogueRequest request = Request("gansu-1", "r1");
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

TEST_F(ImportTest, GivesARepeatTheFirstAnswer) {
  CatalogueInstance instance(redis_, &clock_);
  const auto first = instance.Call(&Stub::ImportCatalogue, Request("gansu-1", "r1"));
  ASSERT_TRUE(first.ok()) << first.status();
  clock_.Advance(absl::Hours(1));
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&] {
      const auto again = instance.Call(&Stub::ImportCatalogue, Request("gansu-1", "r1"));
      ASSERT_TRUE(again.ok()) << again.status();
      EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
    });
  }
  for (std::thread& caller : callers) caller.join();

  const auto other_body = instance.Call(&Stub::ImportCatalogue, Request("gansu-2", "r1"));
  EXPECT_EQ(other_body.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(chassis::ReasonOf(other_body.status()), "REQUEST_ID_REUSED");
}

TEST_F(ImportTest, NeverChangesALabel) {
  CatalogueInstance instance(redis_, &clock_);
  ASSERT_TRUE(instance.Call(&Stub::ImportCatalogue, Request("gansu-1", "r1")).ok());
  const auto again = instance.Call(&Stub::ImportCatalogue, Request("gansu-1", "r2"));
  EXPECT_EQ(again.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(chassis::ReasonOf(again.status()), "ALREADY_EXISTS");
}

TEST_F(ImportTest, ValidatesWithoutWriting) {
  CatalogueInstance instance(redis_, &clock_);
  test_support::FactLog log(instance.fanout(), kPartitions);
  v1::ImportCatalogueRequest request = Request("gansu-1", "r1");
  request.set_validate_only(true);
  const auto version = instance.Call(&Stub::ImportCatalogue, request);
  ASSERT_TRUE(version.ok()) << version.status();
  EXPECT_EQ(version->item_count(), 63);
  EXPECT_FALSE(version->has_publish_time());
  EXPECT_EQ(instance.watcher().InForce(), nullptr);
  // The request id was not spent, and the label is free.
  ASSERT_TRUE(instance.Call(&Stub::ImportCatalogue, Request("gansu-1", "r1")).ok());
  log.Await<v1::CataloguePublished>(1);
  EXPECT_EQ(instance.Call(&Stub::ImportCatalogue, request).status().code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(log.Count<v1::CataloguePublished>(), 1u);
}

TEST_F(ImportTest, ReachesEveryInstance) {
  CatalogueInstance a(redis_, &clock_, "a");
  CatalogueInstance b(redis_, &clock_, "b");
  CatalogueInstance c(redis_, &clock_, "c");
  a.ImportGansu("gansu-1");
  EXPECT_TRUE(HasInForce(b, "gansu-1"));
  EXPECT_TRUE(HasInForce(c, "gansu-1"));
  clock_.Advance(absl::Minutes(1));
  b.ImportGansu("gansu-2");
  EXPECT_TRUE(HasInForce(a, "gansu-2"));
  EXPECT_TRUE(HasInForce(c, "gansu-2"));
  CatalogueInstance late(redis_, &clock_, "late");
  ASSERT_NE(late.watcher().InForce(), nullptr) << "loaded at the start";
  EXPECT_EQ(late.watcher().InForce()->label(), "gansu-2");
}

TEST_F(ImportTest, HappensOnceWhenInstancesStartTogether) {
  std::vector<std::unique_ptr<CatalogueInstance>> instances;
  for (const char* name : {"a", "b", "c", "d"}) {
    instances.push_back(std::make_unique<CatalogueInstance>(redis_, &clock_, name));
  }
  test_support::FactLog log(instances[0]->fanout(), kPartitions);
  const std::string csv = GansuFile("catalogue.csv");
  std::vector<std::thread> starts;
  for (const auto& instance : instances) {
    starts.emplace_back([&instance, &csv] {
      const absl::Status status =
          instance->importer().ImportIfNone("initial", csv, absl::Now() + absl::Seconds(20));
      EXPECT_TRUE(status.ok()) << status;
      ASSERT_NE(instance->watcher().InForce(), nullptr);
      EXPECT_EQ(instance->watcher().InForce()->label(), "initial");
    });
  }
  for (std::thread& start : starts) start.join();
  // One more publication, so that everything before it has been seen.
  clock_.Advance(absl::Minutes(1));
  instances[0]->ImportGansu("later");
  EXPECT_EQ(log.Await<v1::CataloguePublished>(2).size(), 2u);
  EXPECT_TRUE(
      instances[0]->importer().ImportIfNone("other", csv, absl::Now() + absl::Seconds(5)).ok());
  EXPECT_EQ(instances[0]->watcher().InForce()->label(), "later");
}

TEST_F(ImportTest, IsRefusedWithoutAnActor) {
  CatalogueInstance instance(redis_, &clock_);
  EXPECT_EQ(instance.Call(&Stub::ImportCatalogue, Request("gansu-1", "r1"), "").status().code(),
            absl::StatusCode::kUnauthenticated);
}

}  // namespace
}  // namespace fuju::catalogue
