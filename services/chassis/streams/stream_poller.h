#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

#include "chassis/redis/blocking_connection.h"
#include "chassis/redis/topology.h"
#include "chassis/streams/wake_signal.h"

namespace fuju::chassis {

// A stream, and the id behind which it is to be read.
struct StreamPosition {
  std::string stream;
  std::string behind;
};

// XREAD of these, at least one; `block` zero: it does not wait.
redis::Command XReadCommand(const std::vector<StreamPosition>& positions, int count,
                            absl::Duration block);

// Waits for entries of the streams of many with one XREAD, on a connection and a thread of its own,
// and hands them on there: what comes at the same time costs Redis one command and wakes one
// thread, however many partitions it is for. Of a Redis Cluster a command may name keys of one slot
// only: there each partition has its own poller. Thread-safe.
class StreamPoller {
 public:
  // Who wants to read. Called on the poller's thread, between Add and the end of Remove.
  class Member {
   public:
    virtual ~Member() = default;
    // Empty while nothing is to be read.
    virtual std::vector<StreamPosition> Wanted() = 0;
    // What there was behind these: of each stream that had something, [name, entries].
    virtual void OnRead(const std::vector<redis::Reply>& streams) = 0;
    // They can not be read, UNAVAILABLE. The member is removed; it may add itself again later.
    virtual void OnError(const absl::Status& status) = 0;
  };

  // Connects to whatever node has the slot of `key`. Starts.
  StreamPoller(std::shared_ptr<redis::Topology> topology, std::string_view key, int read_count,
               absl::Duration block);
  // All members are removed. Stops and joins.
  ~StreamPoller();

  // `member` outlives its membership. Not while it is one.
  void Add(Member* member);
  // Waits until no call to it runs. Not on the poller's thread. Nothing happens if it is none.
  void Remove(Member* member);
  // A member that wanted nothing, or not everything, wants more now.
  void Refresh();

 private:
  struct Asked {
    uint64_t id;
    std::vector<StreamPosition> positions;
  };

  void Main();
  // What all members want now. False: nothing.
  bool Collect();
  // False if it has to be collected anew.
  bool BeginWait();
  void EndWait();
  void HandOn(absl::StatusOr<redis::Reply> reply);
  // Which of the members has a stream that is none?
  void AskEach();
  void TellError(uint64_t id, const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const int read_count_;
  const absl::Duration block_;
  redis::BlockingConnection connection_;
  WakeSignal wake_;
  std::atomic<bool> stopping_{false};
  // Used by the thread only. In the order of the command.
  std::vector<Asked> asked_;

  // Held while members are called.
  absl::Mutex mutex_;
  // Each membership has a number of its own: what was asked for an earlier one is not for it.
  std::map<uint64_t, Member*> members_ ABSL_GUARDED_BY(mutex_);
  uint64_t last_member_ ABSL_GUARDED_BY(mutex_) = 0;

  absl::Mutex wait_mutex_;
  bool waiting_ ABSL_GUARDED_BY(wait_mutex_) = false;
  bool refreshed_ ABSL_GUARDED_BY(wait_mutex_) = false;
  std::thread thread_;
};

}  // namespace fuju::chassis
