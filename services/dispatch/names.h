#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "vocabulary/resource_names.h"

namespace fuju::dispatch {

// Resource names, ids and routes of this service's aggregates. Pure.
//
//   aggregate  id                                 name                            route
//   vendor     <uscc>                             vendors/<uscc>                  <uscc>
//   round      <application id>                   rounds/<application id>         county
//   offer      <uscc>/<application id>-<attempt>  vendors/<uscc>/offers/<rest>    <uscc>
std::string VendorName(const std::string& uscc);
std::string RoundName(const std::string& application_id);
std::string OfferName(const std::string& offer_id);

std::string OfferId(const std::string& uscc, const std::string& application_id, int32_t attempt);

// Ids from names; nullopt for a name of another form.
using vocabulary::ApplicationIdOf;
using vocabulary::VendorIdOf;
std::optional<std::string> RoundIdOf(const std::string& round_name);
std::optional<std::string> OfferIdOf(const std::string& offer_name);

// The county code in front of an application id; the vendor in front of an offer id.
std::string CountyOf(const std::string& application_id);
using vocabulary::VendorOf;

}  // namespace fuju::dispatch
