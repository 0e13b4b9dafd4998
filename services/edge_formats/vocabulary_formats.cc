#include "edge_formats/vocabulary_formats.h"

#include <array>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"

#include "vocabulary/civil_date.h"
#include "vocabulary/device_code.h"
#include "vocabulary/disability_certificate.h"
#include "vocabulary/invalid_value.h"
#include "vocabulary/person_key.h"
#include "vocabulary/person_name.h"
#include "vocabulary/phone.h"
#include "vocabulary/resident_id.h"
#include "vocabulary/review_reason.h"
#include "vocabulary/uscc.h"

namespace fuju::edge_formats {
namespace {

using chassis::Clock;
using chassis::FormatComplaint;
using chassis::FormatRegistry;

constexpr std::array<absl::string_view, 4> kSignatureMethods = {"handwritten", "sms_code", "voice",
                                                                "witness"};

// The two halves of a message of the vocabulary room.
FormatComplaint ComplaintOf(const absl::Status& status) {
  if (status.ok()) return {};
  const absl::string_view message = status.message();
  const size_t cut = message.find(vocabulary::kLanguageSeparator);
  if (cut == absl::string_view::npos) return {std::string(message), std::string(message)};
  return {std::string(message.substr(0, cut)),
          std::string(message.substr(cut + vocabulary::kLanguageSeparator.size()))};
}

template <typename Value>
FormatComplaint ComplaintOf(const absl::StatusOr<Value>& value) {
  return ComplaintOf(value.status());
}

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }
bool IsLetterOrDigit(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }

FormatComplaint CheckItemCode(absl::string_view text) {
  const bool right =
      text.size() == 3 && text[0] >= 'A' && text[0] <= 'Z' && IsDigit(text[1]) && IsDigit(text[2]);
  if (right) return {};
  return {"项目编码应为一个大写字母加两位数字，如M01",
          "an item code is one capital letter and two digits, such as M01"};
}

FormatComplaint CheckDeviceDivision(absl::string_view text) {
  const absl::StatusOr<vocabulary::DeviceScope> scope = vocabulary::DeviceScope::Parse(text);
  if (scope.ok() && scope->digits().size() == 6) return {};
  return {"辅具分类代码应为6位数字，如122203",
          "a device division is six digits of ISO 9999, such as 122203"};
}

FormatComplaint CheckDeviceClass(absl::string_view text) {
  const absl::StatusOr<vocabulary::DeviceScope> scope = vocabulary::DeviceScope::Parse(text);
  if (scope.ok() && scope->digits().size() <= 4) return {};
  return {"辅具类别应为2位（主类）或4位（次类）数字，如12或1222",
          "a device class is two digits (class) or four (subclass), such as 12 or 1222"};
}

FormatComplaint CheckSerialNumber(absl::string_view text) {
  const bool known = absl::c_all_of(text, [](char c) {
    return IsLetterOrDigit(c) || c == '.' || c == '_' || c == '/' || c == '-';
  });
  if (known && IsLetterOrDigit(text.front()) && IsLetterOrDigit(text.back())) return {};
  return {"产品编号只能由字母、数字和 . _ / - 组成，首尾应为字母或数字",
          "a serial number consists of letters, digits and . _ / - and begins and ends with a "
          "letter or digit"};
}

FormatComplaint CheckSignatureMethod(absl::string_view text) {
  if (absl::c_linear_search(kSignatureMethods, text)) return {};
  const std::string list = absl::StrJoin(kSignatureMethods, ", ");
  return {absl::StrCat("签收方式应为以下之一：", list),
          absl::StrCat("the signature method is one of: ", list)};
}

FormatComplaint CheckReasonCode(absl::string_view text) {
  if (vocabulary::FindReviewReason(text) != nullptr) return {};
  const std::string list = absl::StrJoin(
      vocabulary::ReviewReasons(), ", ",
      [](std::string* out, const auto& reason) { absl::StrAppend(out, reason.code); });
  return {absl::StrCat("原因代码应为以下之一：", list),
          absl::StrCat("the reason code is one of: ", list)};
}

FormatComplaint CheckLanguage(absl::string_view text) {
  const bool letters = absl::c_all_of(text, [](char c) { return c >= 'a' && c <= 'z'; });
  if (letters && (text.size() == 2 || text.size() == 3)) return {};
  return {"语言应为ISO 639代码，如zh、bo", "a language is its ISO 639 code, such as zh or bo"};
}

FormatComplaint CheckPersonKey(absl::string_view text) {
  if (vocabulary::IsPersonKey(text)) return {};
  return {"人员标识应为64位小写十六进制数字", "a person key is 64 lower-case hex digits"};
}

FormatComplaint CheckCounty(const vocabulary::RegionTable& regions, absl::string_view text) {
  const absl::StatusOr<vocabulary::RegionCode> code = vocabulary::RegionCode::Parse(text);
  if (!code.ok()) return ComplaintOf(code);
  if (regions.IsReviewingOffice(*code)) return {};
  return {
      absl::StrCat("“", text, "”不是受理申请的县（市、区）代码"),
      absl::StrCat("'", text, "' is not the code of a county office that reviews applications")};
}

FormatComplaint CheckOffice(const vocabulary::RegionTable& regions, absl::string_view text) {
  const absl::StatusOr<vocabulary::RegionCode> code = vocabulary::RegionCode::Parse(text);
  if (!code.ok()) return ComplaintOf(code);
  if (regions.IsReviewingOffice(*code)) return {};
  const vocabulary::Region* region = regions.Find(*code);
  if (region != nullptr && (region->level == vocabulary::RegionLevel::kPrefecture ||
                            region->level == vocabulary::RegionLevel::kProvince)) {
    return {};
  }
  return {absl::StrCat("“", text, "”不是省、市州或县（市、区）残联的代码"),
          absl::StrCat("'", text, "' is not the code of a county, prefecture or province office")};
}

using Check = std::function<FormatComplaint(absl::string_view text)>;

// A text that is not given is not wrong in form.
FormatRegistry::Check UnlessEmpty(Check check) {
  return [check = std::move(check)](std::string_view text) {
    if (text.empty()) return FormatComplaint{};
    return check(absl::string_view(text.data(), text.size()));
  };
}

}  // namespace

