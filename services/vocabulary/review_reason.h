#ifndef FUJU_VOCABULARY_REVIEW_REASON_H_
#define FUJU_VOCABULARY_REVIEW_REASON_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace fuju::vocabulary {

// Why a county rejects an application or returns it for supplement: a closed list, so that reasons
// can be counted, with the words that the applicant reads. What is special about a case stands in
// the reviewer's remark. A code is never renamed or reused: old cases carry it.
struct ReviewReason {
  absl::string_view code;
  absl::string_view text_zh;
  absl::string_view text_en;
};

// All of them, in the order in which a form offers them.
absl::Span<const ReviewReason> ReviewReasons();

// Null if there is no such code.
const ReviewReason* FindReviewReason(absl::string_view code);

}  // namespace fuju::vocabulary

#endif  // FUJU_VOCABULARY_REVIEW_REASON_H_
