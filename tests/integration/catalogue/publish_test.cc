#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "applications_stream.h"
#include "catalogue_instance.h"
#include "chassis/values/refusal.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/catalogue/v1/catalogue_version_events.pb.h"
#include "support/fact_log.h"
#include "support/violations.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

using Stub = v1::CatalogueService::Stub;

class PublishTest : public testing::Test {
 protected:
  static absl::StatusOr<v1::CatalogueVersion> Import(const CatalogueInstance& instance,
                                                     const v1::ImportCatalogueRequest& request,
                                                     const std::string& actor = "province:p1") {
    return instance.Call(&Stub::ImportCatalogue, request, actor);
  }

  // A county that adds half of what is left to the person, up to so much.
  static v1::ImportCatalogueRequest CountyImport(const std::string& label, const std::string& area,
                                                 const std::string& cap_cny) {
    v1::ImportCatalogueRequest request;
    request.set_version(label);
    request.set_area_code(area);
    request.set_top_ups_csv(absl::StrCat("item_code,ratio,cap_cny,fund_source,basis\n*,0.50,",
                                         cap_cny, ",county,PLACEHOLDER\n"));
    request.set_request_id(absl::StrCat("import-", label));
    return request;
  }

  void AdvanceTo(const std::string& day) {
    clock_.Set(vocabulary::StartOfDay(*vocabulary::ParseCivilDate(day)));
  }

  // Waits until the instance knows the version; it learns of it by its stream.
  static bool Learns(CatalogueInstance& instance, const std::string& label) {
    const absl::Time end = absl::Now() + absl::Seconds(20);
    while (absl::Now() < end) {
      if (instance.watcher().Set()->Find(label) != nullptr) return true;
      std::this_thread::yield();
    }
    return false;
  }

