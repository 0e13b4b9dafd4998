#pragma once

#include <memory>
#include <string>
#include <vector>

#include "chassis/streams/event_dispatcher.h"
#include "chassis/streams/partition_timers.h"
#include "chassis/streams/stream_reader.h"
#include "simulation/simulated_client.h"
#include "simulation/simulated_redis.h"

namespace fuju::simulation {

// One partition in the hands of one process: what PartitionWorker does on its thread, as single
// steps. Reader, dispatcher, acknowledgement and timers are the product's own. Not thread-safe.
class HeldPartition {
 public:
  // `lease` is the value that was taken. What is passed outlives it.
  HeldPartition(std::shared_ptr<const chassis::WorkerContext> context, SimulatedClient* client,
                SimulatedRedis* redis, int partition, std::string lease);
  // Abandons it, as a process that dies.
  ~HeldPartition();
  HeldPartition(const HeldPartition&) = delete;
  HeldPartition& operator=(const HeldPartition&) = delete;

  int partition() const { return lease_->partition(); }

  // The next thing that its thread would do; kNone while it waits.
  enum class Next { kNone, kTakeOver, kBegin, kRead, kPollTimers, kNoticeLoss, kRelease };
  Next NextStep() const;
  // Does it. `lose_answer`: Redis carries out all that the step asks, and the answer to the n-th
  // call is lost; 0: none is.
  void Step(int lose_answer);
  // After kNoticeLoss or kRelease: to be dropped.
  bool finished() const { return finished_; }

  // Hands the partition over: starts nothing more; released once what runs has ended.
  void Drain();

 private:
  class Connection;

  absl::Status TakeOver();
  // Brings new entries to their handlers before the group has them.
  absl::Status Begin();
  absl::Status Read();
  bool TimerIsDue() const;
  bool HasNewEntries() const;
  bool HasLease() const;

  const std::shared_ptr<const chassis::WorkerContext> context_;
  SimulatedClient* const client_;
  SimulatedRedis* const redis_;
  const std::shared_ptr<chassis::LeaseTerm> lease_;
  const std::shared_ptr<chassis::PersistentCaller> caller_;
  Connection* connection_;  // the reader's
  std::unique_ptr<chassis::StreamReader> reader_;
  std::shared_ptr<chassis::EventDispatcher> dispatcher_;
  std::shared_ptr<chassis::PartitionTimers> timers_;
  // Their places in the simulated Redis.
  const Slot* lease_slot_;
  const Slot* timers_slot_;
  struct Source {
    const Slot* slot;
    // Looked up once: a stream and its groups stay for the life of the simulated Redis.
    mutable const StreamGroup* group;
  };
  std::vector<Source> sources_;
  bool pending_claimed_ = false;
  // There may be more to read at once: nothing is begun early.
  bool more_ = true;
  // Between Begin and Read: the read is on its way.
  bool begun_ = false;
  bool draining_ = false;
  bool finished_ = false;
};

}  // namespace fuju::simulation
