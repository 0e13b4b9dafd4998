#include "applications/intake/intake_check.h"

#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "applications/limits.h"
#include "applications/staff_roles.h"

namespace fuju::applications {
namespace {

using storage::v1::CaseCondition;

constexpr size_t kLongestId = 40;

bool IsId(absl::string_view id) {
  return !id.empty() && id.size() <= kLongestId && absl::ascii_islower(id[0]) &&
         absl::c_all_of(id, [](char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '_';
         });
}

class Checker {
 public:
  explicit Checker(const std::set<std::string>& item_codes) : item_codes_(item_codes) {}

  void Complain(std::string place, std::string text) {
    problems_.push_back({std::move(place), std::move(text)});
  }

  void RequireWords(const std::string& place, absl::string_view words) {
    if (absl::StripAsciiWhitespace(words).empty()) {
      Complain(place, "is missing: people read it");
    }
  }

  void RequireId(const std::string& place, absl::string_view id) {
    if (!IsId(id)) {
      Complain(place, "must be a small letter, then small letters, digits and '_', 40 at most");
    }
  }

  template <typename Sources>
  void RequireSources(const Sources& sources) {
    if (sources.empty()) {
      Complain("sources", "is empty: say where the values come from, or that they are ours");
    }
  }

  template <typename Conditions>
  void CheckConditions(const std::string& field, const Conditions& conditions) {
    for (int i = 0; i < conditions.size(); ++i) {
      CheckCondition(absl::StrCat(field, "[", i, "]"), conditions[i]);
    }
  }

  std::vector<ConfigProblem> Take() { return std::move(problems_); }

 private:
  void CheckCondition(const std::string& place, const CaseCondition& condition) {
    if (condition.ByteSizeLong() == 0) {
      Complain(place, "is empty and would hold for everybody: say when, such as \"ageMin\": 0");
    }
    if (condition.has_age_min() && condition.has_age_max() &&
        condition.age_min() > condition.age_max()) {
      Complain(absl::StrCat(place, ".ageMax"), "is below ageMin: it would hold for nobody");
    }
    RequireItems(absl::StrCat(place, ".items"), condition.items());
    RequireAreas(absl::StrCat(place, ".areas"), condition.areas());
    RequireValues(absl::StrCat(place, ".categories"), condition.categories());
    RequireValues(absl::StrCat(place, ".economicStatuses"), condition.economic_statuses());
    RequireValues(absl::StrCat(place, ".relations"), condition.relations());
    RequireValues(absl::StrCat(place, ".residences"), condition.residences());
    RequireValues(absl::StrCat(place, ".earlyGrounds"), condition.early_grounds());
  }

  template <typename Prefixes>
  void RequireItems(const std::string& place, const Prefixes& prefixes) {
    for (int i = 0; i < prefixes.size(); ++i) {
      const std::string& prefix = prefixes[i];
      const auto first = item_codes_.lower_bound(prefix);
      if (!prefix.empty() && first != item_codes_.end() && absl::StartsWith(*first, prefix)) {
        continue;
      }
      Complain(absl::StrCat(place, "[", i, "]"),
               absl::StrCat("\"", prefix, "\" begins no item code of catalogue.csv"));
    }
  }

  template <typename Prefixes>
  void RequireAreas(const std::string& place, const Prefixes& prefixes) {
    for (int i = 0; i < prefixes.size(); ++i) {
      const std::string& prefix = prefixes[i];
      if (prefix.size() >= 2 && prefix.size() <= 6 &&
          absl::c_all_of(prefix, [](char c) { return absl::ascii_isdigit(c); })) {
        continue;
      }
      Complain(absl::StrCat(place, "[", i, "]"),
               "must be how a county's code begins: 2 to 6 digits");
    }
  }

  template <typename Values>
  void RequireValues(const std::string& place, const Values& values) {
    for (int i = 0; i < values.size(); ++i) {
      if (values[i] == 0) {
        Complain(absl::StrCat(place, "[", i, "]"), "is UNSPECIFIED: name a value, or take it away");
      }
    }
  }

