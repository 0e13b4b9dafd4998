#include "applications/chain_book.h"

#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "applications/chain_check.h"
#include "chassis/values/refusal.h"

namespace fuju::applications {
namespace {

constexpr absl::string_view kAreasFile = "areas.json";

std::string FileNameOf(absl::string_view id, int version) {
  return absl::StrCat(id, ".v", version, ".json");
}

// The province of a code is its first two digits.
bool IsProvince(const std::string& code) { return code.size() == 6 && code.substr(2) == "0000"; }

// Text that is no JSON says nothing that could be checked further.
bool IsNoJson(const std::vector<ConfigProblem>& problems) {
  return problems.size() == 1 && problems[0].place.empty();
}

// Problems of all files, a line each.
class Complaints {
 public:
  void Add(const std::string& file, const ConfigProblem& problem) {
    lines_.push_back(problem.place.empty()
                         ? absl::StrCat(file, ": ", problem.text)
                         : absl::StrCat(file, ": ", problem.place, ": ", problem.text));
  }
  void Add(const std::string& file, const std::vector<ConfigProblem>& problems) {
    for (const ConfigProblem& problem : problems) Add(file, problem);
  }
  absl::Status ToStatus() const {
    if (lines_.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrJoin(lines_, "\n"));
  }

 private:
  std::vector<std::string> lines_;
};

std::vector<ConfigProblem> CheckArea(const v1::AreaChain& area, const std::string& place,
                                     const Chain* chain, const vocabulary::RegionTable& regions) {
  std::vector<ConfigProblem> problems;
  const auto code = vocabulary::RegionCode::Parse(area.area_code());
  if (!code.ok() || regions.Find(*code) == nullptr) {
    problems.push_back({absl::StrCat(place, ".areaCode"),
                        absl::StrCat("'", area.area_code(), "' is no area of divisions.csv")});
  }
  if (chain == nullptr) {
    problems.push_back({absl::StrCat(place, ".chain"),
                        absl::StrCat("there is no right ", FileNameOf(area.chain(), area.version()),
                                     ": add it, or name another chain and version")});
  } else if (chain->HasNotice() && area.objection_phone().empty()) {
    problems.push_back({absl::StrCat(place, ".objectionPhone"),
                        absl::StrCat("is missing: ", area.chain(),
                                     " has a public notice, and people must know whom to call")});
  }
  return problems;
}

}  // namespace

absl::StatusOr<ChainBook> ChainBook::Parse(absl::Span<const ChainFile> files,
                                           const vocabulary::RegionTable& regions,
                                           const Limits& defaults) {
  ChainBook book;
  Complaints complaints;
  std::optional<v1::AreaChains> areas;
  bool areas_readable = true;
  for (const ChainFile& file : files) {
    if (file.name == kAreasFile) {
      const std::vector<ConfigProblem> problems = ReadConfigJson(file.text, areas.emplace());
      areas_readable = !IsNoJson(problems);
      complaints.Add(file.name, problems);
      continue;
    }
    v1::Chain config;
    std::vector<ConfigProblem> problems = ReadConfigJson(file.text, config);
    if (!IsNoJson(problems)) {
      const std::vector<ConfigProblem> more = CheckChain(config, defaults);
      problems.insert(problems.end(), more.begin(), more.end());
      if (file.name != FileNameOf(config.id(), config.version())) {
        problems.push_back(
            {"", absl::StrCat("should be called ", FileNameOf(config.id(), config.version()),
                              " by the id and version in it")});
      }
    }
    complaints.Add(file.name, problems);
    if (!problems.empty()) continue;
    if (!book.chains_
             .emplace(std::pair(config.id(), config.version()), Chain::Read(config, defaults))
             .second) {
      complaints.Add(file.name, ConfigProblem{"", "is there twice"});
    }
  }
  if (!areas.has_value()) {
    complaints.Add(std::string(kAreasFile),
                   ConfigProblem{"", "is missing: it says which area has which chain"});
    return complaints.ToStatus();
  }
  bool province = false;
  for (int i = 0; i < areas->areas_size(); ++i) {
    const v1::AreaChain& area = areas->areas(i);
    const std::string place = absl::StrCat("areas[", i, "]");
    const auto chain = book.chains_.find({area.chain(), area.version()});
    complaints.Add(
        std::string(kAreasFile),
        CheckArea(area, place, chain == book.chains_.end() ? nullptr : &chain->second, regions));
    if (!book.areas_.emplace(area.area_code(), area).second) {
      complaints.Add(std::string(kAreasFile),
                     ConfigProblem{absl::StrCat(place, ".areaCode"),
                                   absl::StrCat(area.area_code(), " has a chain already")});
    }
    province = province || IsProvince(area.area_code());
  }
  if (!province && areas_readable) {
    complaints.Add(
        std::string(kAreasFile),
        ConfigProblem{"areas",
                      "lack the province: a county that is not named would have no chain"});
  }
  if (absl::Status s = complaints.ToStatus(); !s.ok()) return s;
  return book;
}

const v1::AreaChain& ChainBook::AreaOf(absl::string_view county_code) const {
  for (const std::string& code :
       {std::string(county_code), absl::StrCat(county_code.substr(0, 4), "00")}) {
    const auto area = areas_.find(code);
    if (area != areas_.end()) return area->second;
  }
  const auto province = areas_.find(absl::StrCat(county_code.substr(0, 2), "0000"));
  // Codes of other provinces are refused before; the first area is the province or lies in it.
  return province != areas_.end() ? province->second : areas_.begin()->second;
}

const Chain& ChainBook::ChainFor(absl::string_view county_code) const {
  const v1::AreaChain& area = AreaOf(county_code);
  return chains_.at({area.chain(), area.version()});
}

absl::StatusOr<const Chain*> ChainBook::Find(absl::string_view id, int version) const {
  const auto chain = chains_.find({std::string(id), version});
  if (chain != chains_.end()) return &chain->second;
  const std::string file = FileNameOf(id, version);
  return chassis::Refusal(absl::StatusCode::kFailedPrecondition, "CHAIN_MISSING",
                          absl::StrCat("审批流程", file, "未加载，请运维人员恢复该文件"),
                          absl::StrCat("the case runs by ", file,
                                       ", which is not loaded: an operator has to put it back"))
      .With("chain", file)
      .Build();
}

std::vector<const Chain*> ChainBook::All() const {
  std::vector<const Chain*> all;
  all.reserve(chains_.size());
  for (const auto& [key, chain] : chains_) all.push_back(&chain);
  return all;
}

const std::string& ChainBook::ObjectionPhone(absl::string_view county_code) const {
  return AreaOf(county_code).objection_phone();
}

}  // namespace fuju::applications
