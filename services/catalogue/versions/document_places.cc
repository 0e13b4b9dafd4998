#include "catalogue/versions/document_places.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace fuju::catalogue {

PlacedDocument PlacedAsJson(v1::CatalogueDocument document) {
  PlacedDocument placed;
  for (int i = 0; i < document.items_size(); ++i) {
    placed.places.items.push_back(absl::StrCat("items[", i, "]"));
  }
  for (int i = 0; i < document.top_ups_size(); ++i) {
    placed.places.top_ups.push_back(absl::StrCat("topUps[", i, "]"));
  }
  placed.document = std::move(document);
  return placed;
}

std::string JsonName(absl::string_view field) {
  std::string name;
  bool capital = false;
  for (const char c : field) {
    if (c == '_') {
      capital = true;
      continue;
    }
    name += capital ? absl::ascii_toupper(c) : c;
    capital = false;
  }
  return name;
}

}  // namespace fuju::catalogue
