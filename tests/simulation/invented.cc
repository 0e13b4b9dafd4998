#include "simulation/invented.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "dispatch/names.h"
#include "support/complete_applicant.h"

namespace fuju::simulation {
namespace {

// GB 11643: a man born on 1980-01-01 in Chengguan.
std::string ResidentId(int person) {
  const std::string body = absl::StrFormat("62010219800101%03d", 1 + 2 * person);
  constexpr std::array<int, 17> kWeights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (size_t i = 0; i < body.size(); ++i) sum += (body[i] - '0') * kWeights[i];
  return absl::StrCat(body, std::string(1, "10X98765432"[sum % 11]));
}

}  // namespace

applications::v1::Application InventedDraft(int person, int number, const std::string& county) {
  applications::v1::Application draft;
  draft.set_county_code(county);
  applications::v1::Applicant& applicant = *draft.mutable_applicant();
  applicant.set_name("马小兰");
  applicant.set_resident_id(ResidentId(person));
  // Physical disability, grade 2.
  applicant.set_certificate_number(absl::StrCat(applicant.resident_id(), "42"));
  applicant.set_address("虚构村1号");
  applicant.set_economic_status(type::v1::ECONOMIC_STATUS_DB);
  test_support::CompleteApplicant(applicant);
  applications::v1::DeviceRequest& request = *draft.mutable_request();
  request.set_item_code(kItem);
  request.set_device_division("122203");
  request.set_quote_fen(kQuote);
  request.set_purpose(absl::StrCat("case-", number));
  return draft;
}

dispatch::v1::Vendor InventedVendor(int number, int capacity) {
  // Valid codes of GB 32100.
  static constexpr std::array<const char*, kVendors> kUsccs = {"91620102DEM0000146",
                                                               "91620103DEM000022F"};
  dispatch::v1::Vendor vendor;
  vendor.set_uscc(kUsccs[static_cast<size_t>(number)]);
  vendor.set_name(dispatch::VendorName(vendor.uscc()));
  vendor.set_name_zh(absl::StrCat("虚构服务商", number));
  vendor.set_county_code(kCounties[static_cast<size_t>(number)]);
  for (const char* county : kCounties) vendor.add_service_counties(county);
  vendor.add_device_classes("12");
  vendor.set_capacity(capacity);
  vendor.set_state(dispatch::v1::VENDOR_STATE_ACTIVE);
  return vendor;
}

fitting::v1::Technician InventedTechnician() {
  fitting::v1::Technician technician;
  technician.set_staff_number(kStaffNumber);
  for (int weekday = 1; weekday <= 6; ++weekday) {
    fitting::v1::WorkingHours& hours = *technician.add_working_hours();
    hours.set_weekday(weekday);
    hours.set_start_minute(9 * 60);
    hours.set_end_minute(18 * 60);
  }
  return technician;
}

fitting::v1::HandOver InventedHandOver(const std::string& serial_number) {
  fitting::v1::HandOver hand_over;
  hand_over.set_serial_number(serial_number);
  hand_over.set_signature_sha256(std::string(64, 'a'));
  hand_over.set_signature_method("handwritten");
  hand_over.set_training_done(true);
  return hand_over;
}

}  // namespace fuju::simulation
