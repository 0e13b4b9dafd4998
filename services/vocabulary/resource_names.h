#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace fuju::vocabulary {

// Ids in the names of resources (AIP-122) that several services speak of. They look at the form of
// a name only: nullopt for a name of another form.

// What follows `collection`, such as "rounds/", as one non-empty segment.
std::optional<std::string> SegmentAfter(absl::string_view collection, absl::string_view name);

// "vendors/<uscc>" and "applications/<id>".
std::optional<std::string> VendorIdOf(absl::string_view vendor_name);
std::optional<std::string> ApplicationIdOf(absl::string_view application_name);

// A resource of a vendor has the id "<uscc>/<rest>" and the name
// "vendors/<uscc><collection><rest>"; `collection` is such as "/orders/".
std::string NameBelowVendor(absl::string_view collection, absl::string_view id);
std::optional<std::string> IdBelowVendor(absl::string_view collection, absl::string_view name);
// The "<uscc>" of such an id.
std::string VendorOf(const std::string& id);

}  // namespace fuju::vocabulary
