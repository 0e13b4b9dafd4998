#pragma once

#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

#include "chassis/streams/entry_id.h"
#include "chassis/streams/fanout.h"

namespace fuju::chassis {

// One subscriber, shared by its handle and the reader's thread. The reader's thread calls Start,
// Deliver and End; the handle calls Cancel.
class FanoutSubscription {
 public:
  // `after` absent: from now on.
  FanoutSubscription(std::optional<EntryId> after,
                     std::function<void(const std::string& position)> started,
                     Fanout::Listener listener, std::function<void(absl::Status)> ended)
      : after_(after),
        started_(std::move(started)),
        listener_(std::move(listener)),
        ended_(std::move(ended)) {}

  // Nothing is called any more once this has returned; a call that runs now is waited for, unless
  // it is the caller.
  void Cancel();

  void Start(EntryId position);
  // Calls the listener if the entry is new to this subscriber.
  void Deliver(EntryId id, const std::string& id_text, const fuju::event::v1::Event& event);
  void End(const absl::Status& status);

  // No call will be made any more.
  bool over() const;
  bool started() const { return position_.has_value(); }
  // Reader's thread only: where the subscriber asked to start, and what it has got.
  const std::optional<EntryId>& after() const { return after_; }
  EntryId position() const { return position_.value_or(EntryId()); }

 private:
  // Runs `call` unless the subscription is over; the handle can wait for it.
  void Guarded(const std::function<void()>& call);

  const std::optional<EntryId> after_;
  const std::function<void(const std::string&)> started_;
  const Fanout::Listener listener_;
  const std::function<void(absl::Status)> ended_;
  // Reader's thread only.
  std::optional<EntryId> position_;

  mutable absl::Mutex mutex_;
  bool over_ ABSL_GUARDED_BY(mutex_) = false;
  bool calling_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread::id caller_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fuju::chassis
