#include "dispatch/names.h"

#include "absl/strings/str_cat.h"

namespace fuju::dispatch {
namespace {

constexpr char kVendors[] = "vendors/";
constexpr char kRounds[] = "rounds/";
constexpr char kOffers[] = "/offers/";

}  // namespace

std::string VendorName(const std::string& uscc) { return absl::StrCat(kVendors, uscc); }

std::string RoundName(const std::string& application_id) {
  return absl::StrCat(kRounds, application_id);
}

std::string OfferName(const std::string& offer_id) {
  return vocabulary::NameBelowVendor(kOffers, offer_id);
}

std::string OfferId(const std::string& uscc, const std::string& application_id, int32_t attempt) {
  return absl::StrCat(uscc, "/", application_id, "-", attempt);
}

std::optional<std::string> RoundIdOf(const std::string& round_name) {
  return vocabulary::SegmentAfter(kRounds, round_name);
}

std::optional<std::string> OfferIdOf(const std::string& offer_name) {
  return vocabulary::IdBelowVendor(kOffers, offer_name);
}

std::string CountyOf(const std::string& application_id) {
  return application_id.substr(0, application_id.find('-'));
}

}  // namespace fuju::dispatch
