#include "applications/needs/need_codes.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace fuju::applications {
namespace {

// One value: the first Chinese and the first English word are those that messages name.
template <typename Value>
struct Coded {
  Value value;
  std::vector<absl::string_view> zh;
  std::vector<absl::string_view> en;
};

template <typename Value>
class CodeList {
 public:
  explicit CodeList(std::vector<Coded<Value>> all) : all_(std::move(all)) {
    for (const Coded<Value>& coded : all_) {
      absl::StrAppend(&words_.zh, words_.zh.empty() ? "" : "、", coded.zh.front());
      absl::StrAppend(&words_.en, words_.en.empty() ? "" : ", ", coded.en.front());
    }
  }

  std::optional<Value> Find(absl::string_view cell) const {
    for (const Coded<Value>& coded : all_) {
      for (const absl::string_view word : coded.zh) {
        if (cell == word) return coded.value;
      }
      for (const absl::string_view word : coded.en) {
        if (absl::EqualsIgnoreCase(cell, word)) return coded.value;
      }
    }
    return std::nullopt;
  }
  const AllowedWords& words() const { return words_; }

 private:
  const std::vector<Coded<Value>> all_;
  AllowedWords words_;
};

const CodeList<v1::NeedArea>& Areas() {
  static const auto* const kList = new CodeList<v1::NeedArea>({
      {v1::NEED_AREA_MOBILITY, {"出行"}, {"mobility"}},
      {v1::NEED_AREA_DAILY_CARE, {"日常照料"}, {"daily_care"}},
      {v1::NEED_AREA_REHABILITATION, {"康复训练"}, {"rehabilitation"}},
      {v1::NEED_AREA_DEVICE_FITTING, {"辅具适配"}, {"device_fitting"}},
      {v1::NEED_AREA_ACCESSIBILITY, {"无障碍改造"}, {"accessibility"}},
  });
  return *kList;
}

const CodeList<v1::NeedUrgency>& Urgencies() {
  static const auto* const kList = new CodeList<v1::NeedUrgency>({
      {v1::NEED_URGENCY_URGENT, {"紧急"}, {"urgent"}},
      {v1::NEED_URGENCY_SOON, {"较急"}, {"soon"}},
      {v1::NEED_URGENCY_NORMAL, {"一般"}, {"normal"}},
  });
  return *kList;
}

const CodeList<type::v1::EconomicStatus>& Statuses() {
  static const auto* const kList = new CodeList<type::v1::EconomicStatus>({
      {type::v1::ECONOMIC_STATUS_TK, {"特困供养", "特困"}, {"TK"}},
      {type::v1::ECONOMIC_STATUS_DB, {"最低生活保障", "低保"}, {"DB"}},
      {type::v1::ECONOMIC_STATUS_DBBY, {"低保边缘家庭", "低保边缘"}, {"DBBY"}},
      {type::v1::ECONOMIC_STATUS_GXZC, {"刚性支出困难家庭", "刚性支出困难"}, {"GXZC"}},
      {type::v1::ECONOMIC_STATUS_FFP, {"防止返贫监测对象", "防返贫监测对象"}, {"FFP"}},
      {type::v1::ECONOMIC_STATUS_YB, {"一般"}, {"YB"}},
  });
  return *kList;
}

const CodeList<v1::NeedConsent>& Consents() {
  static const auto* const kList = new CodeList<v1::NeedConsent>({
      {v1::NEED_CONSENT_PERSON, {"是", "本人"}, {"yes", "Y", "1"}},
      {v1::NEED_CONSENT_GUARDIAN, {"监护人"}, {"guardian"}},
      {v1::NEED_CONSENT_UNSPECIFIED, {"否"}, {"no", "N", "0"}},
  });
  return *kList;
}

}  // namespace

std::optional<v1::NeedArea> NeedAreaOf(absl::string_view cell) { return Areas().Find(cell); }
std::optional<v1::NeedUrgency> NeedUrgencyOf(absl::string_view cell) {
  return Urgencies().Find(cell);
}
std::optional<type::v1::EconomicStatus> EconomicStatusOf(absl::string_view cell) {
  return Statuses().Find(cell);
}
std::optional<v1::NeedConsent> NeedConsentOf(absl::string_view cell) {
  return Consents().Find(cell);
}

const AllowedWords& NeedAreaWords() { return Areas().words(); }
const AllowedWords& NeedUrgencyWords() { return Urgencies().words(); }
const AllowedWords& EconomicStatusWords() { return Statuses().words(); }
const AllowedWords& NeedConsentWords() { return Consents().words(); }

}  // namespace fuju::applications
