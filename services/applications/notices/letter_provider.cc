#include "applications/notices/letter_provider.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace fuju::applications {
namespace {

namespace fs = std::filesystem;

// The owner and the group of the office.
constexpr mode_t kFileMode = 0640;

DeliveryResult Failed() { return {.kind = DeliveryResult::Kind::kRetry, .reason = "DISK"}; }

// "applications/620102-01J.../notices/7#0" -> "620102-01J....7", with "-1" after a resend.
std::string FileNameOf(const NoticeMessage& message) {
  std::string name(absl::StripPrefix(message.idempotency_key, "applications/"));
  name = absl::StrReplaceAll(std::string(absl::StripSuffix(name, "#0")),
                             {{"/notices/", "."}, {"#", "-"}, {"/", "_"}});
  return absl::StrCat(name, message.large_print ? ".large" : "", ".txt");
}

bool WriteAll(int file, const std::string& text) {
  size_t written = 0;
  while (written < text.size()) {
    const ssize_t count = write(file, text.data() + written, text.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    written += static_cast<size_t>(count);
  }
  return fsync(file) == 0;
}

// A file's name is as durable as its folder.
bool SyncFolder(const fs::path& folder) {
  const int file = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return false;
  const bool synced = fsync(file) == 0;
  close(file);
  return synced;
}

bool WriteFile(const fs::path& path, const std::string& text) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kFileMode);
  if (file < 0) return false;
  const bool written = WriteAll(file, text);
  return close(file) == 0 && written;
}

}  // namespace

DeliveryResult LetterProvider::Deliver(const NoticeMessage& message) {
  const fs::path folder = fs::path(folder_) / message.county_code;
  const fs::path letter = folder / FileNameOf(message);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return Failed();
  if (fs::exists(letter, error)) {
    // The attempt before may have ended between its last two steps.
    return SyncFolder(folder) ? DeliveryResult{.kind = DeliveryResult::Kind::kDelivered} : Failed();
  }
  if (error) return Failed();
  // One of its own for each attempt: two processes may write the same letter at once.
  static std::atomic<int> attempts{0};
  const fs::path draft = folder / absl::StrCat(".", letter.filename().string(), ".", getpid(), "-",
                                               attempts.fetch_add(1));
  absl::Cleanup remove_draft = [&draft] {
    std::error_code ignored;
    fs::remove(draft, ignored);
  };
  if (!WriteFile(draft, message.text)) return Failed();
  fs::rename(draft, letter, error);
  if (error || !SyncFolder(folder)) return Failed();
  return {.kind = DeliveryResult::Kind::kDelivered};
}

}  // namespace fuju::applications
