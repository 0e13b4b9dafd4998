#include "unit/applications/shipped_chains.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include "applications/config_json.h"

namespace fuju::applications::testing {
namespace {

constexpr char kFolder[] = "deploy/data/gansu/";

}  // namespace

std::string GansuText(const std::string& name) {
  std::ifstream file(absl::StrCat(kFolder, name));
  if (!file) ADD_FAILURE() << "can not read " << name;
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

const vocabulary::RegionTable& Regions() {
  static const auto* const kRegions = new vocabulary::RegionTable(*vocabulary::RegionTable::Parse(
      GansuText("divisions.csv"), GansuText("organisations_extra.csv")));
  return *kRegions;
}

std::vector<ChainFile> ShippedChainFiles() {
  std::vector<ChainFile> files;
  for (const auto& entry : std::filesystem::directory_iterator(absl::StrCat(kFolder, "chains"))) {
    const std::string name = entry.path().filename().string();
    files.push_back({name, GansuText(absl::StrCat("chains/", name))});
  }
  std::sort(files.begin(), files.end(),
            [](const ChainFile& a, const ChainFile& b) { return a.name < b.name; });
  return files;
}

v1::Chain ShippedChain(const std::string& file) {
  v1::Chain chain;
  const std::vector<ConfigProblem> problems =
      ReadConfigJson(GansuText(absl::StrCat("chains/", file)), chain);
  for (const ConfigProblem& problem : problems) {
    ADD_FAILURE() << file << ": " << problem.place << ": " << problem.text;
  }
  return chain;
}

ChainBook BookWith(const v1::Chain& chain, const Limits& defaults) {
  std::vector<ChainFile> files = ShippedChainFiles();
  std::erase_if(files, [](const ChainFile& file) { return file.name == "areas.json"; });
  const std::string name = absl::StrCat(chain.id(), ".v", chain.version(), ".json");
  std::erase_if(files, [&](const ChainFile& file) { return file.name == name; });
  std::string text;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(chain, &text).ok());
  files.push_back({name, text});
  files.push_back({"areas.json", absl::StrCat(R"({"areas":[{"areaCode":"620000","chain":")",
                                              chain.id(), R"(","version":)", chain.version(),
                                              R"(,"objectionPhone":"0931-8888888"}]})")});
  absl::StatusOr<ChainBook> book = ChainBook::Parse(files, Regions(), defaults);
  if (!book.ok()) ADD_FAILURE() << book.status();
  return *std::move(book);
}

}  // namespace fuju::applications::testing
