#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"

#include "applications/notices/notice.h"
#include "applications/notices/text_book.h"
#include "applications/notices/webhook_provider.h"

namespace fuju::applications {

// What the flags of notices say, checked and loaded. The flags stand in notice_settings.cc.
struct NoticeSettings {
  NoticeTextBook texts;
  NoticePolicy policy;
  // Attempts that run at once.
  int senders = 4;
  // Text messages and calls, and letters if there is no folder for them.
  std::optional<WebhookProvider::Options> webhook;
  // Folder for letters; empty: none.
  std::string letter_dir;
};

// Reads flags and files; nothing if there is neither a webhook nor a folder for letters: then
// nobody is told anything. INVALID_ARGUMENT names all that is wrong at once.
absl::StatusOr<std::optional<NoticeSettings>> ReadNoticeSettings();

}  // namespace fuju::applications
