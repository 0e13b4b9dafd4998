#include "applications/notices/text_book.h"

#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <google/protobuf/util/json_util.h>

#include "applications/notices/notice_kinds.h"
#include "applications/notices/notice_values.h"
#include "applications/notices/text_pattern.h"
#include "vocabulary/region.h"

namespace fuju::applications {
namespace {

using storage::v1::NoticeForms;
using storage::v1::NoticeFrame;
using storage::v1::NoticeKindTexts;
using storage::v1::NoticeTexts;

constexpr char kChinese[] = "zh";
// One message, and the seven parts that networks join reliably.
constexpr int kShortestSms = 70;
constexpr int kLongestSms = 469;

// What may stand in one form.
struct FormRules {
  absl::Span<const absl::string_view> case_values;
  bool only_discreet = false;
  // 0: as long as it likes.
  int most_characters = 0;
};

class Checker {
 public:
  explicit Checker(const NoticeTexts& texts) : texts_(texts) {}

  std::vector<std::string> Check() {
    Require(!texts_.edition().empty(), "edition", "is missing");
    Require(
        texts_.sms_max_characters() >= kShortestSms && texts_.sms_max_characters() <= kLongestSms,
        "sms_max_characters", absl::StrCat("must be ", kShortestSms, " to ", kLongestSms));
    Require(!texts_.phone().empty(), "phone", "is missing");
    for (const auto& [code, office] : texts_.offices()) {
      Require(vocabulary::RegionCode::Parse(code).ok(), absl::StrCat("offices.", code),
              "is no county code");
    }
    Require(texts_.frames().contains(kChinese), "frames.zh", "is missing");
    for (const auto& [language, frame] : texts_.frames()) CheckFrame(language, frame);
    for (const v1::NoticeKind kind : AllNoticeKinds()) CheckKind(kind);
    CheckNames();
    absl::c_sort(complaints_);
    return std::move(complaints_);
  }

 private:
  void Require(bool holds, absl::string_view where, absl::string_view complaint) {
    if (!holds) complaints_.push_back(absl::StrCat(where, " ", complaint));
  }

  void CheckFrame(const std::string& language, const NoticeFrame& frame) {
    const std::string where = absl::StrCat("frames.", language, ".");
    const FormRules all;
    CheckText(absl::StrCat(where, "helper_prefix"), frame.helper_prefix(), all);
    CheckText(absl::StrCat(where, "letter_to"), frame.letter_to(), all);
    CheckText(absl::StrCat(where, "letter_salutation"), frame.letter_salutation(), all);
    CheckText(absl::StrCat(where, "letter_reference"), frame.letter_reference(), all);
    CheckText(absl::StrCat(where, "letter_help"), frame.letter_help(), all);
    CheckText(absl::StrCat(where, "letter_sender"), frame.letter_sender(), all);
  }

  void CheckKind(v1::NoticeKind kind) {
    const std::string name = NoticeKindName(kind);
    const std::string where = absl::StrCat("kinds.", name);
    const auto found = texts_.kinds().find(name);
    if (found == texts_.kinds().end()) return Require(false, where, "is missing");
    const NoticeKindTexts& texts = found->second;
    if (texts.silent()) {
      return Require(texts.languages().empty(), where, "is silent and has texts");
    }
    Require(texts.languages().contains(kChinese), absl::StrCat(where, ".zh"), "is missing");
    for (const auto& [language, forms] : texts.languages()) {
      Require(texts_.frames().contains(language), absl::StrCat("frames.", language), "is missing");
      CheckForms(absl::StrCat(where, ".", language, "."), kind, forms);
    }
  }

  void CheckForms(const std::string& where, v1::NoticeKind kind, const NoticeForms& forms) {
    const auto values = CaseValuesOf(kind);
    CheckText(absl::StrCat(where, "title"), forms.title(), {.case_values = {}});
    CheckText(absl::StrCat(where, "sms"), forms.sms(),
              {.case_values = values,
               .only_discreet = true,
               .most_characters = texts_.sms_max_characters()});
    CheckText(absl::StrCat(where, "voice"), forms.voice(),
              {.case_values = values, .only_discreet = true});
    CheckText(absl::StrCat(where, "letter"), forms.letter(), {.case_values = values});
  }

