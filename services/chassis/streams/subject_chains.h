#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace fuju::chassis {

// Queues by subject: the head of each may be worked on, the rest waits for it. A stalled chain (its
// head waits to be retried) does not count as active. Not thread-safe.
template <typename Item>
class SubjectChains {
 public:
  // Appends. True if the item is the head, that is, may be worked on now.
  bool Push(const std::string& subject, Item item) {
    Chain& chain = chains_[subject];
    chain.items.push_back(std::move(item));
    ++size_;
    if (chain.stalled) ++stalled_;
    return chain.items.size() == 1;
  }

  // Removes the head. The next one, now to be worked on, or Item() if the chain has ended.
  Item Pop(const std::string& subject) {
    const auto found = chains_.find(subject);
    if (found == chains_.end()) return Item();
    SetStalled(subject, false);
    found->second.items.pop_front();
    --size_;
    if (!found->second.items.empty()) return found->second.items.front();
    chains_.erase(found);
    return Item();
  }

  void SetStalled(const std::string& subject, bool stalled) {
    const auto found = chains_.find(subject);
    if (found == chains_.end() || found->second.stalled == stalled) return;
    found->second.stalled = stalled;
    if (stalled) {
      stalled_ += found->second.items.size();
    } else {
      stalled_ -= found->second.items.size();
    }
  }

  // Items of all chains, and of those that are not stalled.
  size_t size() const { return size_; }
  size_t active() const { return size_ - stalled_; }

 private:
  struct Chain {
    std::deque<Item> items;
    bool stalled = false;
  };
  absl::flat_hash_map<std::string, Chain> chains_;
  size_t size_ = 0;
  size_t stalled_ = 0;
};

}  // namespace fuju::chassis
