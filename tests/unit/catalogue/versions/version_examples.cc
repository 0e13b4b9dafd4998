#include "version_examples.h"

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"

#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {

v1::Item FullItem(const std::string& code) {
  v1::Item item;
  item.set_name(absl::StrCat("items/", code));
  item.set_item_code(code);
  item.set_name_zh("普通轮椅");
  item.set_name_en("Standard manual wheelchair");
  item.set_iso9999_code("122203");
  item.set_iso_code_source("GB/T 16432-2016");
  item.add_categories(type::v1::DISABILITY_CATEGORY_PHYSICAL);
  item.add_categories(type::v1::DISABILITY_CATEGORY_MULTIPLE);
  item.add_grades(1);
  item.add_grades(2);
  item.set_age_min(1);
  item.set_age_max(150);
  item.set_unit("辆");
  item.set_cap_fen(120000);
  item.set_cap_basis("SRC:BJ2018");
  item.mutable_ratios()->set_tk_bp(10000);
  item.mutable_ratios()->set_db_bp(9500);
  item.mutable_ratios()->set_dbby_bp(9000);
  item.mutable_ratios()->set_general_bp(5000);
  item.mutable_ratios()->set_child_bp(10000);
  item.set_ratio_basis("DESIGN_DEFAULT");
  item.set_replacement_years(3);
  item.set_replacement_basis("SRC:JZ2025");
  item.set_assessment_level(v1::ASSESSMENT_LEVEL_BASIC);
  item.add_fulfilment_modes("purchase");
  item.add_fulfilment_modes("rental");
  item.set_quantity_limit(1);
  item.set_notes("cap of Beijing, \"4 y\"");
  item.set_edition("GB/T 16432-2016");
  item.set_kind(v1::ITEM_KIND_HOME_MODIFICATION);
  item.set_item_class(v1::ITEM_CLASS_RENTAL);
  item.add_allowed_groups(type::v1::ECONOMIC_STATUS_TK);
  item.add_allowed_groups(type::v1::ECONOMIC_STATUS_YB);
  item.set_price_ceiling_fen(150050);
  item.set_service_share_bp(2000);
  item.set_child_replacement_years(1);
  item.set_interval_key(v1::INTERVAL_KEY_QUANTITY);
  item.set_quantity_per_year(4);
  item.set_share_group("child-posture");
  return item;
}

v1::SubsidyPolicy FullPolicy() {
  v1::SubsidyPolicy policy;
  policy.set_mode(v1::SUBSIDY_MODE_RATIO_OF_CAP);
  policy.set_ffp_ratio_bp(9000);
  policy.set_gxzc_ratio_bp(0);
  policy.add_child_yearly_devices("1222");
  policy.set_multiple_kinds(3);
  policy.set_multiple_total_cap_fen(100000);
  policy.set_yearly_kinds(5);
  policy.set_yearly_cap_fen(500000);
  v1::SharedAllowance& allowance = *policy.add_shared_allowances();
  allowance.set_share_group("child-posture");
  allowance.set_cap_fen(150000);
  allowance.set_children_only(true);
  allowance.set_years(2);
  policy.add_early_grounds(type::v1::EARLY_REPLACEMENT_GROUND_STOLEN);
  policy.add_fund_order(v1::FUND_SOURCE_PROVINCIAL);
  policy.add_fund_order(v1::FUND_SOURCE_COUNTY);
  return policy;
}

v1::LocalTopUp TopUp(const std::string& code, int64_t cap_fen, v1::FundSource fund) {
  v1::LocalTopUp top_up;
  top_up.set_item_code(code);
  top_up.set_ratio_bp(5000);
  top_up.set_cap_fen(cap_fen);
  top_up.set_fund_source(fund);
  top_up.set_basis("PLACEHOLDER");
  return top_up;
}

storage::v1::CatalogueRecord Published(const std::string& label, const std::string& area,
                                       const std::string& effective,
                                       const std::vector<std::string>& codes) {
  storage::v1::CatalogueRecord record;
  v1::CatalogueVersion& version = *record.mutable_version();
  version.set_name(CatalogueVersionName(label));
  version.set_version(label);
  version.set_area_code(area);
  version.set_state(v1::CATALOGUE_STATE_PUBLISHED);
  version.set_effective_date(effective);
  *version.mutable_publish_time() = chassis::ToTimestamp(vocabulary::StartOfDay(Day(effective)));
  if (area == "620000") *version.mutable_policy() = FullPolicy();
  for (const std::string& code : codes) *record.add_items() = FullItem(code);
  return record;
}

SharedRecord Read(const storage::v1::CatalogueRecord& record) {
  return ReadRecord(record, "620000");
}

absl::CivilDay Day(absl::string_view text) { return *vocabulary::ParseCivilDate(text); }

std::vector<std::pair<std::string, std::string>> ViolationsIn(const absl::Status& status) {
  std::vector<std::pair<std::string, std::string>> violations;
  google::rpc::BadRequest bad_request;
  const auto payload = status.GetPayload(
      absl::string_view(chassis::kBadRequestUrl.data(), chassis::kBadRequestUrl.size()));
  if (payload.has_value()) bad_request.ParseFromString(std::string(*payload));
  for (const auto& violation : bad_request.field_violations()) {
    violations.emplace_back(violation.field(), violation.description());
  }
  return violations;
}

std::vector<std::string> PathsIn(const absl::Status& status) {
  std::vector<std::string> paths;
  for (const auto& [path, text] : ViolationsIn(status)) paths.push_back(path);
  return paths;
}

std::string GansuText(const std::string& file) {
  std::ifstream in("deploy/data/gansu/" + file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace fuju::catalogue
