#include "chassis/streams/fanout.h"

#include <map>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

#include "chassis/streams/entry_id.h"
#include "chassis/streams/fanout_reader.h"
#include "chassis/streams/fanout_subscription.h"
#include "chassis/values/refusal.h"

namespace fuju::chassis {
namespace {

class Handle final : public Fanout::Subscription {
 public:
  explicit Handle(std::shared_ptr<FanoutSubscription> subscription)
      : subscription_(std::move(subscription)) {}
  ~Handle() override { subscription_->Cancel(); }

 private:
  const std::shared_ptr<FanoutSubscription> subscription_;
};

class RedisFanout final : public Fanout {
 public:
  RedisFanout(std::shared_ptr<redis::Topology> topology, Keys keys)
      : topology_(std::move(topology)), keys_(std::move(keys)) {}
  ~RedisFanout() override { Stop(); }

  std::unique_ptr<Subscription> Subscribe(int partition, std::string after_entry_id,
                                          std::function<void(const std::string&)> started,
                                          Listener listener,
                                          std::function<void(absl::Status)> ended) override {
    std::optional<EntryId> after;
    bool malformed = false;
    if (!after_entry_id.empty()) {
      after = EntryId::Parse(after_entry_id);
      malformed = !after.has_value();
    }
    auto subscription = std::make_shared<FanoutSubscription>(after, std::move(started),
                                                             std::move(listener), std::move(ended));
    if (malformed) {
      subscription->End(Refusal(absl::StatusCode::kInvalidArgument, "RESUME_TOKEN_INVALID",
                                "续传位置格式不正确", "the position is malformed")
                            .Build());
    } else if (!AddTo(partition, subscription)) {
      subscription->End(Refusal(absl::StatusCode::kUnavailable, "SHUTTING_DOWN",
                                "服务正在停止，请重新连接",
                                "the service is stopping: connect again")
                            .Build());
    }
    return std::make_unique<Handle>(std::move(subscription));
  }

  void Stop() override {
    std::map<int, std::unique_ptr<FanoutReader>> readers;
    {
      const absl::MutexLock lock(&mutex_);
      stopped_ = true;
      readers.swap(readers_);
    }
    for (const auto& [partition, reader] : readers) reader->Stop();
  }

 private:
  bool AddTo(int partition, const std::shared_ptr<FanoutSubscription>& subscription) {
    const absl::MutexLock lock(&mutex_);
    if (stopped_) return false;
    std::unique_ptr<FanoutReader>& reader = readers_[partition];
    if (reader != nullptr && reader->Add(subscription)) return true;
    reader = std::make_unique<FanoutReader>(topology_, keys_, partition);
    return reader->Add(subscription);
  }

  const std::shared_ptr<redis::Topology> topology_;
  const Keys keys_;
  absl::Mutex mutex_;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<int, std::unique_ptr<FanoutReader>> readers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

std::unique_ptr<Fanout> Fanout::Start(redis::Client* /*client*/,
                                      std::shared_ptr<redis::Topology> topology, Keys keys) {
  return std::make_unique<RedisFanout>(std::move(topology), std::move(keys));
}

}  // namespace fuju::chassis
