#pragma once

#include <string>

#include "absl/status/statusor.h"

#include "catalogue/versions/catalogue.h"
#include "fuju/catalogue/storage/v1/catalogue_records.pb.h"
#include "fuju/catalogue/v1/catalogue_document.pb.h"

namespace fuju::catalogue {

// The files of a version; those that it does not have are empty. `json` alone, or any of the
// others.
struct CatalogueFiles {
  std::string csv = {};
  std::string policy_json = {};
  std::string top_ups_csv = {};
  std::string json = {};
};

// Reads the files of a version of an area, whole or not at all. `above` is the catalogue that the
// area inherits, null for the province. INVALID_ARGUMENT, CATALOGUE_INVALID with a violation for
// every bad cell (document_places.h says where), for what contradicts itself or refers to nothing
// (document_check.h), or for files that do not go together. Pure.
absl::StatusOr<v1::CatalogueDocument> ReadCatalogueFiles(const CatalogueFiles& files,
                                                         const Catalogue* above);

// Checks again what was read, against another catalogue above: the one on the day on which a
// version becomes effective. Places are those of its JSON.
absl::Status CheckAgainst(const v1::CatalogueDocument& document, const Catalogue* above);

// What a stored version says.
v1::CatalogueDocument DocumentOf(const storage::v1::CatalogueRecord& record);

// The files from which the document is read again, byte by byte those that this writes of it then:
// as CSV (with the policy in JSON), or as one JSON.
CatalogueFiles WriteAsCsv(const v1::CatalogueDocument& document);
CatalogueFiles WriteAsJson(const v1::CatalogueDocument& document);

}  // namespace fuju::catalogue
