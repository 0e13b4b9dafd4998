// Templates of watch_stream.h; included by it only.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"

#include "chassis/rpc/status.h"
#include "chassis/rpc/watch_keeper.h"
#include "chassis/values/refusal.h"

namespace fuju::chassis {
namespace internal {

// What StartWrite, Finish and TryCancel act on; the gRPC side of a watch.
template <typename Response>
class WatchWriter {
 public:
  virtual ~WatchWriter() = default;
  virtual void Write(const Response* response) = 0;
  virtual void Finish(grpc::Status status) = 0;
  virtual void Cancel() = 0;
};

// State of one watch, shared by gRPC's reactor, the feed and the keeper. At most one write is in
// flight. The writer is used without the lock, by the one thread that took the right to: a write
// by who sets writing_, the end by who sets finished_. So the writer lives: it goes only after
// Finish.
template <typename Response>
class Watch final : public WatchFeed<Response>,
                    public KeptWatch,
                    public std::enable_shared_from_this<Watch<Response>> {
 public:
  Watch(CallGate* gate, CallInfo call, WatchOptions options, std::function<Response()> heartbeat,
        WatchWriter<Response>* writer)
      : gate_(gate),
        call_(std::move(call)),
        options_(options),
        heartbeat_(std::move(heartbeat)),
        writer_(writer) {}

  const CallInfo& call() const { return call_; }

  bool Push(Response response) override {
    Step step;
    bool open = true;
    {
      absl::MutexLock lock(&mutex_);
      if (ending_) return false;
      open = queue_.size() < options_.buffer;
      if (open) {
        queue_.push_back(std::move(response));
        step = Next();
      } else {
        step = Abandon(WatcherTooSlow());
      }
    }
    Take(std::move(step));
    return open;
  }

  void End(absl::Status status) override {
    Step step;
    {
      absl::MutexLock lock(&mutex_);
      if (ending_) return;
      Close(std::move(status));
      step = Next();
    }
    Take(std::move(step));
  }

  // What keeps the feed going; goes to the keeper when the stream is over already.
  void Guard(std::shared_ptr<void> guard) {
    {
      absl::MutexLock lock(&mutex_);
      if (!ending_) {
        guard_ = std::move(guard);
        return;
      }
    }
    gate_->watches().Dispose(std::move(guard));
  }

  absl::Duration Tick() override {
    bool beat = false;
    bool cancel = false;
    absl::Duration wait = options_.heartbeat;
    {
      absl::MutexLock lock(&mutex_);
      const absl::Duration left = last_step_ + options_.heartbeat - MonotonicNow();
      if (left > absl::ZeroDuration()) {
        wait = left;
      } else if (ending_) {
        // The reader does not fetch the end: without this a dead one would hold the stream for
        // ever.
        cancel = cancelling_ = writing_ && !cancelled_;
      } else {
        beat = !writing_ && heartbeat_ != nullptr;
      }
    }
    if (beat) Push(heartbeat_());
    if (cancel) {
      writer_->Cancel();
      Step step;
      {
        absl::MutexLock lock(&mutex_);
        cancelling_ = false;
        cancelled_ = true;
        step = Next();
      }
      Take(std::move(step));
    }
    return wait;
  }

  void OnWriteDone(bool ok) {
    Step step;
    {
      absl::MutexLock lock(&mutex_);
      writing_ = false;
      last_step_ = MonotonicNow();
      step = ok ? Next() : Abandon(absl::CancelledError("the client is gone"));
    }
    Take(std::move(step));
  }

  void OnCancel() {
    Step step;
    {
      absl::MutexLock lock(&mutex_);
      step = Abandon(absl::CancelledError("the client cancelled, or its deadline passed"));
    }
    Take(std::move(step));
  }

  // How it ended.
  absl::Status status() const {
    absl::MutexLock lock(&mutex_);
    return status_;
  }

 private:
  // What a thread has to do after it released the lock.
  struct Step {
    bool write = false;
    bool finish = false;
    std::shared_ptr<void> guard;
  };

  // No more messages are taken.
  void Close(absl::Status status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    ending_ = true;
    status_ = std::move(status);
    last_step_ = MonotonicNow();
  }

  // Over as soon as gRPC allows; what waits is dropped.
  Step Abandon(absl::Status status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    queue_.clear();
    if (!ending_) Close(std::move(status));
    return Next();
  }

  Step Next() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    Step step;
    if (ending_) step.guard = std::exchange(guard_, nullptr);
    if (writing_ || finished_ || cancelling_) return step;
    if (!queue_.empty()) {
      current_ = std::move(queue_.front());
      queue_.pop_front();
      writing_ = step.write = true;
    } else if (ending_) {
      finished_ = step.finish = true;
    }
    return step;
  }

