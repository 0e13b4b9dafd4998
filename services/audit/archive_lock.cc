#include "audit/archive_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace fuju::audit {
namespace {

// The process id that the holder wrote.
std::string HolderOf(int fd) {
  char text[32];
  const ssize_t length = pread(fd, text, sizeof(text), 0);
  if (length <= 0) return "unknown";
  return std::string(
      absl::StripAsciiWhitespace(absl::string_view(text, static_cast<size_t>(length))));
}

}  // namespace

absl::StatusOr<ArchiveLock> ArchiveLock::Take(const std::string& archive_file) {
  const std::string path = absl::StrCat(archive_file, ".lock");
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (fd < 0) {
    return absl::UnavailableError(absl::StrCat("can not open ", path, ": ", std::strerror(errno)));
  }
  ArchiveLock lock(fd);
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      return absl::UnavailableError(
          absl::StrCat("can not lock ", path, ": ", std::strerror(errno)));
    }
    return absl::FailedPreconditionError(absl::StrCat("--archive_file=", archive_file,
                                                      " is being written by process ", HolderOf(fd),
                                                      ": an archive has one writer"));
  }
  const std::string holder = absl::StrCat(getpid(), "\n");
  if (ftruncate(fd, 0) != 0 ||
      pwrite(fd, holder.data(), holder.size(), 0) != static_cast<ssize_t>(holder.size())) {
    return absl::UnavailableError(absl::StrCat("can not write ", path, ": ", std::strerror(errno)));
  }
  return lock;
}

ArchiveLock::ArchiveLock(ArchiveLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

ArchiveLock& ArchiveLock::operator=(ArchiveLock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

ArchiveLock::~ArchiveLock() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace fuju::audit
