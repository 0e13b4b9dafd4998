#include "chassis/store/recent_states.h"

namespace fuju::chassis {

// The nodes of list and table are counted as two hundred bytes.
size_t RecentStates::SizeOf(const Entry& entry) {
  return 200 + entry.key.size() + entry.blob->state.size() + entry.blob->correlation_id.size();
}

std::shared_ptr<const RawStore::Blob> RecentStates::Find(const std::string& key) {
  const absl::MutexLock lock(&mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  order_.splice(order_.begin(), order_, found->second);
  return found->second->blob;
}

void RecentStates::Put(const std::string& key, std::shared_ptr<const RawStore::Blob> blob) {
  if (max_bytes_ == 0) return;
  const absl::MutexLock lock(&mutex_);
  const auto found = by_key_.find(key);
  if (found != by_key_.end()) Remove(found->second);
  order_.push_front({key, std::move(blob)});
  by_key_.emplace(order_.front().key, order_.begin());
  bytes_ += SizeOf(order_.front());
  while (bytes_ > max_bytes_) Remove(std::prev(order_.end()));
}

void RecentStates::Forget(const std::string& key) {
  const absl::MutexLock lock(&mutex_);
  const auto found = by_key_.find(key);
  if (found != by_key_.end()) Remove(found->second);
}

void RecentStates::Remove(Order::iterator entry) {
  bytes_ -= SizeOf(*entry);
  by_key_.erase(entry->key);
  order_.erase(entry);
}

}  // namespace fuju::chassis
