#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "vocabulary/resource_names.h"

namespace fuju::fitting {

// Resource names, ids and routes of this service's aggregates. Pure. The route of both is the
// vendor.
//
//   aggregate   id                                 name
//   technician  <uscc>/<staff number>              vendors/<uscc>/technicians/<staff number>
//   order       <uscc>/<application id>-<attempt>  vendors/<uscc>/orders/<application id>-<attempt>
std::string TechnicianName(const std::string& technician_id);
std::string OrderName(const std::string& order_id);
std::string OrderId(const std::string& uscc, const std::string& application_id, int32_t attempt);
std::string TechnicianId(const std::string& uscc, const std::string& staff_number);

// Ids from names; nullopt for a name of another form.
using vocabulary::ApplicationIdOf;
using vocabulary::VendorIdOf;
std::optional<std::string> TechnicianIdOf(const std::string& technician_name);
std::optional<std::string> OrderIdOf(const std::string& order_name);

// The vendor in front of an order's or technician's id.
using vocabulary::VendorOf;

}  // namespace fuju::fitting