void RegisterVocabularyFormats(FormatRegistry& registry, const vocabulary::RegionTable& regions,
                               const Clock& clock) {
  const auto add = [&registry](std::string name, Check check) {
    registry.Add(std::move(name), UnlessEmpty(std::move(check)));
  };
  const auto today = [&clock] { return vocabulary::TodayInShanghai(clock.Now()); };

  add("person_name",
      [](absl::string_view text) { return ComplaintOf(vocabulary::PersonName::Parse(text)); });
  add("resident_id", [today](absl::string_view text) {
    return ComplaintOf(vocabulary::ResidentId::Parse(text, today()));
  });
  add("certificate_number", [today](absl::string_view text) {
    return ComplaintOf(vocabulary::DisabilityCertificate::Parse(text, today()));
  });
  add("phone", [](absl::string_view text) { return ComplaintOf(vocabulary::Phone::Parse(text)); });
  add("language", CheckLanguage);
  add("person_key", CheckPersonKey);
  add("date", [](absl::string_view text) { return ComplaintOf(vocabulary::ParseCivilDate(text)); });
  add("county_code", [&regions](absl::string_view text) { return CheckCounty(regions, text); });
  add("office_code", [&regions](absl::string_view text) { return CheckOffice(regions, text); });
  add("item_code", CheckItemCode);
  add("device_division", CheckDeviceDivision);
  add("device_class", CheckDeviceClass);
  add("uscc", [](absl::string_view text) { return ComplaintOf(vocabulary::Uscc::Parse(text)); });
  add("serial_number", CheckSerialNumber);
  add("signature_method", CheckSignatureMethod);
  add("reason_code", CheckReasonCode);
}

}  // namespace fuju::edge_formats
