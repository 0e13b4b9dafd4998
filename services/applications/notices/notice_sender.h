#pragma once

#include <deque>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"

#include "applications/notices/notice_provider.h"
#include "applications/notices/text_book.h"
#include "applications/notices/wiring.h"
#include "applications/wiring.h"
#include "vocabulary/region.h"

namespace fuju::applications {

// Sends what is due, on threads of its own, because a channel may let one wait. A notice is read,
// composed, handed to its provider, and what became of it is committed; if the process dies in
// between, the timer is still there and the next attempt has the same idempotency key. Thread-safe.
class NoticeSender {
 public:
  struct Parts {
    const NoticeStore* notices;
    const Wiring::Store* applications;
    const NoticeTextBook* texts;
    const vocabulary::RegionTable* regions;
    NoticePolicy policy;
    // For text messages and calls, and for letters; null: nobody carries them.
    NoticeProvider* phones;
    NoticeProvider* letters;
  };

  // What is in `parts` outlives it.
  NoticeSender(Parts parts, int threads);
  ~NoticeSender();
  NoticeSender(const NoticeSender&) = delete;
  NoticeSender& operator=(const NoticeSender&) = delete;

  // A notice is due. Never blocks. What is in hand already is not taken twice, and nothing is when
  // too much waits: its timer stays, and it is offered again.
  void Offer(const std::string& id);

  // Takes nothing more, forgets what waits, and waits for the attempts that run. Idempotent.
  void Stop();

 private:
  void Run();
  void Send(const std::string& id);
  DeliveryResult Attempt(const NoticeRecord& record, const Record& application);
  // Commits a decision, again if the store was not there.
  void Commit(const std::string& id, const NoticeStore::Decide& decide);

  const Parts parts_;
  absl::Mutex mutex_;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::deque<std::string> waiting_ ABSL_GUARDED_BY(mutex_);
  // Waiting or being sent.
  absl::flat_hash_set<std::string> in_hand_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_;
};

}  // namespace fuju::applications
