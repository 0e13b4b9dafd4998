#include "catalogue/versions/violations.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "chassis/values/refusal.h"
#include "vocabulary/invalid_value.h"
#include "vocabulary/utf8.h"

namespace fuju::catalogue {
namespace {

constexpr size_t kLongestShown = 40;

}  // namespace

void Violations::Add(std::string path, std::string zh, std::string en) {
  paths_.insert(path);
  if (++count_ <= kMostListedViolations) {
    listed_.push_back({std::move(path), std::move(zh), std::move(en)});
  }
}

void Violations::AddValue(std::string path, absl::string_view value, absl::string_view allowed_zh,
                          absl::string_view allowed_en) {
  const std::string shown = Shown(value);
  Add(std::move(path), absl::StrCat("“", shown, "”应为", allowed_zh),
      absl::StrCat("'", shown, "' should be ", allowed_en));
}

void Violations::AddStatus(std::string path, const absl::Status& why) {
  const absl::string_view message = why.message();
  const size_t split = message.find(vocabulary::kLanguageSeparator);
  if (split == absl::string_view::npos) {
    Add(std::move(path), std::string(message), std::string(message));
    return;
  }
  Add(std::move(path), std::string(message.substr(0, split)),
      std::string(message.substr(split + vocabulary::kLanguageSeparator.size())));
}

absl::Status Violations::ToStatus() const {
  if (count_ == 0) return absl::OkStatus();
  const int more = count_ - static_cast<int>(listed_.size());
  std::string zh = absl::StrCat("补贴目录文件有", count_, "处错误");
  std::string en = absl::StrCat("the catalogue file has ", count_, " errors");
  if (more > 0) {
    absl::StrAppend(&zh, "，另有", more, "处未列出");
    absl::StrAppend(&en, ", ", more, " more than are listed");
  }
  chassis::Refusal refusal(absl::StatusCode::kInvalidArgument, "CATALOGUE_INVALID", zh, en);
  refusal.With("errors", absl::StrCat(count_));
  for (const Field& field : listed_) refusal.Field(field.path, field.zh, field.en);
  return refusal;
}

std::string Shown(absl::string_view text) {
  if (text.empty()) return "";
  std::vector<char32_t> code_points =
      vocabulary::DecodeUtf8(text).value_or(std::vector<char32_t>());
  if (code_points.empty()) return "?";
  if (code_points.size() <= kLongestShown) return std::string(text);
  code_points.resize(kLongestShown);
  return absl::StrCat(vocabulary::EncodeUtf8(code_points), "…");
}

}  // namespace fuju::catalogue
