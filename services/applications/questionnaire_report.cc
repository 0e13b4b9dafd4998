#include "applications/questionnaire_report.h"

#include "absl/strings/ascii.h"

#include "vocabulary/invalid_value.h"
#include "vocabulary/utf8.h"

namespace fuju::applications {
namespace {

constexpr size_t kLongestId = 40;
// Half a minute of speech.
constexpr size_t kLongestText = 400;
// What nobody can say, or a screen reader spells out.
constexpr absl::string_view kUnspeakable = "<>{}[]|*_#~^=@&\\/";

bool IsHan(char32_t c) { return c >= 0x4E00 && c <= 0x9FFF; }

bool IsUnspeakable(char32_t c) {
  return c < 0x20 || c == 0x7F ||
         (c < 0x80 && kUnspeakable.find(static_cast<char>(c)) != absl::string_view::npos);
}

}  // namespace

bool IsQuestionnaireId(absl::string_view text) {
  return !text.empty() && text.size() <= kLongestId && absl::ascii_islower(text[0]) &&
         absl::c_all_of(text, [](char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '_';
         });
}

void QuestionnaireReport::Add(absl::string_view place, absl::string_view zh, absl::string_view en) {
  complaints_.push_back(
      absl::StrCat(file_, ": ", place, ": ", zh, vocabulary::kLanguageSeparator, en));
}

void QuestionnaireReport::CheckText(const std::string& place, const std::string& zh,
                                    const std::string& en) {
  const std::string place_zh = absl::StrCat(place, "Zh");
  const std::string place_en = absl::StrCat(place, "En");
  if (zh.empty()) {
    Add(place_zh, "缺少中文，请补上", "the Chinese text is missing: add it");
  } else {
    CheckSentence(place_zh, zh, true);
  }
  if (en.empty()) {
    Add(place_en, "缺少英文，请补上", "the English text is missing: add it");
  } else {
    CheckSentence(place_en, en, false);
  }
}

void QuestionnaireReport::CheckSentence(const std::string& place, const std::string& text,
                                        bool chinese) {
  const auto letters = vocabulary::DecodeUtf8(text);
  if (!letters.has_value()) return Add(place, "不是UTF-8文字", "is not UTF-8");
  if (letters->size() > kLongestText) {
    Add(place, absl::StrCat("有", letters->size(), "个字，最多", kLongestText, "个，请写短一些"),
        absl::StrCat("has ", letters->size(), " characters, at most ", kLongestText,
                     " can be listened to: shorten it"));
  }
  if (absl::c_any_of(*letters, IsUnspeakable)) {
    Add(place, "含有读不出来的符号或换行，请改成能念的句子",
        "has a sign or a line break that can not be spoken: write a plain sentence");
  }
  if (absl::c_any_of(*letters, IsHan) == chinese) return;
  if (chinese) {
    Add(place, "没有汉字，这里应是中文", "has no Chinese character: this is the Chinese text");
  } else {
    Add(place, "含有汉字，这里应是英文", "has Chinese characters: this is the English text");
  }
}

void QuestionnaireReport::CheckId(const std::string& place, const std::string& id, bool first) {
  if (!IsQuestionnaireId(id)) {
    Add(place, "编号应为小写字母开头的小写字母、数字和下划线，最多40个",
        "an id is lower-case letters, digits and _, begins with a letter and has at most 40");
  } else if (!first) {
    Add(place, absl::StrCat("编号“", id, "”用了两次，请改一个"),
        absl::StrCat("the id '", id, "' is used twice: change one of them"));
  }
}

}  // namespace fuju::applications