  const std::set<std::string>& item_codes_;
  std::vector<ConfigProblem> problems_;
};

}  // namespace

std::vector<ConfigProblem> CheckIntake(const storage::v1::IntakeFile& file,
                                       const std::set<std::string>& item_codes) {
  Checker checker(item_codes);
  checker.RequireSources(file.sources());
  checker.CheckConditions("guardianNeededWhen", file.guardian_needed_when());
  checker.CheckConditions("uncertifiedWhen", file.uncertified_when());
  for (int i = 0; i < file.officer_roles_size(); ++i) {
    if (FindStaffRole(file.officer_roles(i)) != nullptr) continue;
    checker.Complain(
        absl::StrCat("officerRoles[", i, "]"),
        absl::StrCat("must be one of ",
                     absl::StrJoin(StaffRoles(), ", ", [](std::string* out, const StaffRole& role) {
                       absl::StrAppend(out, role.name);
                     })));
  }
  const absl::StatusOr<Limit> limit = Limit::Parse(file.draft_limit());
  if (!limit.ok()) {
    checker.Complain("draftLimit", std::string(limit.status().message()));
  } else if (limit->in_working_days()) {
    checker.Complain("draftLimit", "must be a time, such as 1440h: weekends count, too");
  }
  return checker.Take();
}

std::vector<ConfigProblem> CheckConsents(const storage::v1::ConsentsFile& file) {
  const std::set<std::string> no_items;
  Checker checker(no_items);
  checker.RequireSources(file.sources());
  if (file.consents().empty()) checker.Complain("consents", "is empty: nothing would be asked");
  std::map<std::string, int> versions;
  std::map<int, std::string> purpose_of;
  for (int i = 0; i < file.consents_size(); ++i) {
    const v1::ConsentText& text = file.consents(i);
    const std::string place = absl::StrCat("consents[", i, "]");
    checker.RequireId(absl::StrCat(place, ".purpose"), text.purpose());
    const int expected = ++versions[text.purpose()];
    if (text.version() != expected) {
      checker.Complain(absl::StrCat(place, ".version"),
                       absl::StrCat("must be ", expected, ": the versions of ", text.purpose(),
                                    " count from 1 in the order of the file"));
    }
    checker.RequireWords(absl::StrCat(place, ".titleZh"), text.title_zh());
    checker.RequireWords(absl::StrCat(place, ".titleEn"), text.title_en());
    checker.RequireWords(absl::StrCat(place, ".textZh"), text.text_zh());
    checker.RequireWords(absl::StrCat(place, ".textEn"), text.text_en());
    if (text.effect() == v1::CONSENT_EFFECT_UNSPECIFIED) continue;
    const std::string effect_place = absl::StrCat(place, ".effect");
    if (text.required()) {
      checker.Complain(effect_place, "is for what may be left out: take it or `required` away");
    }
    const auto [first, is_new] = purpose_of.emplace(text.effect(), text.purpose());
    if (!is_new && first->second != text.purpose()) {
      checker.Complain(effect_place, absl::StrCat("is that of ", first->second,
                                                  ": one purpose decides an effect"));
    }
  }
  return checker.Take();
}

std::vector<ConfigProblem> CheckDocuments(const storage::v1::DocumentsFile& file,
                                          const std::set<std::string>& item_codes) {
  Checker checker(item_codes);
  checker.RequireSources(file.sources());
  std::set<std::string> kinds;
  for (int i = 0; i < file.documents_size(); ++i) {
    const storage::v1::DocumentKind& document = file.documents(i);
    const std::string place = absl::StrCat("documents[", i, "]");
    checker.RequireId(absl::StrCat(place, ".kind"), document.kind());
    if (!kinds.insert(document.kind()).second) {
      checker.Complain(absl::StrCat(place, ".kind"),
                       absl::StrCat(document.kind(), " stands there before: join them"));
    }
    checker.RequireWords(absl::StrCat(place, ".nameZh"), document.name_zh());
    checker.RequireWords(absl::StrCat(place, ".nameEn"), document.name_en());
    checker.RequireWords(absl::StrCat(place, ".hintZh"), document.hint_zh());
    checker.RequireWords(absl::StrCat(place, ".hintEn"), document.hint_en());
    checker.CheckConditions(absl::StrCat(place, ".neededWhen"), document.needed_when());
  }
  return checker.Take();
}

}  // namespace fuju::applications
