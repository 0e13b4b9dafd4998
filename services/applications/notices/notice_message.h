#pragma once

#include <string>

#include "absl/status/statusor.h"

#include "applications/application.h"
#include "applications/notices/notice.h"
#include "applications/notices/notice_provider.h"
#include "applications/notices/text_book.h"

namespace fuju::applications {

// What goes out for a notice: the text of its kind in the form of its channel and the language of
// the person, filled in. `application` is the one in the store; `county` the full name of its
// county. FAILED_PRECONDITION with a short code as message if there is no text or nobody to send it
// to. Pure.
absl::StatusOr<NoticeMessage> ComposeMessage(const NoticeRecord& record, const Record& application,
                                             const NoticeTextBook& texts,
                                             const std::string& county);

}  // namespace fuju::applications
