#include "fitting/names.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace fuju::fitting {
namespace {

constexpr absl::string_view kVendors = "vendors/";
constexpr absl::string_view kApplications = "applications/";
constexpr absl::string_view kTechnicians = "/technicians/";
constexpr absl::string_view kOrders = "/orders/";

// What follows `collection`, as one non-empty segment.
std::optional<std::string> SegmentAfter(absl::string_view collection, absl::string_view name) {
  if (!absl::ConsumePrefix(&name, collection) || name.empty() || absl::StrContains(name, '/')) {
    return std::nullopt;
  }
  return std::string(name);
}

std::optional<std::string> IdBelowVendor(absl::string_view collection, const std::string& name) {
  // A vendor may itself be called like a collection.
  const size_t cut = name.find(collection.data(), kVendors.size(), collection.size());
  if (cut == std::string::npos) return std::nullopt;
  const std::optional<std::string> vendor = VendorIdOf(name.substr(0, cut));
  const std::optional<std::string> rest = SegmentAfter(collection, name.substr(cut));
  if (!vendor.has_value() || !rest.has_value()) return std::nullopt;
  return absl::StrCat(*vendor, "/", *rest);
}

std::string NameBelowVendor(absl::string_view collection, const std::string& id) {
  const size_t cut = id.find('/');
  return absl::StrCat(kVendors, id.substr(0, cut), collection, id.substr(cut + 1));
}

}  // namespace

std::string TechnicianName(const std::string& technician_id) {
  return NameBelowVendor(kTechnicians, technician_id);
}

std::string OrderName(const std::string& order_id) { return NameBelowVendor(kOrders, order_id); }

std::string OrderId(const std::string& uscc, const std::string& application_id, int32_t attempt) {
  return absl::StrCat(uscc, "/", application_id, "-", attempt);
}

std::string TechnicianId(const std::string& uscc, const std::string& staff_number) {
  return absl::StrCat(uscc, "/", staff_number);
}

std::optional<std::string> VendorIdOf(const std::string& vendor_name) {
  return SegmentAfter(kVendors, vendor_name);
}

std::optional<std::string> TechnicianIdOf(const std::string& technician_name) {
  return IdBelowVendor(kTechnicians, technician_name);
}

std::optional<std::string> OrderIdOf(const std::string& order_name) {
  return IdBelowVendor(kOrders, order_name);
}

std::optional<std::string> ApplicationIdOf(const std::string& application_name) {
  return SegmentAfter(kApplications, application_name);
}

std::string VendorOf(const std::string& id) { return id.substr(0, id.find('/')); }

}  // namespace fuju::fitting