  void Take(Step step) {
    // The writer may be gone when Finish returns, but not this object.
    const auto self = this->shared_from_this();
    if (step.guard != nullptr) gate_->watches().Dispose(std::move(step.guard));
    if (step.write) {
      writer_->Write(&current_);
    } else if (step.finish) {
      writer_->Finish(CallGate::ToWire(call_, status()));
    }
  }

  CallGate* const gate_;
  const CallInfo call_;
  const WatchOptions options_;
  const std::function<Response()> heartbeat_;
  WatchWriter<Response>* const writer_;

  mutable absl::Mutex mutex_;
  std::deque<Response> queue_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<void> guard_ ABSL_GUARDED_BY(mutex_);
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
  absl::Duration last_step_ ABSL_GUARDED_BY(mutex_) = MonotonicNow();
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  bool cancelling_ ABSL_GUARDED_BY(mutex_) = false;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  // Belongs to gRPC while writing_.
  Response current_;
};

// gRPC's side of a watch. Deletes itself.
template <typename Response>
class WatchReactor final : public grpc::ServerWriteReactor<Response>,
                           private WatchWriter<Response> {
 public:
  WatchReactor(CallGate* gate, grpc::CallbackServerContext* context, CallInfo call,
               absl::Time started, WatchOptions options, std::function<Response()> heartbeat)
      : gate_(gate),
        context_(context),
        started_(started),
        watch_(std::make_shared<Watch<Response>>(gate, std::move(call), options,
                                                 std::move(heartbeat),
                                                 static_cast<WatchWriter<Response>*>(this))) {}

  const std::shared_ptr<Watch<Response>>& watch() const { return watch_; }

 private:
  void Write(const Response* response) override { this->StartWrite(response); }
  void Finish(grpc::Status status) override {
    grpc::ServerWriteReactor<Response>::Finish(std::move(status));
  }
  void Cancel() override { context_->TryCancel(); }

  void OnWriteDone(bool ok) override { watch_->OnWriteDone(ok); }
  void OnCancel() override { watch_->OnCancel(); }
  void OnDone() override {
    gate_->watches().Remove(watch_.get());
    gate_->Finished(watch_->call(), watch_->status(), started_);
    delete this;
  }

  CallGate* const gate_;
  grpc::CallbackServerContext* const context_;
  const absl::Time started_;
  const std::shared_ptr<Watch<Response>> watch_;
};

// Ends at once.
template <typename Response>
class RefusedWatch final : public grpc::ServerWriteReactor<Response> {
 public:
  explicit RefusedWatch(const absl::Status& status) { this->Finish(ToGrpcStatus(status)); }
  void OnDone() override { delete this; }
};

}  // namespace internal

template <typename Request, typename Response>
grpc::ServerWriteReactor<Response>* OpenWatch(
    CallGate* gate, grpc::CallbackServerContext* context, const Request* request,
    WatchOptions options,
    std::function<std::shared_ptr<void>(const CallInfo&, const Request&,
                                        std::shared_ptr<WatchFeed<Response>>)>
        start,
    std::function<Response()> heartbeat) {
  const absl::Time started = absl::Now();
  absl::StatusOr<CallInfo> call = gate->Admit(context, *request);
  if (!call.ok()) return new internal::RefusedWatch<Response>(call.status());
  auto* reactor = new internal::WatchReactor<Response>(gate, context, *std::move(call), started,
                                                       options, std::move(heartbeat));
  // Nothing can end the reactor before this function has returned it.
  const std::shared_ptr<internal::Watch<Response>>& watch = reactor->watch();
  gate->watches().Add(watch, options.heartbeat);
  watch->Guard(start(watch->call(), *request, watch));
  return reactor;
}

}  // namespace fuju::chassis
