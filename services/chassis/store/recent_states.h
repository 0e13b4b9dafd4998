#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"

#include "chassis/store/raw_store.h"

namespace fuju::chassis {

// Aggregates as this process committed them last, so that the next decision about one needs no
// read. A guess, never the truth: another process may have gone on since. A decision may begin on
// it, because the commit checks the version; nothing else may. Bounded; the least recently used go
// first. Thread-safe.
class RecentStates {
 public:
  // Keeps about so many bytes at most; 0: nothing.
  explicit RecentStates(size_t max_bytes) : max_bytes_(max_bytes) {}

  // By the key of the aggregate; null if it is not known.
  std::shared_ptr<const RawStore::Blob> Find(const std::string& key);
  void Put(const std::string& key, std::shared_ptr<const RawStore::Blob> blob);
  void Forget(const std::string& key);

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const RawStore::Blob> blob;
  };
  using Order = std::list<Entry>;

  static size_t SizeOf(const Entry& entry);
  void Remove(Order::iterator entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t max_bytes_;
  absl::Mutex mutex_;
  // The most recently used first.
  Order order_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string_view, Order::iterator> by_key_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace fuju::chassis
