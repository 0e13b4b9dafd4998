#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace fuju::audit {

// The right to write an archive: held by one process at a time, given back when it ends, however it
// ends. The lock is on "<archive file>.lock" and not on the file itself, because closing a
// descriptor of the database would drop SQLite's own locks. A value that can be moved.
class ArchiveLock {
 public:
  // FAILED_PRECONDITION if another process holds it (the message names it), UNAVAILABLE if the file
  // can not be made.
  static absl::StatusOr<ArchiveLock> Take(const std::string& archive_file);

  ArchiveLock(ArchiveLock&& other) noexcept;
  ArchiveLock& operator=(ArchiveLock&& other) noexcept;
  ~ArchiveLock();

 private:
  explicit ArchiveLock(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace fuju::audit
