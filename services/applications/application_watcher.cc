#include "applications/application_watcher.h"

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"

#include "applications/resume_token.h"
#include "chassis/rpc/watch_stream.h"
#include "chassis/values/refusal.h"

namespace fuju::applications {
namespace {

using Response = v1::WatchApplicationResponse;
using Feed = chassis::WatchFeed<Response>;

// How long one read of the application may take.
constexpr absl::Duration kReadTimeout = absl::Seconds(5);
// More than a timeline has entries, so that a resumed watch never overflows at once.
constexpr size_t kBuffer = 4096;

// The sequence of the last entry sent. Shared with the heartbeat, which outlives the watcher.
using Progress = std::atomic<int>;

// Reads the application whenever something happened to it, and feeds what is new. At most one read
// is in flight: what happens meanwhile makes another one follow. Thread-safe.
class Watcher : public std::enable_shared_from_this<Watcher> {
 public:
  Watcher(const Wiring::Store* store, std::string name, std::shared_ptr<Progress> progress,
          std::shared_ptr<Feed> feed)
      : store_(store),
        name_(std::move(name)),
        progress_(std::move(progress)),
        feed_(std::move(feed)) {}

  void Look() {
    {
      absl::MutexLock lock(&mutex_);
      if (reading_) {
        again_ = true;
        return;
      }
      reading_ = true;
    }
    Read();
  }

  void OnEvent(const fuju::event::v1::Event& event) {
    if (event.subject() == name_) Look();
  }

  void End(absl::Status status) { feed_->End(std::move(status)); }

 private:
  void Read() {
    store_->Get(IdOf(name_), absl::Now() + kReadTimeout,
                [self = shared_from_this()](absl::StatusOr<chassis::Versioned<Record>> found) {
                  self->OnRead(found);
                });
  }

  void OnRead(const absl::StatusOr<chassis::Versioned<Record>>& found) {
    if (!found.ok()) return End(found.status());
    if (!found->exists()) return End(chassis::NotFound(name_));
    const Record& record = found->state;
    const v1::Application& application = record.application();
    int sent = *progress_;
    // Redis lost what was shown: a primary fell before a replica had it, and nobody was told that
    // it is done. All of it again, because other entries have taken the places of those.
    if (sent > application.timeline_size()) *progress_ = sent = 0;
    for (; sent < application.timeline_size(); ++sent) {
      Response response = EntryView(record, sent);
      response.set_resume_token(MakeResumeToken(name_, sent + 1));
      if (!feed_->Push(std::move(response))) return;
      *progress_ = sent + 1;
    }
    if (IsFinal(application.state())) return End(absl::OkStatus());
    {
      absl::MutexLock lock(&mutex_);
      reading_ = again_;
      again_ = false;
      if (!reading_) return;
    }
    Read();
  }

  const Wiring::Store* const store_;
  const std::string name_;
  const std::shared_ptr<Progress> progress_;
  const std::shared_ptr<Feed> feed_;
  absl::Mutex mutex_;
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  bool again_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace

grpc::ServerWriteReactor<Response>* OpenApplicationWatch(
    const Wiring* wiring, chassis::Fanout* fanout, chassis::CallGate* gate,
    absl::Duration heartbeat, grpc::CallbackServerContext* context,
    const v1::WatchApplicationRequest* request) {
  auto progress = std::make_shared<Progress>(0);
  const std::string watched = request->name();
  chassis::WatchOptions options;
  options.buffer = kBuffer;
  options.heartbeat = heartbeat;
  // The subscription alone is returned: whoever waits for a read keeps the watcher, and must not
  // be the one to end the subscription, which may block.
  const auto start = [wiring, fanout, progress](
                         const chassis::CallInfo&, const v1::WatchApplicationRequest& asked,
                         std::shared_ptr<Feed> feed) -> std::shared_ptr<void> {
    const absl::StatusOr<int> sequence = SequenceOf(asked.resume_token(), asked.name());
    if (!sequence.ok()) {
      feed->End(sequence.status());
      return nullptr;
    }
    *progress = *sequence;
    const auto watcher =
        std::make_shared<Watcher>(&wiring->store(), asked.name(), progress, std::move(feed));
    const int partition = wiring->store().raw()->keys().PartitionOf(RouteOf(IdOf(asked.name())));
    return fanout->Subscribe(
        partition, "", [watcher](const std::string&) { watcher->Look(); },
        [watcher](const std::string&, const fuju::event::v1::Event& event) {
          watcher->OnEvent(event);
        },
        [watcher](absl::Status status) { watcher->End(std::move(status)); });
  };
  const auto beat = [progress, watched] {
    Response response;
    response.set_resume_token(MakeResumeToken(watched, *progress));
    return response;
  };
  return chassis::OpenWatch<v1::WatchApplicationRequest, Response>(gate, context, request, options,
                                                                   start, beat);
}

}  // namespace fuju::applications
