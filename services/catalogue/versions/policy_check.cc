#include <set>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "catalogue/versions/document_check.h"
#include "vocabulary/device_code.h"
#include "vocabulary/money.h"

namespace fuju::catalogue {
namespace {

using absl::string_view;

// 1,000,000 yuan.
constexpr int64_t kHighestFen = 100'000'000;
constexpr int kMostKinds = 100;
constexpr int kMostYears = 50;
constexpr size_t kLongestGroup = 40;

class Policy {
 public:
  Policy(string_view root, Violations& violations) : root_(root), violations_(violations) {}

  void Range(const std::string& field, int64_t value, int64_t lowest, int64_t highest) {
    if (value >= lowest && value <= highest) return;
    Refuse(field, absl::StrCat(value), absl::StrCat(lowest, "至", highest, "的整数"),
           absl::StrCat("a whole number from ", lowest, " to ", highest));
  }

  void Refuse(const std::string& field, string_view value, string_view zh, string_view en) {
    const std::string path = absl::StrCat(root_, ".", field);
    if (!violations_.Has(path)) violations_.AddValue(path, value, zh, en);
  }

  // Values of an enum: each once, none UNSPECIFIED.
  template <typename Values, typename Name>
  void Each(const std::string& field, const Values& values, Name name) {
    std::set<int> seen;
    for (int i = 0; i < values.size(); ++i) {
      if (values[i] != 0 && seen.insert(values[i]).second) continue;
      Refuse(absl::StrCat(field, "[", i, "]"), name(values[i]), "一个值，每个值只写一次",
             "a value, and each once");
    }
  }

 private:
  const string_view root_;
  Violations& violations_;
};

bool IsGroup(const std::string& text) {
  return !text.empty() && text.size() <= kLongestGroup && absl::c_all_of(text, [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-';
  });
}

void CheckAllowances(const v1::SubsidyPolicy& policy, Policy& checked) {
  std::set<std::string> groups;
  for (int i = 0; i < policy.shared_allowances_size(); ++i) {
    const v1::SharedAllowance& allowance = policy.shared_allowances(i);
    const std::string place = absl::StrCat("sharedAllowances[", i, "]");
    if (!IsGroup(allowance.share_group()) || !groups.insert(allowance.share_group()).second) {
      checked.Refuse(absl::StrCat(place, ".shareGroup"), allowance.share_group(),
                     "名称，小写字母、数字和“-”，1至40个字符，每个名称只写一次",
                     "a name of small letters, digits and '-', 1 to 40 characters, each once");
    }
    checked.Range(absl::StrCat(place, ".capFen"), allowance.cap_fen(), 1, kHighestFen);
    checked.Range(absl::StrCat(place, ".years"), allowance.years(), 0, kMostYears);
  }
}

}  // namespace

void CheckPolicy(const v1::SubsidyPolicy& policy, string_view root, Violations& violations) {
  Policy checked(root, violations);
  if (policy.mode() == v1::SUBSIDY_MODE_UNSPECIFIED) {
    checked.Refuse("mode", "", "SUBSIDY_MODE_CAP_THEN_RATIO或SUBSIDY_MODE_RATIO_OF_CAP",
                   "SUBSIDY_MODE_CAP_THEN_RATIO or SUBSIDY_MODE_RATIO_OF_CAP");
  }
  checked.Range("ffpRatioBp", policy.ffp_ratio_bp(), 0, vocabulary::BasisPoints::kWhole);
  if (policy.has_gxzc_ratio_bp()) {
    checked.Range("gxzcRatioBp", policy.gxzc_ratio_bp(), 0, vocabulary::BasisPoints::kWhole);
  }
  std::set<std::string> devices;
  for (int i = 0; i < policy.child_yearly_devices_size(); ++i) {
    const std::string& device = policy.child_yearly_devices(i);
    if (vocabulary::DeviceScope::Parse(device).ok() && devices.insert(device).second) continue;
    checked.Refuse(absl::StrCat("childYearlyDevices[", i, "]"), device,
                   "分类代码的2、4或6位数字，每个只写一次",
                   "2, 4 or 6 digits of a code, each once");
  }
  checked.Range("multipleKinds", policy.multiple_kinds(), 0, kMostKinds);
  checked.Range("multipleTotalCapFen", policy.multiple_total_cap_fen(), 0, kHighestFen);
  checked.Range("yearlyKinds", policy.yearly_kinds(), 0, kMostKinds);
  checked.Range("yearlyCapFen", policy.yearly_cap_fen(), 0, kHighestFen);
  CheckAllowances(policy, checked);
  checked.Each("earlyGrounds", policy.early_grounds(), [](int value) {
    return type::v1::EarlyReplacementGround_Name(
        static_cast<type::v1::EarlyReplacementGround>(value));
  });
  checked.Each("fundOrder", policy.fund_order(),
               [](int value) { return v1::FundSource_Name(static_cast<v1::FundSource>(value)); });
  if (policy.fund_order().empty()) {
    checked.Refuse("fundOrder", "", "至少一个资金来源：没有列出的不支付",
                   "one fund at least: one that is not named does not pay");
  }
}

}  // namespace fuju::catalogue
