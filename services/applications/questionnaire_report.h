#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace fuju::applications {

// Lower-case letters, digits and _, beginning with a letter, at most 40.
bool IsQuestionnaireId(absl::string_view text);

// "questions[walk]", or "questions[#3]" if the id can not tell the third one from others.
template <typename List>
std::string PlaceOf(absl::string_view list, const List& all, int index) {
  const std::string& id = all[index].id();
  const bool tells = IsQuestionnaireId(id) &&
                     absl::c_count_if(all, [&id](const auto& one) { return one.id() == id; }) == 1;
  return absl::StrCat(list, "[", tells ? id : absl::StrCat("#", index + 1), "]");
}

// Collects what is wrong with one file of a questionnaire, and knows what a text and an id may be.
class QuestionnaireReport {
 public:
  // `file` outlives it.
  explicit QuestionnaireReport(absl::string_view file) : file_(file) {}

  void Add(absl::string_view place, absl::string_view zh, absl::string_view en);

  // A text in both languages; `place` is without the "Zh" and "En" of the fields. Both are there,
  // each in its language, and can be read aloud.
  void CheckText(const std::string& place, const std::string& zh, const std::string& en);

  // The ids of a list: their form, and each once.
  template <typename List>
  void CheckIds(absl::string_view list, const List& all) {
    for (int i = 0; i < all.size(); ++i) {
      const auto first =
          absl::c_find_if(all, [&](const auto& one) { return one.id() == all[i].id(); });
      CheckId(absl::StrCat(list, "[#", i + 1, "].id"), all[i].id(), first - all.begin() == i);
    }
  }

  bool empty() const { return complaints_.empty(); }
  // The complaints, "<file>: <place>: <zh> / <en>".
  std::vector<std::string> Take() { return std::move(complaints_); }

 private:
  void CheckId(const std::string& place, const std::string& id, bool first);
  void CheckSentence(const std::string& place, const std::string& text, bool chinese);

  const absl::string_view file_;
  std::vector<std::string> complaints_;
};

}  // namespace fuju::applications
