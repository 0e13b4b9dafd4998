#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

#include "chassis/redis/client.h"
#include "chassis/store/keys.h"
#include "chassis/streams/lease_term.h"
#include "chassis/streams/wake_signal.h"

namespace fuju::chassis {

// Who works on the partitions that a LeaseKeeper holds. Called by the keeper's thread only.
class PartitionHolder {
 public:
  virtual ~PartitionHolder() = default;
  // The partition is ours: work on it.
  virtual void Take(std::shared_ptr<LeaseTerm> lease) = 0;
  // Stop reading and finish what runs; say so in Finished. Does not wait.
  virtual void Drain(int partition) = 0;
  // Work on the partition has ended, by Drain or by itself.
  virtual bool Finished(int partition) = 0;
  // Stop at once, and forget the partition.
  virtual void Drop(int partition) = 0;
};

// Holds this instance's share of the partitions of a service: takes free leases, renews them, gives
// back those beyond the fair share, and notices those that are lost. Redis' clock rules.
// Thread-safe.
class LeaseKeeper {
 public:
  // `client` and `holder` outlive it. Starts its thread.
  LeaseKeeper(redis::Client* client, Keys keys, std::string instance, absl::Duration ttl,
              PartitionHolder* holder);
  ~LeaseKeeper();

  // Looks after the leases now, instead of at the next third of the time to live.
  void Poke() { wake_.Wake(); }

  // Drains all partitions, at most for `grace`, drops the rest, gives the leases back and joins the
  // thread. Idempotent.
  void Stop(absl::Duration grace);

 private:
  struct Held {
    std::shared_ptr<LeaseTerm> term;
    bool draining = false;
  };

  void Main();
  void Tick(bool stopping);
  // One round of answers from Redis, waited for together.
  void RenewAll(bool stopping);
  void DropLost();
  void ReleaseFinished();
  void DrainSurplus();
  void AcquireMissing();
  void DrainAll();
  void Release(const LeaseTerm& term);
  size_t Share() const;
  absl::Duration UntilNextTick(SteadyTime tick_began) const;

  redis::Client* const client_;
  const Keys keys_;
  const std::string instance_;
  const absl::Duration ttl_;
  PartitionHolder* const holder_;
  WakeSignal wake_;
  std::atomic<bool> stopping_{false};
  std::atomic<SteadyTime> stop_deadline_;

  // Used by the thread only.
  std::map<int, Held> held_;
  // Live instances as of the last tick; 0 when Redis did not say.
  size_t members_ = 0;
  // How many of them have a lesser name.
  size_t rank_ = 0;
  // When the first lease that another instance holds would end.
  SteadyTime next_free_;
  int first_candidate_ = 0;

  absl::Mutex join_mutex_;
  std::thread thread_;
};

}  // namespace fuju::chassis
