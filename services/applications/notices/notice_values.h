#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "fuju/applications/storage/v1/notice_record.pb.h"
#include "fuju/applications/v1/application.pb.h"
#include "fuju/applications/v1/notice.pb.h"

namespace fuju::applications {

// What stands in the braces of a notice's text, such as {deadline}. Pure.

// One placeholder of the closed list.
struct NoticePlaceholder {
  absl::string_view name;
  // May stand in a text message and in what a voice reads to whoever answers the phone: neither
  // who the person is, nor anything from which health could be read.
  bool discreet;
  // Most characters that it takes in a text message; what is longer is cut.
  int most_characters;
};

// Null if there is none of that name.
const NoticePlaceholder* FindPlaceholder(absl::string_view name);

// Names of what a text of this kind may say of the case, without those that all texts may have.
absl::Span<const absl::string_view> CaseValuesOf(v1::NoticeKind kind);
// Names that every text may have: the office, its phone, the application's name, the person's, the
// reviewer's own words.
absl::Span<const absl::string_view> CommonValues();

// The values of CaseValuesOf, as they are after the fact that carries `application`.
std::vector<storage::v1::NoticeValue> CaseValues(v1::NoticeKind kind,
                                                 const v1::Application& application);

}  // namespace fuju::applications
