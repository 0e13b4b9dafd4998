#include "applications/intake/intake_book.h"

#include <functional>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "applications/intake/intake_check.h"
#include "applications/limits.h"

namespace fuju::applications {
namespace {

// Reads a file, checks it if it could be read at all, and writes down what is wrong.
template <typename File>
void ReadFile(absl::string_view name, const std::string& text,
              const std::function<std::vector<ConfigProblem>(const File&)>& check, File& file,
              std::vector<std::string>& complaints) {
  std::vector<ConfigProblem> problems = ReadConfigJson(text, file);
  const bool no_json = problems.size() == 1 && problems[0].place.empty();
  if (!no_json) absl::c_move(check(file), std::back_inserter(problems));
  for (const ConfigProblem& problem : problems) {
    complaints.push_back(
        absl::StrCat(name, ": ", problem.place, problem.place.empty() ? "" : ": ", problem.text));
  }
}

}  // namespace

absl::StatusOr<IntakeBook> IntakeBook::Parse(const IntakeTexts& texts,
                                             const std::set<std::string>& item_codes) {
  IntakeBook book;
  std::vector<std::string> complaints;
  ReadFile<storage::v1::IntakeFile>(
      "intake.json", texts.intake,
      [&item_codes](const auto& file) { return CheckIntake(file, item_codes); }, book.rules_,
      complaints);
  ReadFile<storage::v1::ConsentsFile>("consents.json", texts.consents, CheckConsents,
                                      book.consents_, complaints);
  ReadFile<storage::v1::DocumentsFile>(
      "documents.json", texts.documents,
      [&item_codes](const auto& file) { return CheckDocuments(file, item_codes); }, book.documents_,
      complaints);
  if (!complaints.empty()) return absl::InvalidArgumentError(absl::StrJoin(complaints, "\n"));
  // CheckIntake read it.
  book.draft_limit_ = Limit::Parse(book.rules_.draft_limit())->time();
  return book;
}

bool IntakeBook::MayHelp(absl::string_view role) const {
  return absl::c_linear_search(rules_.officer_roles(), role);
}

std::vector<const v1::ConsentText*> IntakeBook::NewestConsents() const {
  std::vector<const v1::ConsentText*> newest;
  for (const v1::ConsentText& text : consents_.consents()) {
    if (FindNewestConsent(text.purpose()) == &text) newest.push_back(&text);
  }
  return newest;
}

const v1::ConsentText* IntakeBook::FindNewestConsent(absl::string_view purpose) const {
  const v1::ConsentText* newest = nullptr;
  for (const v1::ConsentText& text : consents_.consents()) {
    if (text.purpose() == purpose) newest = &text;
  }
  return newest;
}

const v1::ConsentText* IntakeBook::FindConsent(absl::string_view purpose, int version) const {
  for (const v1::ConsentText& text : consents_.consents()) {
    if (text.purpose() == purpose && text.version() == version) return &text;
  }
  return nullptr;
}

const storage::v1::DocumentKind* IntakeBook::FindDocument(absl::string_view kind) const {
  for (const storage::v1::DocumentKind& document : documents_.documents()) {
    if (document.kind() == kind) return &document;
  }
  return nullptr;
}

}  // namespace fuju::applications
