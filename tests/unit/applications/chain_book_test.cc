#include "applications/chain_book.h"

#include <functional>

#include "absl/algorithm/container.h"
#include "absl/strings/str_split.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "unit/applications/shipped_chains.h"

namespace fuju::applications {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Regions;
using testing::ShippedChainFiles;
using ::testing::StartsWith;

using Files = std::vector<ChainFile>;

std::string& TextOfFile(Files& files, absl::string_view name) {
  return absl::c_find_if(files, [&](const ChainFile& file) { return file.name == name; })->text;
}

std::vector<std::string> ProblemsOf(const Files& files) {
  const absl::StatusOr<ChainBook> book = ChainBook::Parse(files, Regions(), {});
  if (book.ok()) return {};
  EXPECT_EQ(book.status().code(), absl::StatusCode::kInvalidArgument);
  return absl::StrSplit(std::string(book.status().message()), '\n');
}

TEST(ChainBookTest, ReadsWhatIsShipped) {
  const absl::StatusOr<ChainBook> book = ChainBook::Parse(ShippedChainFiles(), Regions(), {});
  ASSERT_TRUE(book.ok()) << book.status();
  EXPECT_EQ(book->size(), ShippedChainFiles().size() - 1);
  for (const char* county : {"620102", "620171", "620201", "623021"}) {
    EXPECT_EQ(book->ChainFor(county).id, "short") << county;
  }
  const absl::StatusOr<const Chain*> full = book->Find("full", 1);
  ASSERT_TRUE(full.ok()) << full.status();
  EXPECT_EQ((*full)->stages.size(), 6u);
  EXPECT_TRUE((*full)->HasNotice());
  EXPECT_EQ((*full)->Find("price"), 3u);
  EXPECT_FALSE((*full)->Find("visit").has_value());
}

// Every shipped file says where it comes from.
TEST(ChainBookTest, EveryShippedChainCitesItsSource) {
  for (const ChainFile& file : ShippedChainFiles()) {
    if (file.name == "areas.json") continue;
    EXPECT_TRUE(
        absl::c_any_of(testing::ShippedChain(file.name).sources(),
                       [](const std::string& source) { return absl::c_count(source, '/') >= 1; }))
        << file.name;
  }
}

TEST(ChainBookTest, TheSmallestAreaCounts) {
  Files files = ShippedChainFiles();
  TextOfFile(files, "areas.json") = R"({"areas": [
      {"areaCode": "620000", "chain": "short", "version": 1},
      {"areaCode": "620100", "chain": "hubei-2025", "version": 1},
      {"areaCode": "620102", "chain": "full", "version": 1, "objectionPhone": "0931-8888888"}]})";
  const absl::StatusOr<ChainBook> book = ChainBook::Parse(files, Regions(), {});
  ASSERT_TRUE(book.ok()) << book.status();
  EXPECT_EQ(book->ChainFor("620102").id, "full");
  EXPECT_EQ(book->ObjectionPhone("620102"), "0931-8888888");
  EXPECT_EQ(book->ChainFor("620103").id, "hubei-2025");
  EXPECT_EQ(book->ChainFor("620201").id, "short");
  EXPECT_EQ(book->ObjectionPhone("620201"), "");
}

TEST(ChainBookTest, AFlagFillsTheLimitThatAChainLeavesOpen) {
  Limits limits;
  limits.review = Limit::Time(absl::Seconds(30));
  limits.supplement = Limit::Time(absl::Seconds(6));
  const absl::StatusOr<ChainBook> book = ChainBook::Parse(ShippedChainFiles(), Regions(), limits);
  ASSERT_TRUE(book.ok()) << book.status();
  EXPECT_EQ(book->ChainFor("620102").stages[0].limit, limits.review);
  EXPECT_EQ(book->ChainFor("620102").supplement, limits.supplement);
  EXPECT_EQ((*book->Find("full", 1))->stages[0].limit, Limit::WorkingDays(2));
}

TEST(ChainBookTest, SaysWhichFileARunningCaseLacks) {
  const absl::StatusOr<ChainBook> book = ChainBook::Parse(ShippedChainFiles(), Regions(), {});
  ASSERT_TRUE(book.ok()) << book.status();
  const absl::Status status = book->Find("short", 7).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(chassis::ReasonOf(status), "CHAIN_MISSING");
  EXPECT_EQ(chassis::MetadataOf(status, "chain"), "short.v7.json");
}

