#pragma once

#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace fuju::chassis {

// What handlers have seen, in their order. Waits have a generous deadline and fail the test after
// it. Thread-safe.
class HandledLog {
 public:
  void Add(std::string line);
  std::vector<std::string> Lines() const;
  // How often this line was added.
  int Count(const std::string& line) const;

  // Waits for so many lines, or for a line.
  bool AwaitSize(size_t size) const;
  bool Await(const std::string& line) const;

 private:
  mutable absl::Mutex mutex_;
  std::vector<std::string> lines_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fuju::chassis
