#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "chassis/values/decision.h"
#include "fuju/catalogue/storage/v1/catalogue_records.pb.h"
#include "fuju/catalogue/v1/catalogue.pb.h"
#include "fuju/catalogue/v1/catalogue_document.pb.h"

namespace fuju::catalogue {

// A version of the catalogue of an area is one aggregate. Its id is its label, which is used once.
//
//   (none) ── imported ──▶ DRAFT ── published, by another person ──▶ PUBLISHED
//                            └───── discarded ─────▶ DISCARDED
//
// Nothing leaves PUBLISHED: that it is superseded follows from dates (CatalogueSet). All versions
// lie in one partition, so that one stream tells of a new one. Pure.

// Route of every version.
inline constexpr absl::string_view kCatalogueRoute = "catalogue";
// Published versions by the time of their publication.
inline constexpr absl::string_view kCatalogueIndex = "catalogue_versions";
// Drafts and discarded ones by the time of their import.
inline constexpr absl::string_view kDraftIndex = "catalogue_drafts";

using VersionDecision = chassis::Decision<storage::v1::CatalogueRecord>;
using CurrentVersion = chassis::Versioned<storage::v1::CatalogueRecord>;

// FAILED_PRECONDITION, CATALOGUE_MISSING: the province has none in force.
absl::Status CatalogueMissing();

// SHA-256 in lower-case hex.
std::string Sha256Hex(absl::string_view bytes);

// What is imported: files that were read and checked.
struct VersionDraft {
  std::string label;
  // GB/T 2260.
  std::string area_code;
  std::string title_zh;
  // The files, one after the other, for the hash.
  std::string files;
  v1::CatalogueDocument document;
  // "<role>:<id>".
  std::string actor;
  absl::Time now;
};

// The record of a draft.
storage::v1::CatalogueRecord MakeDraft(VersionDraft draft);

// Keeps it. ALREADY_EXISTS if the label was used before.
absl::StatusOr<VersionDecision> ImportDraft(const CurrentVersion& current,
                                            storage::v1::CatalogueRecord draft);

// How a draft is to be published.
struct Publication {
  std::string label;
  absl::CivilDay effective;
  // "<role>:<id>"; who has the same id is the same person in whatever role.
  std::string actor;
  absl::Time now;
  // The area has a catalogue in force today, its own or one from above.
  bool in_force = false;
};

// Publishes a draft. NOT_FOUND; FAILED_PRECONDITION: STATE_FORBIDS if it is no draft any more,
// SECOND_PERSON_REQUIRED if the actor imported it, EFFECTIVE_DATE_PASSED for a day before today
// while a catalogue is in force: decisions of those days were made by that one.
absl::StatusOr<VersionDecision> PublishDraft(const CurrentVersion& current,
                                             const Publication& publication);

// Gives a draft up. NOT_FOUND; STATE_FORBIDS if it is no draft any more.
absl::StatusOr<VersionDecision> DiscardDraft(const CurrentVersion& current, absl::string_view label,
                                             const std::string& actor);

// A start of the service that finds no catalogue publishes its file at once, effective today; the
// record names the service as who imported and published it. Unchanged if the label exists: another
// instance was first.
absl::StatusOr<VersionDecision> PublishAtStart(const CurrentVersion& current,
                                               storage::v1::CatalogueRecord draft, absl::Time now);

chassis::Footprint VersionFootprint(absl::string_view id,
                                    const storage::v1::CatalogueRecord& record);

}  // namespace fuju::catalogue
