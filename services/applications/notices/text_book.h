#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "fuju/applications/storage/v1/notice_texts.pb.h"
#include "fuju/applications/v1/notice.pb.h"

namespace fuju::applications {

// The texts of a province's notices (deploy/data/gansu/notices.json), checked. Immutable.
class NoticeTextBook {
 public:
  // INVALID_ARGUMENT names all that is wrong at once, a line each: a kind or form that is missing,
  // one that is not known, a language without frame, a placeholder that is unknown, that the kind
  // does not have, or that is not discreet enough for the form, a text message that can get too
  // long.
  static absl::StatusOr<NoticeTextBook> Parse(absl::string_view json);

  const std::string& edition() const { return texts_.edition(); }

  // Nobody is told of this kind.
  bool IsSilent(v1::NoticeKind kind) const;
  // The language in which a kind is told to who wants `language`: that, or "zh".
  std::string LanguageOf(v1::NoticeKind kind, const std::string& language) const;
  // Of a language that LanguageOf gave; empty texts for a silent kind.
  const storage::v1::NoticeForms& FormsOf(v1::NoticeKind kind, const std::string& language) const;
  const storage::v1::NoticeFrame& FrameOf(const std::string& language) const;

  // Whom a person of this county asks. `county` is its full name.
  std::string OfficeOf(const std::string& county_code, const std::string& county) const;
  std::string PhoneOf(const std::string& county_code) const;

 private:
  explicit NoticeTextBook(storage::v1::NoticeTexts texts) : texts_(std::move(texts)) {}

  storage::v1::NoticeTexts texts_;
};

}  // namespace fuju::applications
