#pragma once

#include <cstdint>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

#include "scenario/calls.h"

namespace fuju::chaos {

// Every call of the load that changes something, with its answer. Thread-safe.
class Journal {
 public:
  scenario::Calls::Journal Writer();
  std::vector<scenario::Changing> Read() const;
  // Calls that were answered OK.
  int64_t acknowledged() const;

 private:
  mutable absl::Mutex mutex_;
  std::vector<scenario::Changing> calls_ ABSL_GUARDED_BY(mutex_);
  int64_t acknowledged_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace fuju::chaos
