#include "chassis/streams/consumer.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"

#include "chassis/redis/blocking_connection.h"
#include "chassis/streams/lease_keeper.h"
#include "chassis/streams/partition_worker.h"
#include "chassis/streams/release_lease.lua.h"
#include "chassis/streams/stream_poller.h"
#include "chassis/streams/worker_context.h"
#include "chassis/telemetry/log.h"

namespace fuju::chassis {
namespace {

// A machine may be so busy that a handler which only starts something takes longer than a short
// limit.
constexpr absl::Duration kShortestHandlerLimit = absl::Seconds(2);

// A handler that does not return costs others no more than a holder that is gone.
absl::Duration HandlerLimit(const ConsumerOptions& options) {
  return std::max(std::min(options.reaction_timeout, options.lease_ttl), kShortestHandlerLimit);
}

const redis::Script& ReleaseLeaseScript() {
  static const auto* const script = new redis::Script(kReleaseLeaseLua);
  return *script;
}

class RedisConsumer final : public Consumer, private PartitionHolder {
 public:
  explicit RedisConsumer(WorkerContext context)
      : watchdog_(HandlerLimit(context.options),
                  [this](const std::string& where) { EndProcess(where); }),
        context_(Watched(std::move(context), &watchdog_)),
        io_pulse_(watchdog_.NewPulse("a callback on the I/O thread of the Redis client")),
        keeper_(context_->client, context_->keys, context_->options.instance,
                context_->options.lease_ttl, this) {
    io_pulse_->Begin();
    Beat(context_->client, io_pulse_, HandlerLimit(context_->options) / kBeatsInLimit);
  }

  ~RedisConsumer() override { Stop(absl::ZeroDuration()); }

  void Stop(absl::Duration grace) override { keeper_.Stop(grace); }

  std::vector<int> Held() const override {
    const absl::MutexLock lock(&mutex_);
    std::vector<int> partitions;
    for (const auto& [partition, worker] : workers_) {
      if (!worker->finished()) partitions.push_back(partition);
    }
    return partitions;
  }

 private:
  void Take(std::shared_ptr<LeaseTerm> lease) override {
    const int partition = lease->partition();
    auto worker = std::make_unique<PartitionWorker>(context_, std::move(lease), PollerOf(partition),
                                                    [this] { keeper_.Poke(); });
    const absl::MutexLock lock(&mutex_);
    workers_[partition] = std::move(worker);
    ShowHeld();
  }

  void Drain(int partition) override {
    const absl::MutexLock lock(&mutex_);
    workers_.at(partition)->Drain();
  }

  bool Finished(int partition) override {
    const absl::MutexLock lock(&mutex_);
    return workers_.at(partition)->finished();
  }

  void Drop(int partition) override {
    std::unique_ptr<PartitionWorker> worker;
    {
      const absl::MutexLock lock(&mutex_);
      worker = std::move(workers_.at(partition));
      workers_.erase(partition);
      ShowHeld();
    }
    worker.reset();
    context_->metrics->ForgetPartition(partition);
  }

  // Called by the keeper's thread.
  std::shared_ptr<StreamPoller> PollerOf(int partition) {
    if (poller_ != nullptr) return poller_;
    auto poller =
        std::make_shared<StreamPoller>(context_->topology, context_->keys.Lease(partition),
                                       context_->options.read_count, context_->options.read_block);
    if (!context_->topology->sharded()) poller_ = poller;
    return poller;
  }

  void ShowHeld() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    context_->metrics->partitions_held().Set(static_cast<double>(workers_.size()));
  }

  static std::shared_ptr<const WorkerContext> Watched(WorkerContext context,
                                                      HandlerWatchdog* watchdog) {
    context.watchdog = watchdog;
    return std::make_shared<const WorkerContext>(std::move(context));
  }

  // Shows that the I/O thread runs callbacks, as long as there is a pulse: decisions run there, and
  // one that does not return would stop everything here, the renewal of leases included.
  static void Beat(redis::Client* client, const std::weak_ptr<HandlerWatchdog::Pulse>& weak,
                   absl::Duration every) {
    client->Schedule(every, [client, weak, every] {
      const std::shared_ptr<HandlerWatchdog::Pulse> pulse = weak.lock();
      if (pulse == nullptr) return;
      pulse->End();
      pulse->Begin();
      Beat(client, weak, every);
    });
  }

  // At once: what ends in order would wait for the handler.
  [[noreturn]] void EndProcess(const std::string& where) {
    // The code of a defect (sysexits.h).
    constexpr int kDefect = 70;
    LogError("a handler does not return; the process ends, so that its partitions can move",
             {{"where", where}});
    GiveBack();
    std::_Exit(kDefect);
  }

  // So that nobody waits for the end of the leases. On connections of its own: the client may be
  // stuck. What runs here yet is fenced off from now on.
  void GiveBack() {
    const auto call = [this](const std::string& key, const redis::Command& command) {
      redis::BlockingConnection connection(context_->topology, key);
      return connection.Call(command, absl::ZeroDuration()).ok();
    };
    const absl::MutexLock lock(&mutex_);
    for (const auto& [partition, worker] : workers_) {
      const std::string lease = context_->keys.Lease(partition);
      if (!call(lease, {"EVAL", std::string(ReleaseLeaseScript().text()), "1", lease,
                        worker->lease().value()})) {
        return;
      }
    }
    const std::string members = context_->keys.Members();
    call(members, {"ZREM", members, context_->options.instance});
  }

  static constexpr int kBeatsInLimit = 8;

  HandlerWatchdog watchdog_;
  const std::shared_ptr<const WorkerContext> context_;
  const std::shared_ptr<HandlerWatchdog::Pulse> io_pulse_;
  // Of all partitions; none while each has its own.
  std::shared_ptr<StreamPoller> poller_;
  mutable absl::Mutex mutex_;
  std::map<int, std::unique_ptr<PartitionWorker>> workers_ ABSL_GUARDED_BY(mutex_);
  // Last: its thread calls the methods above.
  LeaseKeeper keeper_;
};

// Tells this consumer from every other that ever ran under the instance's name.
std::string NewProcessId(const std::string& instance) {
  absl::BitGen random;
  return absl::StrCat(instance, "#", absl::Hex(absl::Uniform<uint64_t>(random)));
}

}  // namespace

std::unique_ptr<Consumer> Consumer::Start(redis::Client* client,
                                          std::shared_ptr<redis::Topology> topology, Keys keys,
                                          const Clock* clock, Reactions reactions,
                                          TimerHandlers timers, ConsumerOptions options,
                                          prometheus::Registry* registry) {
  std::vector<StreamSource> sources;
  for (const std::string& name : reactions.Sources()) {
    sources.push_back(StreamSource{.name = name, .keys = keys.Of(name)});
  }
  auto metrics = std::make_unique<StreamMetrics>(*registry, reactions.Sources(), timers.Kinds());
  std::string process = NewProcessId(options.instance);
  return std::make_unique<RedisConsumer>(WorkerContext{.client = client,
                                                       .topology = std::move(topology),
                                                       .keys = std::move(keys),
                                                       .clock = clock,
                                                       .reactions = std::move(reactions),
                                                       .timers = std::move(timers),
                                                       .options = std::move(options),
                                                       .sources = std::move(sources),
                                                       .process = std::move(process),
                                                       .metrics = std::move(metrics),
                                                       .watchdog = nullptr});
}

}  // namespace fuju::chassis
