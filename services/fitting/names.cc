#include "fitting/names.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace fuju::fitting {
namespace {

constexpr absl::string_view kTechnicians = "/technicians/";
constexpr absl::string_view kOrders = "/orders/";

}  // namespace

std::string TechnicianName(const std::string& technician_id) {
  return vocabulary::NameBelowVendor(kTechnicians, technician_id);
}

std::string OrderName(const std::string& order_id) {
  return vocabulary::NameBelowVendor(kOrders, order_id);
}

std::string OrderId(const std::string& uscc, const std::string& application_id, int32_t attempt) {
  return absl::StrCat(uscc, "/", application_id, "-", attempt);
}

std::string TechnicianId(const std::string& uscc, const std::string& staff_number) {
  return absl::StrCat(uscc, "/", staff_number);
}

std::optional<std::string> TechnicianIdOf(const std::string& technician_name) {
  return vocabulary::IdBelowVendor(kTechnicians, technician_name);
}

std::optional<std::string> OrderIdOf(const std::string& order_name) {
  return vocabulary::IdBelowVendor(kOrders, order_name);
}

}  // namespace fuju::fitting
