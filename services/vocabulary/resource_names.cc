#include "vocabulary/resource_names.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace fuju::vocabulary {
namespace {

constexpr absl::string_view kVendors = "vendors/";
constexpr absl::string_view kApplications = "applications/";

}  // namespace

std::optional<std::string> SegmentAfter(absl::string_view collection, absl::string_view name) {
  if (!absl::ConsumePrefix(&name, collection) || name.empty() || absl::StrContains(name, '/')) {
    return std::nullopt;
  }
  return std::string(name);
}

std::optional<std::string> VendorIdOf(absl::string_view vendor_name) {
  return SegmentAfter(kVendors, vendor_name);
}

std::optional<std::string> ApplicationIdOf(absl::string_view application_name) {
  return SegmentAfter(kApplications, application_name);
}

std::string NameBelowVendor(absl::string_view collection, absl::string_view id) {
  const size_t cut = id.find('/');
  return absl::StrCat(kVendors, id.substr(0, cut), collection, id.substr(cut + 1));
}

std::optional<std::string> IdBelowVendor(absl::string_view collection, absl::string_view name) {
  // A vendor may itself be called like a collection.
  const size_t cut = name.find(collection, kVendors.size());
  if (cut == absl::string_view::npos) return std::nullopt;
  const std::optional<std::string> vendor = VendorIdOf(name.substr(0, cut));
  const std::optional<std::string> rest = SegmentAfter(collection, name.substr(cut));
  if (!vendor.has_value() || !rest.has_value()) return std::nullopt;
  return absl::StrCat(*vendor, "/", *rest);
}

std::string VendorOf(const std::string& id) { return id.substr(0, id.find('/')); }

}  // namespace fuju::vocabulary
