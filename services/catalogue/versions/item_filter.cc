#include "catalogue/versions/item_filter.h"

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace fuju::catalogue {

bool ItemFilter::Wants(const v1::Item& item) const {
  if (kind != v1::ITEM_KIND_UNSPECIFIED && item.kind() != kind) return false;
  if (item_class != v1::ITEM_CLASS_UNSPECIFIED && item.item_class() != item_class) return false;
  if (category != type::v1::DISABILITY_CATEGORY_UNSPECIFIED &&
      !absl::c_linear_search(item.categories(), category)) {
    return false;
  }
  return text.empty() || absl::StrContains(item.name_zh(), text) ||
         absl::StrContains(absl::AsciiStrToLower(item.name_en()), absl::AsciiStrToLower(text)) ||
         absl::StartsWithIgnoreCase(item.item_code(), text) ||
         absl::StartsWith(item.iso9999_code(), text);
}

}  // namespace fuju::catalogue
