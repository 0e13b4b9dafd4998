#include <algorithm>
#include <utility>

#include "chassis/rpc/validation.h"

namespace fuju::chassis {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

FormatComplaint CheckRequestId(std::string_view text) {
  constexpr size_t kLongest = 64;
  const auto allowed = [](char c) { return IsLetter(c) || IsDigit(c) || c == '-' || c == '_'; };
  if (text.size() <= kLongest && std::all_of(text.begin(), text.end(), allowed)) return {};
  return {"须为 1 至 64 个字母、数字、- 或 _，例如一个新的 UUID",
          "send 1 to 64 letters, digits, - or _, such as a new UUID"};
}

FormatComplaint CheckSha256(std::string_view text) {
  constexpr size_t kDigits = 64;
  const auto allowed = [](char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); };
  if (text.size() == kDigits && std::all_of(text.begin(), text.end(), allowed)) return {};
  return {"须为 64 位小写十六进制数（SHA-256）", "send 64 lower-case hex digits (SHA-256)"};
}

FormatComplaint CheckLabel(std::string_view text) {
  const auto allowed = [](char c) {
    return IsLetter(c) || IsDigit(c) || c == '.' || c == '_' || c == '-';
  };
  if (!text.empty() && (IsLetter(text[0]) || IsDigit(text[0])) &&
      std::all_of(text.begin(), text.end(), allowed)) {
    return {};
  }
  return {"须为字母、数字、. _ -，并以字母或数字开头",
          "send letters, digits, . _ -, starting with a letter or digit"};
}

}  // namespace

FormatRegistry::FormatRegistry() {
  Add("request_id", CheckRequestId);
  Add("sha256", CheckSha256);
  Add("label", CheckLabel);
}

void FormatRegistry::Add(std::string name, Check check) {
  checks_[std::move(name)] = std::move(check);
}

const FormatRegistry::Check* FormatRegistry::Find(std::string_view name) const {
  const auto found = checks_.find(name);
  return found == checks_.end() ? nullptr : &found->second;
}

}  // namespace fuju::chassis
