#pragma once

#include <string>

#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::catalogue {

// Which items a list shows. What is not set does not filter.
struct ItemFilter {
  v1::ItemKind kind = v1::ITEM_KIND_UNSPECIFIED;
  type::v1::DisabilityCategory category = type::v1::DISABILITY_CATEGORY_UNSPECIFIED;
  v1::ItemClass item_class = v1::ITEM_CLASS_UNSPECIFIED;
  // Part of a name, or the beginning of the item's or the ISO 9999 code; capitals count as small.
  std::string text = {};

  bool Wants(const v1::Item& item) const;
};

}  // namespace fuju::catalogue
