#include "chassis/rpc/validation_checks.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace fuju::chassis::internal {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

constexpr int32_t kNanosPerSecond = 1'000'000'000;

// Decodes one character at `at` and moves behind it; -1 if the bytes are not UTF-8.
int32_t Decode(std::string_view text, size_t& at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  int more = 0;
  int32_t point = lead;
  int32_t least = 0;
  if (lead >= 0xF0) {
    more = 3, point = lead & 0x07, least = 0x10000;
  } else if (lead >= 0xE0) {
    more = 2, point = lead & 0x0F, least = 0x800;
  } else if (lead >= 0xC0) {
    more = 1, point = lead & 0x1F, least = 0x80;
  } else if (lead >= 0x80) {
    return -1;
  }
  if (lead >= 0xF8 || at + static_cast<size_t>(more) >= text.size()) return -1;
  for (int i = 0; i < more; ++i) {
    const unsigned char next = byte(++at);
    if ((next & 0xC0) != 0x80) return -1;
    point = (point << 6) | (next & 0x3F);
  }
  ++at;
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  return point < least || point > 0x10FFFF || surrogate ? -1 : point;
}

bool IsSpace(int32_t point) {
  return point == ' ' || point == '\t' || point == '\n' || point == 0xA0 || point == 0x3000 ||
         (point >= 0x2000 && point <= 0x200B) || point == 0xFEFF;
}

bool IsControl(int32_t point) {
  return (point < 0x20 && point != '\n' && point != '\t') || (point >= 0x7F && point <= 0x9F);
}

bool MatchesResource(const std::vector<std::string>& pattern, std::string_view name) {
  constexpr size_t kLongestSegment = 80;
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '~' || c == '-';
  };
  for (size_t i = 0; i < pattern.size(); ++i) {
    const size_t slash = name.find('/');
    const bool last = i + 1 == pattern.size();
    if (last != (slash == std::string_view::npos)) return false;
    const std::string_view segment = name.substr(0, slash);
    if (pattern[i] != "*" && segment != pattern[i]) return false;
    if (segment.empty() || segment.size() > kLongestSegment ||
        !std::all_of(segment.begin(), segment.end(), allowed)) {
      return false;
    }
    if (!last) name.remove_prefix(slash + 1);
  }
  return true;
}

template <typename Number>
FormatComplaint OutOfRange(const FieldPlan& plan, Number value) {
  if (plan.minimum.has_value() && plan.maximum.has_value()) {
    return {absl::StrCat("数值 ", value, " 超出范围，须为 ", *plan.minimum, " 至 ", *plan.maximum),
            absl::StrCat(value, " is out of range; send ", *plan.minimum, " to ", *plan.maximum)};
  }
  if (plan.minimum.has_value()) {
    return {absl::StrCat("数值 ", value, " 太小，不得小于 ", *plan.minimum),
            absl::StrCat(value, " is too small; send ", *plan.minimum, " or more")};
  }
  return {absl::StrCat("数值 ", value, " 太大，不得大于 ", *plan.maximum),
          absl::StrCat(value, " is too large; send ", *plan.maximum, " or less")};
}

std::string AllowedValues(const EnumDescriptor* type) {
  constexpr size_t kMost = 24;
  std::vector<std::string> names;
  for (int i = 0; i < type->value_count(); ++i) {
    if (type->value(i)->number() == 0) continue;
    if (names.size() == kMost) {
      names.push_back("…");
      break;
    }
    names.push_back(type->value(i)->name());
  }
  return absl::StrJoin(names, ", ");
}

}  // namespace

TextFacts Scan(std::string_view text) {
  TextFacts facts;
  size_t at = 0;
  while (at < text.size()) {
    const int32_t point = Decode(text, at);
    if (point < 0) {
      facts.utf8 = false;
      facts.blank = false;
      return facts;
    }
    ++facts.code_points;
    if (IsControl(point)) facts.control = true;
    if (!IsSpace(point)) facts.blank = false;
  }
  return facts;
}

FormatComplaint CheckText(const FieldPlan& plan, std::string_view text, const TextFacts& facts) {
  if (!facts.utf8) {
    return {"不是有效的 UTF-8 文本；请以 UTF-8 编码发送",
            "not valid UTF-8; send the text in UTF-8"};
  }
  if (plan.max_length > 0 && facts.code_points > plan.max_length) {
    return {
        absl::StrCat("有 ", facts.code_points, " 个字符，最多 ", plan.max_length, " 个；请缩短"),
        absl::StrCat("has ", facts.code_points, " characters, ", plan.max_length,
                     " are allowed; shorten it")};
  }
  if (facts.code_points < plan.min_length) {
    return {
        absl::StrCat("只有 ", facts.code_points, " 个字符，至少 ", plan.min_length, " 个；请补全"),
        absl::StrCat("has ", facts.code_points, " characters, at least ", plan.min_length,
                     " are needed; complete it")};
  }
  if (facts.control) {
    return {"含有控制字符，只允许换行和制表符；请删去",
            "has control characters, only newline and tab are allowed; remove them"};
  }
  if (!plan.resource.empty() && !MatchesResource(plan.resource_segments, text)) {
    return {absl::StrCat("不是有效的资源名，须形如 ", plan.resource,
                         "，每个 * 为 1 至 80 个字母、数字或 . _ ~ -"),
            absl::StrCat("no resource name of the form ", plan.resource,
                         ", where each * is 1 to 80 letters, digits or . _ ~ -")};
  }
  return {};
}

