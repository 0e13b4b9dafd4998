#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

#include "catalogue/versions/catalogue.h"
#include "catalogue/versions/version_record.h"

namespace fuju::catalogue {

// All published versions of a province, and the catalogue of each area on each day that follows
// from them. The catalogues are made once, when the set is made, and share the rows of their
// versions; looking one up makes nothing. Immutable, so safe to share between threads.
class CatalogueSet {
 public:
  CatalogueSet() = default;
  // Versions that were read (ReadRecord), in any order, each label once; those that are not
  // published are left out.
  explicit CatalogueSet(std::vector<SharedRecord> records);

  // The catalogue of a county, prefecture or the province (empty: the province) on a day. An area
  // without a version has that of the area above. Null if the province has none in force on that
  // day: nothing decides without it.
  std::shared_ptr<const Catalogue> For(absl::string_view area, absl::CivilDay date) const;

  // What an area inherits on a day: the catalogue of the area above it. Null for the province, and
  // as For.
  std::shared_ptr<const Catalogue> Above(absl::string_view area, absl::CivilDay date) const;

  // The catalogue that a label names (Catalogue::label), whatever is in force today; made anew if
  // it never was in force. NOT_FOUND, naming the version, if one of them is unknown or not of an
  // area within that of the one before.
  absl::StatusOr<std::shared_ptr<const Catalogue>> ByLabel(absl::string_view label) const;

  // The set as it would be if the version, a draft or any other, had been published last, with
  // this effective date.
  CatalogueSet With(const storage::v1::CatalogueRecord& record, absl::CivilDay effective) const;

  // Null if no such version is published.
  SharedRecord Find(absl::string_view version) const;

  // PUBLISHED becomes SUPERSEDED by the date; any other state stays. `version` was read.
  v1::CatalogueState StateOn(const v1::CatalogueVersion& version, absl::CivilDay date) const;

  // Published versions, by area and the order in which they come into force.
  const std::vector<SharedRecord>& versions() const { return versions_; }

 private:
  // A catalogue and the first day on which it is that of its area.
  struct Period {
    absl::CivilDay from;
    std::shared_ptr<const Catalogue> catalogue;
  };
  using Timeline = std::vector<Period>;

  std::vector<SharedRecord> VersionsOf(absl::string_view area) const;
  const Timeline* TimelineOf(absl::string_view area) const;
  Timeline MakeTimeline(const std::string& area);

  std::vector<SharedRecord> versions_;
  absl::flat_hash_map<std::string, SharedRecord> by_version_;
  // Of areas that have versions of their own.
  absl::flat_hash_map<std::string, Timeline> timelines_;
  // Of all timelines, by label.
  absl::flat_hash_map<std::string, std::shared_ptr<const Catalogue>> by_label_;
  // Empty if the province has no version.
  std::string province_;
};

}  // namespace fuju::catalogue
