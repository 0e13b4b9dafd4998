#include "applications/notices/notice_values.h"

#include <algorithm>

#include "applications/price_decisions.h"
#include "applications/timeline_texts.h"
#include "chassis/values/timestamps.h"
#include "vocabulary/money.h"

namespace fuju::applications {
namespace {

constexpr absl::string_view kDeadline = "deadline";
constexpr absl::string_view kReasons = "reasons";
// As reasons, but they come from the person's certificate, age and income.
constexpr absl::string_view kConditions = "conditions";
constexpr absl::string_view kVendor = "vendor";
constexpr absl::string_view kVisit = "visit";
constexpr absl::string_view kSerial = "serial";
constexpr absl::string_view kSubsidy = "subsidy";
constexpr absl::string_view kSelfPay = "self_pay";
// Until when the decision is promised: the whole way, not the stage.
constexpr absl::string_view kPromise = "promise";
constexpr absl::string_view kPrice = "price";

constexpr NoticePlaceholder kPlaceholders[] = {
    {kDeadline, true, 40},
    {kReasons, true, 160},
    {kConditions, false, 160},
    {kVendor, true, 30},
    {kVisit, true, 20},
    {kSerial, true, 64},
    {kSubsidy, true, 14},
    {kSelfPay, true, 14},
    {kPromise, true, 40},
    {kPrice, true, 14},
    {"office", true, 30},
    {"phone", true, 16},
    {"application", false, 50},
    {"name", false, 50},
    // May name somebody, or say what the person has.
    {"note", false, 500},
};

constexpr absl::string_view kCommon[] = {"office", "phone", "application", "name", "note"};
constexpr absl::string_view kMoneyUntil[] = {kDeadline, kSubsidy, kSelfPay};
constexpr absl::string_view kReasonsUntil[] = {kReasons, kDeadline};
constexpr absl::string_view kOnlyDeadline[] = {kDeadline};
constexpr absl::string_view kMoney[] = {kSubsidy, kSelfPay};
constexpr absl::string_view kOnlyReasons[] = {kReasons};
constexpr absl::string_view kOnlyConditions[] = {kConditions};
constexpr absl::string_view kOnlyVendor[] = {kVendor};
constexpr absl::string_view kVendorsVisit[] = {kVendor, kVisit};
constexpr absl::string_view kSerialUntil[] = {kSerial, kDeadline};
constexpr absl::string_view kOnlySubsidy[] = {kSubsidy};
constexpr absl::string_view kOnlyPromise[] = {kPromise};
constexpr absl::string_view kPriceAndMoney[] = {kPrice, kSubsidy, kSelfPay};

Text ValueOf(absl::string_view name, const v1::Application& application) {
  const auto both = [](std::string text) { return Text{text, text}; };
  const v1::Holder& holder = application.holder();
  if (name == kDeadline) return Text{holder.due_text_zh(), holder.due_text_en()};
  if (name == kReasons || name == kConditions) {
    return Text{application.outcome().text_zh(), application.outcome().text_en()};
  }
  const v1::Promise& promise = application.review().promise();
  if (name == kPromise) return Text{promise.text_zh(), promise.text_en()};
  const v1::Service& service = application.service();
  if (name == kVendor) return both(service.vendor_name());
  if (name == kVisit) return VisitText(chassis::ToTime(service.visit_time()));
  if (name == kSerial) return both(service.serial_number());
  const v1::SubsidySummary& subsidy = application.subsidy();
  const int64_t fen = name == kSubsidy ? subsidy.subsidy_fen()
                      : name == kPrice ? PriceOf(application)
                                       : subsidy.self_pay_fen();
  return both(vocabulary::FormatYuan(vocabulary::Fen(fen)));
}

}  // namespace

const NoticePlaceholder* FindPlaceholder(absl::string_view name) {
  const auto* const found =
      std::find_if(std::begin(kPlaceholders), std::end(kPlaceholders),
                   [name](const NoticePlaceholder& known) { return known.name == name; });
  return found == std::end(kPlaceholders) ? nullptr : found;
}

absl::Span<const absl::string_view> CaseValuesOf(v1::NoticeKind kind) {
  switch (kind) {
    case v1::NOTICE_KIND_REVIEW_STARTED:
      return kMoneyUntil;
    case v1::NOTICE_KIND_RETURNED:
    case v1::NOTICE_KIND_HELD:
      return kReasonsUntil;
    case v1::NOTICE_KIND_RESUMED:
    case v1::NOTICE_KIND_APPEAL_GRANTED:
    case v1::NOTICE_KIND_TRANSFERRED:
      return kOnlyPromise;
    case v1::NOTICE_KIND_PRICE_FIXED:
      return kPriceAndMoney;
    case v1::NOTICE_KIND_SUPPLEMENTED:
    case v1::NOTICE_KIND_FOLLOW_UP_ASKED:
    case v1::NOTICE_KIND_OBJECTED:
    case v1::NOTICE_KIND_APPEALED:
    case v1::NOTICE_KIND_MADE_PUBLIC:
      return kOnlyDeadline;
    case v1::NOTICE_KIND_APPROVED:
      return kMoney;
    case v1::NOTICE_KIND_REJECTED:
    case v1::NOTICE_KIND_UNSERVED:
      return kOnlyReasons;
    case v1::NOTICE_KIND_INELIGIBLE:
      return kOnlyConditions;
    case v1::NOTICE_KIND_DISPATCHED:
    case v1::NOTICE_KIND_VISIT_TO_BOOK:
    case v1::NOTICE_KIND_VISIT_CANCELLED:
      return kOnlyVendor;
    case v1::NOTICE_KIND_VISIT_BOOKED:
    case v1::NOTICE_KIND_VISIT_MOVED:
      return kVendorsVisit;
    case v1::NOTICE_KIND_HANDED_OVER:
      return kSerialUntil;
    case v1::NOTICE_KIND_PAID:
      return kOnlySubsidy;
    default:
      return {};
  }
}

absl::Span<const absl::string_view> CommonValues() { return kCommon; }

std::vector<storage::v1::NoticeValue> CaseValues(v1::NoticeKind kind,
                                                 const v1::Application& application) {
  std::vector<storage::v1::NoticeValue> values;
  for (const absl::string_view name : CaseValuesOf(kind)) {
    const Text text = ValueOf(name, application);
    storage::v1::NoticeValue& value = values.emplace_back();
    value.set_name(std::string(name));
    value.set_zh(text.zh);
    value.set_en(text.en);
  }
  return values;
}

}  // namespace fuju::applications
