#include "chassis/streams/consumer.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"

#include "chassis/streams/lease_keeper.h"
#include "chassis/streams/partition_worker.h"
#include "chassis/streams/worker_context.h"
#include "chassis/telemetry/log.h"

namespace fuju::chassis {
namespace {

class RedisConsumer final : public Consumer, private PartitionHolder {
 public:
  RedisConsumer(std::unique_ptr<HandlerWatchdog> watchdog,
                std::shared_ptr<const WorkerContext> context)
      : watchdog_(std::move(watchdog)),
        context_(std::move(context)),
        keeper_(context_->client, context_->keys, context_->options.instance,
                context_->options.lease_ttl, this) {}

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
    auto worker =
        std::make_unique<PartitionWorker>(context_, std::move(lease), [this] { keeper_.Poke(); });
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
    context_->metrics->ForgetBacklog(partition);
  }

  void ShowHeld() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    context_->metrics->partitions_held().Set(static_cast<double>(workers_.size()));
  }

  const std::unique_ptr<HandlerWatchdog> watchdog_;
  const std::shared_ptr<const WorkerContext> context_;
  mutable absl::Mutex mutex_;
  std::map<int, std::unique_ptr<PartitionWorker>> workers_ ABSL_GUARDED_BY(mutex_);
  // Last: its thread calls the methods above.
  LeaseKeeper keeper_;
};

// A machine may be so busy that a handler which only starts something takes longer than a short
// limit.
constexpr absl::Duration kShortestHandlerLimit = absl::Seconds(2);

// The code of a defect (sysexits.h). At once: what ends in order would wait for the handler.
[[noreturn]] void EndProcess(const std::string& where) {
  constexpr int kDefect = 70;
  LogError("a handler does not return; the process ends, so that its partitions can move",
           {{"where", where}});
  std::_Exit(kDefect);
}

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
  auto watchdog = std::make_unique<HandlerWatchdog>(
      std::max(options.reaction_timeout, kShortestHandlerLimit), EndProcess);
  HandlerWatchdog* const watching = watchdog.get();
  return std::make_unique<RedisConsumer>(
      std::move(watchdog),
      std::make_shared<const WorkerContext>(WorkerContext{.client = client,
                                                          .topology = std::move(topology),
                                                          .keys = std::move(keys),
                                                          .clock = clock,
                                                          .reactions = std::move(reactions),
                                                          .timers = std::move(timers),
                                                          .options = std::move(options),
                                                          .sources = std::move(sources),
                                                          .process = std::move(process),
                                                          .metrics = std::move(metrics),
                                                          .watchdog = watching}));
}

}  // namespace fuju::chassis
