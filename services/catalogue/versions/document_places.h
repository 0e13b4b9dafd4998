#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "fuju/catalogue/v1/catalogue_document.pb.h"

namespace fuju::catalogue {

// Where the rows of a document stand in the files that they come from, so that a violation found
// late names the cell as the author sees it: "rows[3].age_max", "top_ups.rows[2].item_code" in CSV,
// "items[1].ageMax", "topUps[0].itemCode" in JSON.
struct DocumentPlaces {
  std::vector<std::string> items;
  std::vector<std::string> top_ups;
  bool csv = false;
};

// A document with the places of its rows, in the same order.
struct PlacedDocument {
  v1::CatalogueDocument document;
  DocumentPlaces places;
};

// A document that was read before (a stored version): places as in its JSON.
PlacedDocument PlacedAsJson(v1::CatalogueDocument document);

// "tkBp" of "tk_bp", dots stay: a field as JSON has it.
std::string JsonName(absl::string_view field);

}  // namespace fuju::catalogue
