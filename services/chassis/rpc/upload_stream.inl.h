// Templates of upload_stream.h; included by it only.
#pragma once

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"

#include "chassis/rpc/status.h"
#include "chassis/rpc/watch_keeper.h"

namespace fuju::chassis {
namespace internal {

// DEADLINE_EXCEEDED, UPLOAD_IDLE.
absl::Status UploadIdle();
// INVALID_ARGUMENT: the client sent nothing at all.
absl::Status NothingUploaded();

// What StartRead acts on, beside the writer.
template <typename Response>
class UploadPeer : public WatchWriter<Response> {
 public:
  virtual void Read() = 0;
};

// State of one upload, shared by gRPC's reactor, the sink and the keeper. The answers and the end
// are those of a watch, which begins with the first message. At most one read is in flight. The
// peer lives until Finish was called on it, and Finish waits until a StartRead has returned.
template <typename Request, typename Response>
class Upload final : public UploadFeed<Response>,
                     public KeptWatch,
                     public std::enable_shared_from_this<Upload<Request, Response>> {
 public:
  using Start = std::function<std::shared_ptr<UploadSink<Request>>(
      const CallInfo&, Request, std::shared_ptr<UploadFeed<Response>>)>;

  Upload(CallGate* gate, grpc::CallbackServerContext* context, UploadOptions options, Start start,
         std::function<Response()> heartbeat, FormatRegistry formats, UploadPeer<Response>* peer)
      : gate_(gate),
        context_(context),
        options_(options),
        start_(std::move(start)),
        heartbeat_(std::move(heartbeat)),
        formats_(std::move(formats)),
        peer_(peer) {}

  bool Push(Response response) override {
    const auto watch = this->watch();
    return watch != nullptr && watch->Push(std::move(response));
  }

  void End(absl::Status status) override {
    const auto watch = this->watch();
    if (watch != nullptr) {
      watch->End(std::move(status));
    } else {
      // Before the first message there is no call that could be counted.
      Finish(ToGrpcStatus(status));
    }
  }

  void Next() override {
    {
      absl::MutexLock lock(&mutex_);
      if (finished_ || wanting_) return;
      if (beginning_) {
        wanted_early_ = true;
        return;
      }
      wanting_ = starting_read_ = true;
      wanted_since_ = MonotonicNow();
    }
    // May already call OnRead before it returns.
    peer_->Read();
    FinishAfterRead();
  }

  absl::Duration Tick() override {
    bool idle = false;
    absl::Duration wait = options_.idle;
    {
      absl::MutexLock lock(&mutex_);
      if (wanting_) {
        wait = wanted_since_ + options_.idle - MonotonicNow();
        idle = wait <= absl::ZeroDuration();
      }
    }
    if (idle) {
      End(UploadIdle());
      wait = options_.idle;
    }
    const auto watch = this->watch();
    return watch == nullptr ? wait : std::min(wait, watch->Tick());
  }

  void OnRead(bool ok, Request& message) {
    std::shared_ptr<UploadSink<Request>> sink;
    {
      absl::MutexLock lock(&mutex_);
      wanting_ = false;
      if (finished_) return;
      sink = sink_;
    }
    if (sink == nullptr) return ok ? Begin(std::move(message)) : End(NothingUploaded());
    if (!ok) {
      sink->OnEnd();
    } else if (absl::Status s = ValidateMessage(message, formats_); !s.ok()) {
      End(std::move(s));
    } else {
      sink->OnMessage(std::move(message));
    }
    // Perhaps the last reference.
    gate_->watches().Dispose(std::move(sink));
  }

  void OnCancel() {
    const auto watch = this->watch();
    if (watch != nullptr) return watch->OnCancel();
    Finish(grpc::Status(grpc::StatusCode::CANCELLED, "the client is gone"));
  }

  void OnWriteDone(bool ok) {
    if (const auto watch = this->watch(); watch != nullptr) watch->OnWriteDone(ok);
  }

  // The peer goes now.
  void OnDone() {
    gate_->watches().Remove(this);
    std::shared_ptr<Watch<Response>> watch;
    std::shared_ptr<UploadSink<Request>> sink;
    {
      absl::MutexLock lock(&mutex_);
      watch = std::move(watch_);
      sink = std::move(sink_);
    }
    gate_->watches().Dispose(std::move(sink));
    if (watch != nullptr) gate_->Finished(watch->call(), watch->status(), started_);
  }

  // Once the watch, or who ends the stream before there is one, says so.
  void Finish(grpc::Status status) {
    {
      absl::MutexLock lock(&mutex_);
      if (finished_) return;
      finished_ = true;
      if (starting_read_) {
        waiting_end_ = std::move(status);
        return;
      }
    }
    peer_->Finish(std::move(status));
  }

 private:
  std::shared_ptr<Watch<Response>> watch() {
    absl::MutexLock lock(&mutex_);
    return watch_;
  }

  // The first message.
  void Begin(Request message) {
    absl::StatusOr<CallInfo> call = gate_->Admit(context_, message);
    if (!call.ok()) return Finish(ToGrpcStatus(call.status()));
    const auto watch = std::make_shared<Watch<Response>>(gate_, *std::move(call), options_.answers,
                                                         heartbeat_, &ender_);
    bool over = false;
    {
      absl::MutexLock lock(&mutex_);
      watch_ = watch;
      beginning_ = true;
      over = finished_;
    }
    // Ended meanwhile, without a watch: OnDone counts it all the same.
    if (over) return watch->OnCancel();
    std::shared_ptr<UploadSink<Request>> sink =
        start_(watch->call(), std::move(message), this->shared_from_this());
    bool wanted = false;
    {
      absl::MutexLock lock(&mutex_);
      sink_ = sink;
      beginning_ = false;
      wanted = wanted_early_;
    }
    watch->Guard(std::move(sink));
    if (wanted) Next();
  }

  void FinishAfterRead() {
    std::optional<grpc::Status> end;
    {
      absl::MutexLock lock(&mutex_);
      starting_read_ = false;
      end = std::exchange(waiting_end_, std::nullopt);
    }
    if (end.has_value()) peer_->Finish(*std::move(end));
  }

  // Between the watch and the peer: the end goes through Finish.
  class Ender final : public WatchWriter<Response> {
   public:
    explicit Ender(Upload* upload) : upload_(upload) {}
    void Write(const Response* response) override { upload_->peer_->Write(response); }
    void Finish(grpc::Status status) override { upload_->Finish(std::move(status)); }
    void Cancel() override { upload_->peer_->Cancel(); }

   private:
    Upload* const upload_;
  };

  CallGate* const gate_;
  grpc::CallbackServerContext* const context_;
  const UploadOptions options_;
  const Start start_;
  const std::function<Response()> heartbeat_;
  const FormatRegistry formats_;
  UploadPeer<Response>* const peer_;
  Ender ender_{this};
  const absl::Time started_ = absl::Now();

  mutable absl::Mutex mutex_;
  std::shared_ptr<Watch<Response>> watch_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<UploadSink<Request>> sink_ ABSL_GUARDED_BY(mutex_);
  // `start` runs: a message that is asked for meanwhile is read when there is a sink for it.
  bool beginning_ ABSL_GUARDED_BY(mutex_) = false;
  bool wanted_early_ ABSL_GUARDED_BY(mutex_) = false;
  // A message is owed.
  bool wanting_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Duration wanted_since_ ABSL_GUARDED_BY(mutex_);
  bool starting_read_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<grpc::Status> waiting_end_ ABSL_GUARDED_BY(mutex_);
};

// gRPC's side of an upload. Deletes itself.
template <typename Request, typename Response>
class UploadReactor final : public grpc::ServerBidiReactor<Request, Response>,
                            private UploadPeer<Response> {
 public:
  using Reactor = grpc::ServerBidiReactor<Request, Response>;

  UploadReactor(CallGate* gate, grpc::CallbackServerContext* context, UploadOptions options,
                typename Upload<Request, Response>::Start start,
                std::function<Response()> heartbeat, FormatRegistry formats)
      : context_(context),
        upload_(std::make_shared<Upload<Request, Response>>(
            gate, context, options, std::move(start), std::move(heartbeat), std::move(formats),
            static_cast<UploadPeer<Response>*>(this))) {}

  const std::shared_ptr<Upload<Request, Response>>& upload() const { return upload_; }

 private:
  void Read() override { this->StartRead(&incoming_); }
  void Write(const Response* response) override { this->StartWrite(response); }
  void Finish(grpc::Status status) override { Reactor::Finish(std::move(status)); }
  void Cancel() override { context_->TryCancel(); }

  void OnReadDone(bool ok) override { upload_->OnRead(ok, incoming_); }
  void OnWriteDone(bool ok) override { upload_->OnWriteDone(ok); }
  void OnCancel() override { upload_->OnCancel(); }
  void OnDone() override {
    upload_->OnDone();
    delete this;
  }

  grpc::CallbackServerContext* const context_;
  const std::shared_ptr<Upload<Request, Response>> upload_;
  // Belongs to gRPC while it is being read.
  Request incoming_;
};

}  // namespace internal

template <typename Request, typename Response>
grpc::ServerBidiReactor<Request, Response>* OpenUpload(
    CallGate* gate, grpc::CallbackServerContext* context, UploadOptions options,
    std::function<std::shared_ptr<UploadSink<Request>>(const CallInfo&, Request first,
                                                       std::shared_ptr<UploadFeed<Response>>)>
        start,
    std::function<Response()> heartbeat, const FormatRegistry& formats) {
  auto* reactor = new internal::UploadReactor<Request, Response>(
      gate, context, options, std::move(start), std::move(heartbeat), formats);
  const auto upload = reactor->upload();
  gate->watches().Add(upload, options.idle);
  upload->Next();
  return reactor;
}

}  // namespace fuju::chassis
