#include "catalogue/versions/catalogue_set.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_split.h"

#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "vocabulary/civil_date.h"
#include "vocabulary/region.h"

namespace fuju::catalogue {
namespace {

using vocabulary::RegionCode;

// The area and those above it, from the province down; nothing for what is no code.
std::vector<std::string> LevelsOf(absl::string_view area) {
  const absl::StatusOr<RegionCode> code = RegionCode::Parse(area);
  if (!code.ok()) return {};
  std::vector<std::string> levels = {code->Province().digits()};
  if (code->IsProvince()) return levels;
  levels.push_back(code->Prefecture().digits());
  if (!code->IsPrefecture()) levels.push_back(code->digits());
  return levels;
}

bool IsWithin(const std::string& area, const std::string& other) {
  const std::vector<std::string> levels = LevelsOf(area);
  return area != other && absl::c_linear_search(levels, other);
}

}  // namespace

CatalogueSet::CatalogueSet(std::vector<SharedRecord> records) : versions_(std::move(records)) {
  versions_.erase(std::remove_if(versions_.begin(), versions_.end(),
                                 [](const SharedRecord& record) {
                                   return record->version().state() !=
                                          v1::CATALOGUE_STATE_PUBLISHED;
                                 }),
                  versions_.end());
  absl::c_sort(versions_, [](const SharedRecord& a, const SharedRecord& b) {
    if (a->version().area_code() != b->version().area_code()) {
      return a->version().area_code() < b->version().area_code();
    }
    return Supersedes(b->version(), a->version());
  });
  std::set<std::string> areas;
  for (const SharedRecord& record : versions_) {
    by_version_.emplace(record->version().version(), record);
    areas.insert(record->version().area_code());
    const auto code = RegionCode::Parse(record->version().area_code());
    if (code.ok() && code->IsProvince()) province_ = code->digits();
  }
  for (const std::string& area : areas) {
    Timeline timeline = MakeTimeline(area);
    timelines_.emplace(area, std::move(timeline));
  }
}

std::vector<SharedRecord> CatalogueSet::VersionsOf(absl::string_view area) const {
  std::vector<SharedRecord> versions;
  for (const SharedRecord& record : versions_) {
    if (record->version().area_code() == area) versions.push_back(record);
  }
  return versions;
}

CatalogueSet::Timeline CatalogueSet::MakeTimeline(const std::string& area) {
  std::vector<std::vector<SharedRecord>> levels;
  std::set<absl::CivilDay> days;
  for (const std::string& level : LevelsOf(area)) {
    levels.push_back(VersionsOf(level));
    for (const SharedRecord& record : levels.back()) days.insert(EffectiveDay(record->version()));
  }
  Timeline timeline;
  for (const absl::CivilDay day : days) {
    std::vector<SharedRecord> chain;
    for (size_t i = 0; i < levels.size(); ++i) {
      // By the order of versions_, the last one that is effective counts.
      SharedRecord in_force;
      for (const SharedRecord& record : levels[i]) {
        if (EffectiveDay(record->version()) <= day) in_force = record;
      }
      if (in_force != nullptr) chain.push_back(std::move(in_force));
      if (i == 0 && chain.empty()) break;
    }
    if (chain.empty()) continue;
    std::shared_ptr<const Catalogue>& catalogue = by_label_[ChainLabel(chain)];
    if (catalogue == nullptr) catalogue = std::make_shared<const Catalogue>(std::move(chain));
    timeline.push_back({day, catalogue});
  }
  return timeline;
}

const CatalogueSet::Timeline* CatalogueSet::TimelineOf(absl::string_view area) const {
  if (province_.empty()) return nullptr;
  if (area.size() == province_.size()) {
    if (area.substr(0, 2) != absl::string_view(province_).substr(0, 2)) return nullptr;
    if (const auto own = timelines_.find(area); own != timelines_.end()) return &own->second;
    char prefecture[] = {area[0], area[1], area[2], area[3], '0', '0'};
    const auto above = timelines_.find(absl::string_view(prefecture, sizeof(prefecture)));
    if (above != timelines_.end()) return &above->second;
  }
  return &timelines_.find(province_)->second;
}

std::shared_ptr<const Catalogue> CatalogueSet::For(absl::string_view area,
                                                   absl::CivilDay date) const {
  const Timeline* timeline = TimelineOf(area);
  if (timeline == nullptr) return nullptr;
  const auto behind =
      std::upper_bound(timeline->begin(), timeline->end(), date,
                       [](absl::CivilDay day, const Period& period) { return day < period.from; });
  return behind == timeline->begin() ? nullptr : std::prev(behind)->catalogue;
}

std::shared_ptr<const Catalogue> CatalogueSet::Above(absl::string_view area,
                                                     absl::CivilDay date) const {
  const std::vector<std::string> levels = LevelsOf(area);
  return levels.size() < 2 ? nullptr : For(levels[levels.size() - 2], date);
}

absl::StatusOr<std::shared_ptr<const Catalogue>> CatalogueSet::ByLabel(
    absl::string_view label) const {
  if (const auto made = by_label_.find(label); made != by_label_.end()) return made->second;
  std::vector<SharedRecord> chain;
  for (const absl::string_view version : absl::StrSplit(label, kChainSeparator)) {
    const SharedRecord record = Find(version);
    const std::string name = CatalogueVersionName(version);
    if (record == nullptr) return chassis::NotFound(name);
    const bool fits = chain.empty() ? record->version().area_code() == province_
                                    : IsWithin(record->version().area_code(),
                                               chain.back()->version().area_code());
    if (!fits) return chassis::NotFound(name);
    chain.push_back(record);
  }
  return std::make_shared<const Catalogue>(std::move(chain));
}

CatalogueSet CatalogueSet::With(const storage::v1::CatalogueRecord& record,
                                absl::CivilDay effective) const {
  storage::v1::CatalogueRecord published = record;
  v1::CatalogueVersion& version = *published.mutable_version();
  version.set_state(v1::CATALOGUE_STATE_PUBLISHED);
  version.set_effective_date(vocabulary::FormatCivilDate(effective));
  *version.mutable_publish_time() =
      chassis::ToTimestamp(vocabulary::StartOfDay(absl::CivilDay(9999, 12, 31)));
  std::vector<SharedRecord> records;
  for (const SharedRecord& other : versions_) {
    if (other->version().version() != version.version()) records.push_back(other);
  }
  records.push_back(ReadRecord(std::move(published), province_));
  return CatalogueSet(std::move(records));
}

SharedRecord CatalogueSet::Find(absl::string_view version) const {
  const auto found = by_version_.find(version);
  return found == by_version_.end() ? nullptr : found->second;
}

v1::CatalogueState CatalogueSet::StateOn(const v1::CatalogueVersion& version,
                                         absl::CivilDay date) const {
  if (version.state() != v1::CATALOGUE_STATE_PUBLISHED) return version.state();
  const bool superseded = absl::c_any_of(versions_, [&](const SharedRecord& record) {
    const v1::CatalogueVersion& other = record->version();
    return other.area_code() == version.area_code() && EffectiveDay(other) <= date &&
           Supersedes(other, version);
  });
  return superseded ? v1::CATALOGUE_STATE_SUPERSEDED : v1::CATALOGUE_STATE_PUBLISHED;
}

}  // namespace fuju::catalogue