struct BrokenFolder {
  const char* name;
  std::function<void(Files&)> damage;
  // How the one line of complaint begins, and a word of it.
  const char* begins;
  const char* word;
};

const BrokenFolder kBroken[] = {
    {"NoAreas",
     [](Files& files) {
       std::erase_if(files, [](const ChainFile& file) { return file.name == "areas.json"; });
     },
     "areas.json: ", "is missing"},
    {"AreasAreNoJson",
     [](Files& files) {
       TextOfFile(files, "areas.json").pop_back();
       TextOfFile(files, "areas.json").pop_back();
     },
     "areas.json: is no JSON", ""},
    {"NoProvince",
     [](Files& files) {
       TextOfFile(files, "areas.json") =
           R"({"areas": [{"areaCode": "620100", "chain": "short", "version": 1}]})";
     },
     "areas.json: areas: ", "province"},
    {"AreaTwice",
     [](Files& files) {
       TextOfFile(files, "areas.json") =
           R"({"areas": [{"areaCode": "620000", "chain": "short", "version": 1},
                         {"areaCode": "620000", "chain": "hubei-2025", "version": 1}]})";
     },
     "areas.json: areas[1].areaCode: ", "has a chain already"},
    {"UnknownArea",
     [](Files& files) {
       TextOfFile(files, "areas.json") =
           R"({"areas": [{"areaCode": "620000", "chain": "short", "version": 1},
                         {"areaCode": "629999", "chain": "short", "version": 1}]})";
     },
     "areas.json: areas[1].areaCode: ", "no area of divisions.csv"},
    {"UnknownVersion",
     [](Files& files) {
       TextOfFile(files, "areas.json") =
           R"({"areas": [{"areaCode": "620000", "chain": "short", "version": 2}]})";
     },
     "areas.json: areas[0].chain: ", "short.v2.json"},
    {"NoticeWithoutAPhone",
     [](Files& files) {
       TextOfFile(files, "areas.json") =
           R"({"areas": [{"areaCode": "620000", "chain": "full", "version": 1}]})";
     },
     "areas.json: areas[0].objectionPhone: ", "whom to call"},
    {"FileOfAnotherName",
     [](Files& files) {
       files.push_back({"extra.json", TextOfFile(files, "hubei-2025.v1.json")});
     },
     "extra.json: should be called hubei-2025.v1.json", ""},
    {"ChainIsNoJson",
     [](Files& files) {
       files.push_back({"next.v1.json", "{"});
     },
     "next.v1.json: is no JSON", ""},
    {"UnknownField",
     [](Files& files) {
       std::string& text = TextOfFile(files, "hubei-2025.v1.json");
       text.insert(text.find("\"version\""), "\"versoin\": 2,");
     },
     "hubei-2025.v1.json: versoin: ", "version"},
};

class EveryBrokenFolder : public ::testing::TestWithParam<BrokenFolder> {};

TEST_P(EveryBrokenFolder, IsToldInOneLine) {
  Files files = ShippedChainFiles();
  GetParam().damage(files);
  EXPECT_THAT(ProblemsOf(files), ElementsAre(::testing::AllOf(StartsWith(GetParam().begins),
                                                              HasSubstr(GetParam().word))));
}

INSTANTIATE_TEST_SUITE_P(Folders, EveryBrokenFolder, ::testing::ValuesIn(kBroken),
                         [](const auto& test) { return std::string(test.param.name); });

// All files at once; and an area whose chain is broken hears of it too.
TEST(ChainBookTest, NamesTheProblemsOfEveryFile) {
  Files files = ShippedChainFiles();
  std::string& full = TextOfFile(files, "full.v1.json");
  full.replace(full.find("\"7wd\""), 5, "\"7\"");
  std::string& brief = TextOfFile(files, "short.v1.json");
  brief.replace(brief.find("county_reviewer"), 15, "county_viewer");
  EXPECT_THAT(ProblemsOf(files), ElementsAre(StartsWith("full.v1.json: stages[2].limit: "),
                                             StartsWith("short.v1.json: stages[0].roles[0]: "),
                                             StartsWith("areas.json: areas[0].chain: ")));
}

}  // namespace
}  // namespace fuju::applications
