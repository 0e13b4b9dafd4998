#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace fuju::test_support {

// A program run as a child. It dies with its parent: start children on a thread that lives as long
// as they should. Not thread-safe.
class ChildProcess {
 public:
  // Starts argv[0] with standard output and error appended to `log_file`. UNAVAILABLE if it can not
  // be started.
  static absl::StatusOr<ChildProcess> Start(const std::vector<std::string>& argv,
                                            const std::string& log_file);
  ChildProcess() = default;
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  // Kills it if it still runs, and waits for its end.
  ~ChildProcess();

  pid_t pid() const { return pid_; }
  bool running();
  void Signal(int signal) const;
  // Waits for the end: exit code, or 128 + signal. DEADLINE_EXCEEDED after `timeout`.
  absl::StatusOr<int> Wait(absl::Duration timeout);

 private:
  explicit ChildProcess(pid_t pid) : pid_(pid) {}
  pid_t pid_ = -1;
};

// Folder of the programs under test, and the path of one of them.
std::string BinDir();
std::string Program(const std::string& name);

}  // namespace fuju::test_support