  void CheckText(const std::string& where, const std::string& text, const FormRules& rules) {
    if (text.empty()) return Require(false, where, "is missing");
    const auto pieces = ParsePattern(text);
    if (!pieces.ok()) return Require(false, where, pieces.status().message());
    int longest = 0;
    for (const PatternPiece& piece : *pieces) {
      if (!piece.placeholder) {
        longest += CharactersOf(piece.text);
        continue;
      }
      const std::string braced = absl::StrCat("{", piece.text, "}");
      const NoticePlaceholder* const known = FindPlaceholder(piece.text);
      if (known == nullptr) {
        Require(false, where, absl::StrCat("has ", braced, ", which is not known"));
        continue;
      }
      longest += known->most_characters;
      Require(absl::c_linear_search(rules.case_values, piece.text) ||
                  absl::c_linear_search(CommonValues(), piece.text),
              where, absl::StrCat("has ", braced, ", which is not there"));
      Require(known->discreet || !rules.only_discreet, where,
              absl::StrCat("has ", braced, ", which belongs into a letter"));
    }
    Require(rules.most_characters == 0 || longest <= rules.most_characters, where,
            absl::StrCat("can get ", longest, " characters long; ", rules.most_characters,
                         " are allowed"));
  }

  void CheckNames() {
    for (const auto& [name, texts] : texts_.kinds()) {
      const std::string& given = name;
      const bool known = absl::c_any_of(AllNoticeKinds(), [&given](v1::NoticeKind kind) {
        return NoticeKindName(kind) == given;
      });
      Require(known, absl::StrCat("kinds.", name), "is no kind of notice");
    }
  }

  const NoticeTexts& texts_;
  std::vector<std::string> complaints_;
};

}  // namespace

absl::StatusOr<NoticeTextBook> NoticeTextBook::Parse(absl::string_view json) {
  NoticeTexts texts;
  const auto parsed = google::protobuf::util::JsonStringToMessage(
      google::protobuf::StringPiece(json.data(), json.size()), &texts);
  if (!parsed.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("is not the form of notice_texts.proto: ", parsed.ToString()));
  }
  const std::vector<std::string> complaints = Checker(texts).Check();
  if (!complaints.empty()) return absl::InvalidArgumentError(absl::StrJoin(complaints, "\n"));
  return NoticeTextBook(std::move(texts));
}

bool NoticeTextBook::IsSilent(v1::NoticeKind kind) const {
  const auto found = texts_.kinds().find(NoticeKindName(kind));
  return found == texts_.kinds().end() || found->second.silent();
}

std::string NoticeTextBook::LanguageOf(v1::NoticeKind kind, const std::string& language) const {
  const auto found = texts_.kinds().find(NoticeKindName(kind));
  const bool told = found != texts_.kinds().end() && found->second.languages().contains(language);
  return told ? language : kChinese;
}

const NoticeForms& NoticeTextBook::FormsOf(v1::NoticeKind kind, const std::string& language) const {
  const auto found = texts_.kinds().find(NoticeKindName(kind));
  if (found == texts_.kinds().end()) return NoticeForms::default_instance();
  const auto forms = found->second.languages().find(language);
  return forms == found->second.languages().end() ? NoticeForms::default_instance() : forms->second;
}

const NoticeFrame& NoticeTextBook::FrameOf(const std::string& language) const {
  const auto found = texts_.frames().find(language);
  return found == texts_.frames().end() ? NoticeFrame::default_instance() : found->second;
}

std::string NoticeTextBook::OfficeOf(const std::string& county_code,
                                     const std::string& county) const {
  const auto found = texts_.offices().find(county_code);
  if (found != texts_.offices().end() && !found->second.name().empty()) {
    return found->second.name();
  }
  return absl::StrCat(county, "残疾人联合会");
}

std::string NoticeTextBook::PhoneOf(const std::string& county_code) const {
  const auto found = texts_.offices().find(county_code);
  if (found != texts_.offices().end() && !found->second.phone().empty()) {
    return found->second.phone();
  }
  return texts_.phone();
}

}  // namespace fuju::applications
