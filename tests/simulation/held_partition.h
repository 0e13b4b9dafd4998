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
  enum class Next { kNone, kBegin, kRead, kPollTimers, kNoticeLoss, kRelease };
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
  std::vector<const Slot*> sources_;
  // By source: the last entry that was read.
  std::vector<EntryId> read_to_;
  bool begun_ = false;
  // The groups have to be looked at.
  const std::shared_ptr<bool> amiss_ = std::make_shared<bool>(false);
  // It has said that it leaves in good order.
  bool left_ = false;
  bool draining_ = false;
  bool finished_ = false;
};

}  // namespace fuju::simulation
