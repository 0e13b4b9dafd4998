#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/btree_map.h"
#include "absl/synchronization/mutex.h"

#include "chassis/streams/entry_id.h"
#include "chassis/streams/lease_term.h"
#include "chassis/streams/persistent_caller.h"
#include "chassis/streams/stream_reader.h"
#include "chassis/streams/worker_context.h"

namespace fuju::chassis {

// Knows which entries of one partition are in hand, and moves the position of the group behind
// those that are done: for each source one call in flight. A call costs Redis nearly as much as a
// commit, and nobody waits for it, so an entry waits a little for others. With each goes what a
// later holder has to know of what lies behind the position (HandedEntries).
// Thread-safe.
class Acknowledger : public std::enable_shared_from_this<Acknowledger> {
 public:
  // Called on an I/O thread, without a lock.
  struct Signals {
    // A call was answered: there may be room, or nothing left to acknowledge.
    std::function<void()> on_change;
    std::function<void()> on_lost;
    // The group is gone, or Redis has another position than this holder has left there: nothing
    // more is sent for the source before Restart.
    std::function<void()> on_amiss;
  };

  Acknowledger(std::shared_ptr<const WorkerContext> context, std::shared_ptr<LeaseTerm> lease,
               std::shared_ptr<PersistentCaller> caller, Signals signals);

  // Entries are read from there on, whatever was read before.
  void Restart(int source, const StreamReader::Start::Place& place);

  // An entry was read, in the order of the stream, and is in hand now.
  void Take(int source, const EntryId& id);
  // It is done. `retry_fields` of its retry record are dropped with it.
  void Done(int source, const EntryId& id, std::vector<std::string> retry_fields);
  // It is a dead letter now, or waits behind one. That this must not happen twice says a field of
  // its retry record, which is dropped when the position has passed it.
  void GivenUp(int source, const EntryId& id, std::string ended_field);

  // Sees to it that what is done is acknowledged: at once if it is much, else soon.
  void Plan();
  // Nothing waits for others from now on: the holder is about to go.
  void Hurry();
  // The holder hands nothing more to a handler, and what had been is answered: it leaves in good
  // order. It says so, unless entries are left that the holder before it may have died of.
  void Leave();
  // Everything is told.
  bool idle() const;
  // False while so much was taken that Redis has not been told of that nothing more may be read:
  // an entry that ends the process has to be among those that are suspected then.
  bool HasRoom() const;

  // The most entries of a source that a holder has had behind HandedEntries::given_to, when it
  // reads so many at a time.
  static int MostUntold(int read_count);

 private:
  struct Source {
    // Entries in hand -> how many had been taken before it, since Restart.
    absl::btree_map<EntryId, int64_t> open;
    // Given up, and not behind the position yet -> ended_field.
    absl::btree_map<EntryId, std::string> given_up;
    EntryId last_taken;
    int64_t taken = 0;
    // Where it was restarted; what was told there counts for what has not been taken since.
    StreamReader::Start::Place start;
    // As Redis has it.
    EntryId position;
    // Taken, and not told; of these in the call that is in flight.
    int64_t untold = 0;
    int64_t being_told = 0;
    // Done, and not acknowledged.
    size_t done = 0;
    std::vector<std::string> fields;
    // There is something to tell, though nothing is done.
    bool has_news = false;
    bool in_flight = false;
    bool amiss = false;

    // Redis has to be told also if nothing is done.
    bool late() const;
  };
  struct Message {
    EntryId expected;
    EntryId position;
    int64_t entries_read = -1;
    std::string in_hand;
    bool leaves = false;
    std::vector<std::string> fields;
  };

  void PlanOf(int source);
  void Flush(int source);
  void FlushAll();
  Message Compose(Source& source) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  HandedEntries InHand(const Source& source) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Send(int source, Message message);
  void Answered(int source, const EntryId& position, const redis::Reply& reply);

  const std::shared_ptr<const WorkerContext> context_;
  const std::shared_ptr<LeaseTerm> lease_;
  const std::shared_ptr<PersistentCaller> caller_;
  const Signals signals_;

  mutable absl::Mutex mutex_;
  std::vector<Source> sources_ ABSL_GUARDED_BY(mutex_);
  // A FlushAll is to come.
  bool scheduled_ ABSL_GUARDED_BY(mutex_) = false;
  bool hurry_ ABSL_GUARDED_BY(mutex_) = false;
  bool leaves_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace fuju::chassis
