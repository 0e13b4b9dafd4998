#include "dispatch/names.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace fuju::dispatch {
namespace {

constexpr char kVendors[] = "vendors/";
constexpr char kRounds[] = "rounds/";
constexpr char kApplications[] = "applications/";
constexpr char kOffers[] = "/offers/";

// What follows `collection`, as one non-empty segment.
std::optional<std::string> SegmentAfter(absl::string_view collection, absl::string_view name) {
  if (!absl::ConsumePrefix(&name, collection) || name.empty() || absl::StrContains(name, '/')) {
    return std::nullopt;
  }
  return std::string(name);
}

}  // namespace

std::string VendorName(const std::string& uscc) { return absl::StrCat(kVendors, uscc); }

std::string RoundName(const std::string& application_id) {
  return absl::StrCat(kRounds, application_id);
}

std::string OfferName(const std::string& offer_id) {
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(offer_id, absl::MaxSplits('/', 1));
  return absl::StrCat(kVendors, parts.first, kOffers, parts.second);
}

std::string OfferId(const std::string& uscc, const std::string& application_id, int32_t attempt) {
  return absl::StrCat(uscc, "/", application_id, "-", attempt);
}

std::optional<std::string> VendorIdOf(const std::string& vendor_name) {
  return SegmentAfter(kVendors, vendor_name);
}

std::optional<std::string> RoundIdOf(const std::string& round_name) {
  return SegmentAfter(kRounds, round_name);
}

std::optional<std::string> OfferIdOf(const std::string& offer_name) {
  const size_t cut = offer_name.find(kOffers);
  if (cut == std::string::npos) return std::nullopt;
  const std::optional<std::string> vendor = VendorIdOf(offer_name.substr(0, cut));
  const std::optional<std::string> rest = SegmentAfter(kOffers, offer_name.substr(cut));
  if (!vendor.has_value() || !rest.has_value()) return std::nullopt;
  return absl::StrCat(*vendor, "/", *rest);
}

std::optional<std::string> ApplicationIdOf(const std::string& application_name) {
  return SegmentAfter(kApplications, application_name);
}

std::string CountyOf(const std::string& application_id) {
  return application_id.substr(0, application_id.find('-'));
}

std::string VendorOf(const std::string& offer_id) { return offer_id.substr(0, offer_id.find('/')); }

}  // namespace fuju::dispatch