FormatComplaint CheckBytes(const FieldPlan& plan, size_t size) {
  if (plan.max_length > 0 && size > static_cast<size_t>(plan.max_length)) {
    return {
        absl::StrCat("有 ", size, " 字节，最多 ", plan.max_length, " 字节；请缩小"),
        absl::StrCat("has ", size, " bytes, ", plan.max_length, " are allowed; make it smaller")};
  }
  if (size < static_cast<size_t>(plan.min_length)) {
    return {absl::StrCat("只有 ", size, " 字节，至少 ", plan.min_length, " 字节；请补全"),
            absl::StrCat("has ", size, " bytes, at least ", plan.min_length,
                         " are needed; complete it")};
  }
  return {};
}

FormatComplaint CheckInteger(const FieldPlan& plan, int64_t value) {
  if (plan.minimum.has_value() && value < *plan.minimum) return OutOfRange(plan, value);
  if (plan.maximum.has_value() && value > *plan.maximum) return OutOfRange(plan, value);
  return {};
}

FormatComplaint CheckUnsigned(const FieldPlan& plan, uint64_t value) {
  constexpr uint64_t kMost = std::numeric_limits<int64_t>::max();
  if (value <= kMost) return CheckInteger(plan, static_cast<int64_t>(value));
  return plan.maximum.has_value() ? OutOfRange(plan, value) : FormatComplaint();
}

FormatComplaint CheckReal(const FieldPlan& plan, double value) {
  if (!std::isfinite(value)) {
    return {"不是有限的数；请发送普通数值", "not a finite number; send an ordinary one"};
  }
  if (plan.minimum.has_value() && value < static_cast<double>(*plan.minimum)) {
    return OutOfRange(plan, value);
  }
  if (plan.maximum.has_value() && value > static_cast<double>(*plan.maximum)) {
    return OutOfRange(plan, value);
  }
  return {};
}

FormatComplaint CheckEnum(const EnumDescriptor* type, int value, bool item) {
  if (type->FindValueByNumber(value) != nullptr && (value != 0 || !item)) return {};
  return {absl::StrCat("没有编号为 ", value, " 的取值；可用：", AllowedValues(type)),
          absl::StrCat(value, " is no value of the list; use one of ", AllowedValues(type))};
}

FormatComplaint CheckTimestamp(int64_t seconds, int32_t nanos) {
  constexpr int64_t kFirst = -62135596800;  // 0001-01-01T00:00:00Z
  constexpr int64_t kLast = 253402300799;   // 9999-12-31T23:59:59Z
  if (seconds >= kFirst && seconds <= kLast && nanos >= 0 && nanos < kNanosPerSecond) return {};
  return {"时间超出范围，须在公元 1 年至 9999 年之间，纳秒为 0 至 999999999",
          "out of range; send a time of the years 1 to 9999, with 0 to 999999999 nanoseconds"};
}

FormatComplaint CheckDuration(int64_t seconds, int32_t nanos) {
  constexpr int64_t kLongest = 315576000000;
  const bool same_sign = seconds == 0 || nanos == 0 || (seconds > 0) == (nanos > 0);
  if (seconds >= -kLongest && seconds <= kLongest && nanos > -kNanosPerSecond &&
      nanos < kNanosPerSecond && same_sign) {
    return {};
  }
  return {"时长超出范围，须在正负 10000 年之内，秒与纳秒同号",
          "out of range; send at most 10000 years, seconds and nanoseconds of the same sign"};
}

FormatComplaint Missing(const FieldPlan& plan) {
  const FieldDescriptor* field = plan.field;
  if (field->is_repeated()) {
    return {"必填，至少一项；请补上", "required, at least one item; add it"};
  }
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (plan.message->is_field_mask) {
        return {"必填；请列出要修改的字段，或用 * 表示全部",
                "required; list the fields to change, or \"*\" for all"};
      }
      return {"必填；请补上", "required; add it"};
    case FieldDescriptor::CPPTYPE_ENUM:
      return {absl::StrCat("必填；可用：", AllowedValues(field->enum_type())),
              absl::StrCat("required; use one of ", AllowedValues(field->enum_type()))};
    case FieldDescriptor::CPPTYPE_STRING:
      if (!plan.resource.empty()) {
        return {absl::StrCat("必填；须形如 ", plan.resource),
                absl::StrCat("required; send a name of the form ", plan.resource)};
      }
      return {"必填，不能为空；请填写", "required, not blank; fill it in"};
    case FieldDescriptor::CPPTYPE_BOOL:
      return {"必填；请明确填写 true 或 false", "required; send true or false"};
    default:
      if (plan.minimum.has_value() && plan.maximum.has_value()) {
        return {absl::StrCat("必填；须为 ", *plan.minimum, " 至 ", *plan.maximum, "，不能为 0"),
                absl::StrCat("required; send ", *plan.minimum, " to ", *plan.maximum,
                             ", other than 0")};
      }
      return {"必填，不能为 0；请填写", "required, not 0; fill it in"};
  }
}

FormatComplaint TooManyItems(const FieldPlan& plan, int items) {
  return {absl::StrCat("有 ", items, " 项，最多 ", plan.max_items, " 项；请减少或分次发送"),
          absl::StrCat("has ", items, " items, ", plan.max_items,
                       " are allowed; send fewer, or several requests")};
}

FormatComplaint EmptyItem() {
  return {"列表中的项不能为空；请填写或删去",
          "an item of a list is not blank; fill it in or remove it"};
}

}  // namespace fuju::chassis::internal