  static std::string LabelFor(CatalogueInstance& instance, const std::string& county) {
    v1::ListItemsRequest request;
    request.set_area_code(county);
    const auto page = instance.Call(&Stub::ListItems, request, "");
    return page.ok() ? page->catalogue_version() : chassis::ReasonOf(page.status());
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_{TestTime()};
};

TEST_F(PublishTest, PutsADraftInForceOnItsDay) {
  CatalogueInstance instance(redis_, &clock_);
  test_support::FactLog log(instance.fanout(), kPartitions);
  ASSERT_TRUE(Import(instance, GansuImport("gansu-1")).ok());
  const auto version = instance.Publish("gansu-1", "2026-03-04", "province:p2");
  ASSERT_TRUE(version.ok()) << version.status();
  EXPECT_EQ(version->state(), v1::CATALOGUE_STATE_PUBLISHED);
  EXPECT_EQ(version->effective_date(), "2026-03-04");
  EXPECT_EQ(version->drafted_by(), "province:p1");
  EXPECT_EQ(version->published_by(), "province:p2");
  const auto events = log.AwaitEvents<v1::CataloguePublished>(1);
  EXPECT_EQ(events[0].subject(), "catalogueVersions/gansu-1");
  EXPECT_EQ(events[0].actor(), "province:p2");

  AdvanceTo("2026-03-03");
  EXPECT_EQ(LabelFor(instance, ""), "CATALOGUE_MISSING");
  AdvanceTo("2026-03-04");
  EXPECT_EQ(LabelFor(instance, ""), "gansu-1") << "nobody had to say so";
}

TEST_F(PublishTest, NeedsAnotherPerson) {
  CatalogueInstance instance(redis_, &clock_);
  ASSERT_TRUE(Import(instance, GansuImport("gansu-1")).ok());
  const absl::Status same = instance.Publish("gansu-1", "2026-03-04", "finance:p1").status();
  EXPECT_EQ(same.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(chassis::ReasonOf(same), "SECOND_PERSON_REQUIRED");
  EXPECT_EQ(chassis::MetadataOf(same, "drafted_by"), "province:p1");
  EXPECT_EQ(chassis::MetadataOf(same, "published_by"), "finance:p1");
  EXPECT_TRUE(instance.Publish("gansu-1", "2026-03-04", "province:p2").ok())
      << "a refusal spends no request id";
  EXPECT_EQ(chassis::ReasonOf(instance.Publish("nothing", "2026-03-04").status()),
            "RESOURCE_NOT_FOUND");
}

TEST_F(PublishTest, LooksForward) {
  CatalogueInstance instance(redis_, &clock_);
  ASSERT_TRUE(Import(instance, GansuImport("gansu-1")).ok());
  ASSERT_TRUE(instance.Publish("gansu-1", "2026-01-01").ok()) << "nothing was in force";
  ASSERT_TRUE(Import(instance, GansuImport("gansu-2")).ok());
  const absl::Status passed = instance.Publish("gansu-2", "2026-03-01").status();
  EXPECT_EQ(chassis::ReasonOf(passed), "EFFECTIVE_DATE_PASSED");
  EXPECT_EQ(chassis::MetadataOf(passed, "today"), "2026-03-02");
  EXPECT_TRUE(instance.Publish("gansu-2", "2026-03-02").ok());
  EXPECT_EQ(LabelFor(instance, ""), "gansu-2");
}

TEST_F(PublishTest, NeverChangesWhatIsPublished) {
  CatalogueInstance instance(redis_, &clock_);
  instance.ImportGansu("gansu-1");
  v1::PublishCatalogueRequest again;
  again.set_name("catalogueVersions/gansu-1");
  again.set_effective_date("2026-04-01");
  again.set_request_id("again");
  EXPECT_EQ(
      chassis::ReasonOf(instance.Call(&Stub::PublishCatalogue, again, "province:p3").status()),
      "STATE_FORBIDS");
  v1::DiscardCatalogueRequest discard;
  discard.set_name("catalogueVersions/gansu-1");
  discard.set_request_id("discard");
  EXPECT_EQ(chassis::ReasonOf(instance.Call(&Stub::DiscardCatalogue, discard).status()),
            "STATE_FORBIDS");
}

TEST_F(PublishTest, DiscardsADraft) {
  CatalogueInstance instance(redis_, &clock_);
  test_support::FactLog log(instance.fanout(), kPartitions);
  ASSERT_TRUE(Import(instance, GansuImport("gansu-1")).ok());
  v1::DiscardCatalogueRequest discard;
  discard.set_name("catalogueVersions/gansu-1");
  discard.set_request_id("discard");
  const auto version = instance.Call(&Stub::DiscardCatalogue, discard, "province:p1");
  ASSERT_TRUE(version.ok()) << version.status();
  EXPECT_EQ(version->state(), v1::CATALOGUE_STATE_DISCARDED);
  EXPECT_EQ(log.Await<v1::CatalogueDiscarded>(1)[0].discarded_by(), "province:p1");
  EXPECT_EQ(chassis::ReasonOf(instance.Publish("gansu-1", "2026-03-04").status()), "STATE_FORBIDS");
}

TEST_F(PublishTest, GivesACountyItsOwnOverTheProvinces) {
  CatalogueInstance instance(redis_, &clock_);
  EXPECT_EQ(
      chassis::ReasonOf(Import(instance, CountyImport("chengguan-1", "620102", "200")).status()),
      "CATALOGUE_MISSING");
  instance.ImportGansu("gansu-1");
  ASSERT_TRUE(Import(instance, CountyImport("chengguan-1", "620102", "200"), "county:c1").ok());
  ASSERT_TRUE(instance.Publish("chengguan-1", "2026-03-03", "county:c2").ok());
  EXPECT_EQ(LabelFor(instance, "620102"), "gansu-1") << "from tomorrow on";
  AdvanceTo("2026-03-03");
  EXPECT_EQ(LabelFor(instance, "620102"), "gansu-1+chengguan-1");
  EXPECT_EQ(LabelFor(instance, "620103"), "gansu-1");
  EXPECT_EQ(LabelFor(instance, "620100"), "gansu-1");
  const auto catalogue = instance.watcher().For("620102", absl::CivilDay(2026, 3, 3));
  ASSERT_EQ(catalogue->TopUpsFor("M01").size(), 1u);
  EXPECT_EQ(catalogue->TopUpsFor("M01")[0]->cap_fen(), 20000);
  EXPECT_EQ(catalogue->TopUpsFor("M01")[0]->area_code(), "620102");

  // What decides in the county names both.
  v1::QuoteSubsidyRequest quote;
  *quote.mutable_input() = WheelchairQuote();
  EXPECT_EQ(instance.Call(&Stub::QuoteSubsidy, quote, "")->catalogue_version(),
            "gansu-1+chengguan-1");
}

// A county's draft of yesterday refers to an item that the province's version of tomorrow has not.
TEST_F(PublishTest, ChecksAgainstWhatWillBeAbove) {
  CatalogueInstance instance(redis_, &clock_);
  instance.ImportGansu("gansu-1");
  v1::ImportCatalogueRequest county = CountyImport("chengguan-1", "620102", "200");
  county.set_top_ups_csv("item_code,ratio,cap_cny,fund_source,basis\nD02,1,9,county,PLACEHOLDER\n");
  ASSERT_TRUE(Import(instance, county).ok());
  v1::ImportCatalogueRequest next = GansuImport("gansu-2");
  next.set_csv(next.csv().substr(0, next.csv().find("D02,")));
  ASSERT_TRUE(Import(instance, next).ok());
  ASSERT_TRUE(instance.Publish("gansu-2", "2026-04-01").ok());

  const absl::Status refused = instance.Publish("chengguan-1", "2026-04-01").status();
  EXPECT_EQ(chassis::ReasonOf(refused), "CATALOGUE_INVALID");
  EXPECT_EQ(test_support::PathsOf(refused), "topUps[0].itemCode");
  EXPECT_TRUE(instance.Publish("chengguan-1", "2026-03-31").ok());
}

// The policy of the version decides: mode and ratios are no settings of the service.
TEST_F(PublishTest, DecidesByThePolicyOfTheVersion) {
  CatalogueInstance instance(redis_, &clock_);
  instance.ImportGansu("gansu-1");
  v1::QuoteSubsidyRequest quote;
  *quote.mutable_input() = WheelchairQuote();
  quote.mutable_input()->set_economic_status(type::v1::ECONOMIC_STATUS_YB);
  quote.mutable_input()->set_quote_fen(80000);
  EXPECT_EQ(instance.Call(&Stub::QuoteSubsidy, quote, "")->subsidy_fen(), 40000);

  clock_.Advance(absl::Minutes(1));
  v1::ImportCatalogueRequest other = GansuImport("gansu-2");
  other.set_policy_json(
      R"({"mode": "SUBSIDY_MODE_RATIO_OF_CAP", "ffpRatioBp": 0, "fundOrder": ["FUND_SOURCE_COUNTY"],
          "sharedAllowances": [{"shareGroup": "child-posture-mobility", "capFen": 1},
                               {"shareGroup": "child-prosthesis-orthosis", "capFen": 1}]})");
  ASSERT_TRUE(Import(instance, other).ok()) << Import(instance, other).status();
  ASSERT_TRUE(instance.Publish("gansu-2", "2026-03-02").ok());
  EXPECT_EQ(instance.Call(&Stub::QuoteSubsidy, quote, "")->subsidy_fen(), 60000);
  quote.mutable_input()->set_economic_status(type::v1::ECONOMIC_STATUS_FFP);
  EXPECT_FALSE(instance.Call(&Stub::QuoteSubsidy, quote, "")->eligible());
}

// A submitted application is decided by its county's catalogue of the day.
TEST_F(PublishTest, DecidesApplicationsByTheirCounty) {
  CatalogueInstance instance(redis_, &clock_);
  instance.ImportGansu("gansu-1");
  ASSERT_TRUE(Import(instance, CountyImport("chengguan-1", "620102", "200")).ok());
  ASSERT_TRUE(instance.Publish("chengguan-1", "2026-03-02").ok());
  ASSERT_TRUE(instance.Allocate("620102", 1000000, "a1").ok());
  test_support::FactLog log(instance.fanout(), kPartitions);
  ApplicationsStream stream(&redis_);
  stream.Publish(ApplicationsStream::Submitted("620102-01HZX3M9Q2V7N8K4T6R5W1Y0AA"));
  EXPECT_EQ(log.Await<v1::SubsidyReserved>(1)[0].grant().decision().catalogue_version(),
            "gansu-1+chengguan-1");
}

TEST_F(PublishTest, ReachesEveryInstance) {
  CatalogueInstance a(redis_, &clock_, "a");
  CatalogueInstance b(redis_, &clock_, "b");
  CatalogueInstance c(redis_, &clock_, "c");
  a.ImportGansu("gansu-1");
  EXPECT_TRUE(Learns(b, "gansu-1"));
  EXPECT_TRUE(Learns(c, "gansu-1"));
  ASSERT_TRUE(Import(c, CountyImport("chengguan-1", "620102", "200")).ok());
  ASSERT_TRUE(b.Publish("chengguan-1", "2026-03-02").ok());
  EXPECT_TRUE(Learns(a, "chengguan-1"));
  EXPECT_TRUE(Learns(c, "chengguan-1"));
  for (CatalogueInstance* instance : {&a, &b, &c}) {
    EXPECT_EQ(LabelFor(*instance, "620102"), "gansu-1+chengguan-1");
  }
  clock_.Advance(absl::Minutes(1));
  c.ImportGansu("gansu-2");
  EXPECT_TRUE(Learns(a, "gansu-2"));
  CatalogueInstance late(redis_, &clock_, "late");
  EXPECT_EQ(LabelFor(late, "620102"), "gansu-2+chengguan-1") << "loaded at the start";
  EXPECT_TRUE(late.watcher().Set()->ByLabel("gansu-1+chengguan-1").ok()) << "and what was before";
}

// More versions than are read at once.
TEST_F(PublishTest, AreAllReadAtAStart) {
  CatalogueInstance instance(redis_, &clock_);
  instance.ImportGansu("gansu-1");
  for (int i = 0; i < 45; ++i) {
    const std::string label = absl::StrCat("chengguan-", i);
    ASSERT_TRUE(Import(instance, CountyImport(label, "620102", "200")).ok());
    ASSERT_TRUE(instance.Publish(label, "2026-03-02").ok());
  }
  CatalogueInstance late(redis_, &clock_, "late");
  EXPECT_EQ(late.watcher().Set()->versions().size(), 46u);
}

// Redis and the process die between import and publication: the draft is there, and only a draft.
TEST_F(PublishTest, GoesOnAfterAKillBetweenImportAndPublication) {
  {
    CatalogueInstance instance(redis_, &clock_);
    ASSERT_TRUE(Import(instance, GansuImport("gansu-1")).ok());
    redis_.Kill();
    EXPECT_EQ(instance.Publish("gansu-1", "2026-03-02").status().code(),
              absl::StatusCode::kUnavailable);
  }
  redis_.Restart();
  CatalogueInstance instance(redis_, &clock_, "after");
  EXPECT_EQ(LabelFor(instance, ""), "CATALOGUE_MISSING");
  EXPECT_EQ(chassis::ReasonOf(instance.Publish("gansu-1", "2026-03-02", "province:p1").status()),
            "SECOND_PERSON_REQUIRED")
      << "who imported it is still known";
  ASSERT_TRUE(instance.Publish("gansu-1", "2026-03-02").ok());
  EXPECT_EQ(LabelFor(instance, ""), "gansu-1");
  EXPECT_TRUE(instance.Publish("gansu-1", "2026-03-02").ok()) << "a repeat gets its answer";
}

}  // namespace
}  // namespace fuju::catalogue
