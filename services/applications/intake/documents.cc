#include "applications/intake/documents.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"

#include "applications/intake/person_facts.h"
#include "chassis/values/timestamps.h"

namespace fuju::applications {
namespace {

// The same paper or file, whatever its stamps.
bool IsSame(const v1::Document& one, const v1::Document& other) {
  return one.kind() == other.kind() && one.uri() == other.uri() &&
         one.shelf_mark() == other.shelf_mark() && one.sha256() == other.sha256() &&
         one.size_bytes() == other.size_bytes() && one.media_type() == other.media_type();
}

bool HasKind(const v1::Applicant& applicant, absl::string_view kind) {
  return absl::c_any_of(applicant.documents(),
                        [kind](const v1::Document& document) { return document.kind() == kind; });
}

Text NameOfKind(const IntakeBook& book, const std::string& kind) {
  const storage::v1::DocumentKind* found = book.FindDocument(kind);
  return found == nullptr ? Text{kind, kind} : Text{found->name_zh(), found->name_en()};
}

constexpr char kNoKindZh[] = "没有这种材料，请用材料清单里的名称";
constexpr char kNoKindEn[] = "there is no such kind: take one from the list of documents";

}  // namespace

void NormaliseDocuments(const v1::Applicant& before, const IntakeBook& book, const Act& act,
                        const std::string& path,
                        google::protobuf::RepeatedPtrField<v1::Document>& documents,
                        chassis::Refusal& refusal) {
  for (int i = 0; i < documents.size(); ++i) {
    v1::Document& document = documents[i];
    const auto known = absl::c_find_if(
        before.documents(), [&document](const v1::Document& old) { return IsSame(old, document); });
    if (known != before.documents().end()) {
      document = *known;
      continue;
    }
    const std::string place = absl::StrCat(path, "[", i, "]");
    if (book.FindDocument(document.kind()) == nullptr) {
      refusal.Field(absl::StrCat(place, ".kind"), kNoKindZh, kNoKindEn);
    }
    if (document.uri().empty() && document.shelf_mark().empty()) {
      refusal.Field(absl::StrCat(place, ".uri"), "请填文件地址，或在shelf_mark填纸质材料的存放处",
                    "say where the file lies, or in shelf_mark where the paper is kept");
    }
    *document.mutable_attach_time() = chassis::ToTimestamp(act.now);
    document.set_actor(act.actor);
  }
}

std::vector<v1::RequiredDocument> RequiredDocuments(const IntakeBook& book,
                                                    const Situation& situation,
                                                    const v1::Applicant& applicant,
                                                    absl::Time now) {
  std::vector<v1::RequiredDocument> required;
  for (const storage::v1::DocumentKind& kind : book.documents()) {
    if (!HoldsAny(kind.needed_when(), situation)) continue;
    v1::RequiredDocument& document = required.emplace_back();
    document.set_kind(kind.kind());
    document.set_name_zh(kind.name_zh());
    document.set_name_en(kind.name_en());
    document.set_hint_zh(kind.hint_zh());
    document.set_hint_en(kind.hint_en());
    document.set_attached(HasKind(applicant, kind.kind()));
    document.set_verified_instead(IsVerified(applicant, kind.shows(), now));
  }
  return required;
}

void CheckDocumentsAttached(const IntakeBook& book, const v1::Application& application,
                            absl::Time now, chassis::Refusal& refusal) {
  for (const v1::RequiredDocument& document :
       RequiredDocuments(book, SituationOf(application, now), application.applicant(), now)) {
    if (document.attached() || document.verified_instead()) continue;
    refusal.Field(
        "application.applicant.documents",
        absl::StrCat("缺“", document.name_zh(), "”（", document.kind(), "）：", document.hint_zh()),
        absl::StrCat("\"", document.name_en(), "\" (", document.kind(),
                     ") is missing: ", document.hint_en()));
  }
}

absl::Status CheckDocumentKinds(const IntakeBook& book, const std::vector<std::string>& kinds) {
  chassis::Refusal refusal = chassis::InvalidFields();
  for (size_t i = 0; i < kinds.size(); ++i) {
    if (book.FindDocument(kinds[i]) != nullptr) continue;
    refusal.Field(absl::StrCat("document_kinds[", i, "]"), kNoKindZh, kNoKindEn);
  }
  if (refusal.has_fields()) return refusal;
  return absl::OkStatus();
}

Text DocumentNames(const IntakeBook& book, const std::vector<std::string>& kinds) {
  Text names;
  for (const std::string& kind : kinds) {
    const Text name = NameOfKind(book, kind);
    absl::StrAppend(&names.zh, names.zh.empty() ? "" : "、", name.zh);
    absl::StrAppend(&names.en, names.en.empty() ? "" : ", ", name.en);
  }
  return names;
}

absl::Status CheckAskedDocuments(const IntakeBook& book, const v1::Application& application,
                                 absl::Time returned) {
  chassis::Refusal refusal(absl::StatusCode::kFailedPrecondition, "DOCUMENT_MISSING",
                           "审核人员要求的材料还没有交齐",
                           "documents that the reviewer asked for are not there yet");
  for (const std::string& kind : application.outcome().document_kinds()) {
    const bool there = absl::c_any_of(
        application.applicant().documents(), [&kind, returned](const v1::Document& document) {
          return document.kind() == kind && chassis::ToTime(document.attach_time()) >= returned;
        });
    if (there) continue;
    const Text name = NameOfKind(book, kind);
    refusal.Field("documents", absl::StrCat("请补交“", name.zh, "”（", kind, "）"),
                  absl::StrCat("add \"", name.en, "\" (", kind, ")"));
  }
  if (refusal.has_fields()) return refusal;
  return absl::OkStatus();
}

}  // namespace fuju::applications
