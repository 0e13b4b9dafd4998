#include "applications/notices/notice_settings.h"

#include <filesystem>
#include <utility>

#include "absl/flags/declare.h"
#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "applications/notices/webhook_signature.h"
#include "chassis/process/files.h"
#include "chassis/process/process.h"

ABSL_DECLARE_FLAG(std::string, data_dir);
ABSL_FLAG(std::string, notice_webhook_url, "",
          "Where text messages and voice calls to applicants are posted, as "
          "https://host:port/path; empty: nowhere.");
ABSL_FLAG(std::string, notice_webhook_secret_file, "",
          "File with the secret that signs them, in its first line, at least 16 bytes.");
ABSL_FLAG(std::string, notice_webhook_ca_file, "",
          "Certificates that are trusted at an https address; empty: those of the system.");
ABSL_FLAG(int, notice_timeout_ms, 5000,
          "For the connection to the receiver, and for each read and write, 100 to 60000 ms.");
ABSL_FLAG(std::string, notice_letter_dir, "",
          "Folder into which letters are written, one below it for each county; empty: they are "
          "posted as the other notices.");
ABSL_FLAG(std::string, notice_texts_file, "notices.json", "The texts of notices, in --data_dir.");
ABSL_FLAG(std::string, notice_quiet_hours, "21:00-08:00",
          "When no phone rings, in Asia/Shanghai; empty: never quiet.");
ABSL_FLAG(int, notice_oldest_fact_h, 72,
          "What happened longer ago is not told any more, as when notices are turned on, 1 to 8784 "
          "h.");
ABSL_FLAG(int, notice_attempts, 6, "Attempts until a notice is given up, 1 to 100.");
ABSL_FLAG(int, notice_first_pause_ms, 30000,
          "After the first failed attempt, 10 to 3600000 ms; four times as long after each further "
          "one.");
ABSL_FLAG(int, notice_longest_pause_s, 7200, "The longest of these pauses, 1 to 86400 s.");
ABSL_FLAG(int, notice_senders, 4, "Attempts that run at once, 1 to 64.");

namespace fuju::applications {
namespace {

using chassis::SettingsCheck;

// Several lines of complaint about one flag.
void Complain(SettingsCheck& check, absl::string_view flag, const absl::Status& why) {
  const std::string lines =
      absl::StrReplaceAll(why.message(), {{"\n", absl::StrCat("\n--", flag, ": ")}});
  check.Require(why.ok(), absl::StrCat("--", flag, ": ", lines));
}

std::optional<WebhookProvider::Options> ReadWebhook(SettingsCheck& check) {
  const std::string url_text = absl::GetFlag(FLAGS_notice_webhook_url);
  if (url_text.empty()) return std::nullopt;
  WebhookProvider::Options options;
  const absl::StatusOr<WebhookUrl> url = WebhookUrl::Parse(url_text);
  Complain(check, "notice_webhook_url", url.status());
  if (url.ok()) options.url = *url;
  absl::StatusOr<std::string> secret =
      chassis::ReadTextFile(absl::GetFlag(FLAGS_notice_webhook_secret_file));
  if (secret.ok()) secret = NewestSecret(*secret);
  Complain(check, "notice_webhook_secret_file", secret.status());
  if (secret.ok()) options.secret = *std::move(secret);
  options.ca_file = absl::GetFlag(FLAGS_notice_webhook_ca_file);
  if (!options.ca_file.empty()) {
    Complain(check, "notice_webhook_ca_file", chassis::ReadTextFile(options.ca_file).status());
  }
  const int timeout_ms = absl::GetFlag(FLAGS_notice_timeout_ms);
  check.RequireBetween("notice_timeout_ms", timeout_ms, 100, 60000);
  options.timeout = absl::Milliseconds(timeout_ms);
  return options;
}

NoticePolicy ReadPolicy(SettingsCheck& check) {
  NoticePolicy policy;
  const absl::StatusOr<QuietHours> quiet =
      QuietHours::Parse(absl::GetFlag(FLAGS_notice_quiet_hours));
  Complain(check, "notice_quiet_hours", quiet.status());
  if (quiet.ok()) policy.quiet_hours = *quiet;
  const int oldest_h = absl::GetFlag(FLAGS_notice_oldest_fact_h);
  check.RequireBetween("notice_oldest_fact_h", oldest_h, 1, 8784);
  policy.oldest_fact = absl::Hours(oldest_h);
  policy.attempts = absl::GetFlag(FLAGS_notice_attempts);
  check.RequireBetween("notice_attempts", policy.attempts, 1, 100);
  const int first_ms = absl::GetFlag(FLAGS_notice_first_pause_ms);
  check.RequireBetween("notice_first_pause_ms", first_ms, 10, 3600000);
  policy.first_pause = absl::Milliseconds(first_ms);
  const int longest_s = absl::GetFlag(FLAGS_notice_longest_pause_s);
  check.RequireBetween("notice_longest_pause_s", longest_s, 1, 86400);
  policy.longest_pause = absl::Seconds(longest_s);
  return policy;
}

absl::StatusOr<NoticeTextBook> ReadTexts() {
  const absl::StatusOr<std::string> json = chassis::ReadTextFile(
      absl::StrCat(absl::GetFlag(FLAGS_data_dir), "/", absl::GetFlag(FLAGS_notice_texts_file)));
  if (!json.ok()) return json.status();
  return NoticeTextBook::Parse(*json);
}

}  // namespace

absl::StatusOr<std::optional<NoticeSettings>> ReadNoticeSettings() {
  SettingsCheck check;
  std::optional<WebhookProvider::Options> webhook = ReadWebhook(check);
  const std::string letter_dir = absl::GetFlag(FLAGS_notice_letter_dir);
  NoticePolicy policy = ReadPolicy(check);
  policy.reaches_phones = webhook.has_value();
  const int senders = absl::GetFlag(FLAGS_notice_senders);
  check.RequireBetween("notice_senders", senders, 1, 64);
  if (!webhook.has_value() && letter_dir.empty()) {
    if (absl::Status s = check.Result(); !s.ok()) return s;
    return std::nullopt;
  }
  std::error_code ignored;
  check.Require(letter_dir.empty() || std::filesystem::is_directory(letter_dir, ignored),
                absl::StrCat("--notice_letter_dir=", letter_dir, " is no folder"));
  absl::StatusOr<NoticeTextBook> texts = ReadTexts();
  Complain(check, "notice_texts_file", texts.status());
  if (absl::Status s = check.Result(); !s.ok()) return s;
  return NoticeSettings{*std::move(texts), policy, senders, std::move(webhook), letter_dir};
}

}  // namespace fuju::applications
