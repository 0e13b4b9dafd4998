#include "catalogue/versions/cells.h"

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "vocabulary/money.h"
#include "vocabulary/utf8.h"

namespace fuju::catalogue {
namespace {

using absl::string_view;

// The beginning that all names of an enum have, "ITEM_KIND_".
string_view PrefixOf(const google::protobuf::EnumDescriptor& type) {
  return absl::StripSuffix(type.FindValueByNumber(0)->name(), "UNSPECIFIED");
}

}  // namespace

bool ReadText(string_view cell, size_t longest, std::string* text) {
  const auto code_points = vocabulary::DecodeUtf8(cell);
  if (!code_points.has_value() || code_points->size() > longest) return false;
  if (absl::c_any_of(*code_points, [](char32_t c) { return c < 0x20 || c == 0x7F; })) return false;
  *text = std::string(cell);
  return true;
}

bool ReadFilledText(string_view cell, size_t longest, std::string* text) {
  return !cell.empty() && absl::StripAsciiWhitespace(cell) == cell && ReadText(cell, longest, text);
}

bool ReadNumber(string_view cell, int lowest, int highest, int32_t* number) {
  if (cell.empty() || cell.size() > 6 ||
      !absl::c_all_of(cell, [](char c) { return c >= '0' && c <= '9'; }) ||
      (cell.size() > 1 && cell[0] == '0')) {
    return false;
  }
  return absl::SimpleAtoi(cell, number) && *number >= lowest && *number <= highest;
}

bool ReadYuan(string_view cell, int64_t lowest_fen, int64_t highest_fen, int64_t* fen) {
  const absl::StatusOr<vocabulary::Fen> amount = vocabulary::ParseYuan(cell);
  if (!amount.ok() || amount->count() < lowest_fen || amount->count() > highest_fen) return false;
  *fen = amount->count();
  return true;
}

std::string WriteYuan(int64_t fen) {
  const char* sign = fen < 0 ? "-" : "";
  const uint64_t size = fen < 0 ? -static_cast<uint64_t>(fen) : static_cast<uint64_t>(fen);
  if (size % 100 == 0) return absl::StrCat(sign, size / 100);
  return absl::StrFormat("%s%d.%02d", sign, size / 100, size % 100);
}

bool ReadRatio(string_view cell, int32_t* basis_points) {
  const absl::StatusOr<vocabulary::BasisPoints> ratio = vocabulary::BasisPoints::ParseRatio(cell);
  if (!ratio.ok()) return false;
  *basis_points = static_cast<int32_t>(ratio->count());
  return true;
}

std::string WriteRatio(int64_t basis_points) {
  const char* sign = basis_points < 0 ? "-" : "";
  const int64_t size = basis_points < 0 ? -basis_points : basis_points;
  std::string text = absl::StrFormat("%s%d.%04d", sign, size / 10000, size % 10000);
  // Two decimals at least.
  for (int spare = 0; spare < 2 && text.back() == '0'; ++spare) text.pop_back();
  return text;
}

bool ReadList(string_view cell, std::vector<std::string>* parts) {
  for (const string_view part : absl::StrSplit(cell, '|')) {
    if (part.empty() || absl::c_linear_search(*parts, part)) return false;
    parts->emplace_back(part);
  }
  return true;
}

std::string WriteEnum(const google::protobuf::EnumDescriptor& type, int value) {
  if (value == 0) return "";
  const google::protobuf::EnumValueDescriptor* named = type.FindValueByNumber(value);
  if (named == nullptr) return absl::StrCat(value);
  return absl::AsciiStrToLower(absl::StripPrefix(named->name(), PrefixOf(type)));
}

bool ReadEnum(const google::protobuf::EnumDescriptor& type, string_view cell, int* value) {
  for (int i = 1; i < type.value_count(); ++i) {
    if (WriteEnum(type, type.value(i)->number()) != cell) continue;
    *value = type.value(i)->number();
    return true;
  }
  return false;
}

}  // namespace fuju::catalogue
