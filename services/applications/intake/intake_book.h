#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <google/protobuf/repeated_field.h>

#include "fuju/applications/storage/v1/intake_files.pb.h"
#include "fuju/applications/v1/consent.pb.h"

namespace fuju::applications {

// Texts of intake.json, consents.json and documents.json.
struct IntakeTexts {
  std::string intake;
  std::string consents;
  std::string documents;
};

// Who may apply, and with what: the files of a province, checked (intake_check.h). A value; what it
// points to lives as long as the book does.
class IntakeBook {
 public:
  // INVALID_ARGUMENT has everything that is wrong in any of the files, a line each:
  //   "consents.json: consents[3].textZh: <what is wrong and how to mend it>"
  // `item_codes` are those of the catalogue. Pure.
  static absl::StatusOr<IntakeBook> Parse(const IntakeTexts& texts,
                                          const std::set<std::string>& item_codes);

  const storage::v1::IntakeFile& rules() const { return rules_; }
  // How long a draft is kept after its last change.
  absl::Duration draft_limit() const { return draft_limit_; }
  bool MayHelp(absl::string_view role) const;

  // The newest text of each purpose, in the order of the file.
  std::vector<const v1::ConsentText*> NewestConsents() const;
  // Null if there is none.
  const v1::ConsentText* FindNewestConsent(absl::string_view purpose) const;
  const v1::ConsentText* FindConsent(absl::string_view purpose, int version) const;

  const google::protobuf::RepeatedPtrField<storage::v1::DocumentKind>& documents() const {
    return documents_.documents();
  }
  // Null if there is none.
  const storage::v1::DocumentKind* FindDocument(absl::string_view kind) const;

 private:
  storage::v1::IntakeFile rules_;
  storage::v1::ConsentsFile consents_;
  storage::v1::DocumentsFile documents_;
  absl::Duration draft_limit_;
};

}  // namespace fuju::applications
