#pragma once

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include <grpcpp/grpcpp.h>

#include "chassis/rpc/call.h"
#include "chassis/rpc/validation.h"
#include "chassis/rpc/watch_stream.h"

namespace fuju::chassis {

struct UploadOptions {
  // Of the answers.
  WatchOptions answers = {};
  // A client that owes a message may take this long for it.
  absl::Duration idle = absl::Seconds(60);
};

// The answering side of an upload. Thread-safe; may outlive the stream (calls have no effect then).
template <typename Response>
class UploadFeed : public WatchFeed<Response> {
 public:
  // One more message is wanted: it is read now. Until then nothing is read, and gRPC lets the
  // client send no more than fits its window. To be called once for each message.
  virtual void Next() = 0;
};

// What takes the messages of an upload. Called by one thread at a time, but also after the stream
// is over, and on gRPC's threads: quick, never blocking.
template <typename Request>
class UploadSink {
 public:
  virtual ~UploadSink() = default;
  // A message that was asked for with Next.
  virtual void OnMessage(Request message) = 0;
  // The client sends no more: feed->End is to follow. Not called if it is gone.
  virtual void OnEnd() = 0;
};

// Opens a stream of messages from the client with answers on the way. Its first message is admitted
// by the gate (an error ends the stream at once; a caller must say who acts); then `start` gets the
// call, that message and its feed, and returns the sink of the further ones. Each of them is
// checked against its declared limits (`formats`: those that it names): INVALID_ARGUMENT ends the
// stream. The sink is destroyed, on a thread where blocking is allowed, when the stream is over for
// any reason: End, client gone, deadline, drain, or DEADLINE_EXCEEDED, UPLOAD_IDLE, when the client
// owes a message for `idle`. `heartbeat` makes an answer for when none was sent for long; without
// it none is.
template <typename Request, typename Response>
grpc::ServerBidiReactor<Request, Response>* OpenUpload(
    CallGate* gate, grpc::CallbackServerContext* context, UploadOptions options,
    std::function<std::shared_ptr<UploadSink<Request>>(const CallInfo&, Request first,
                                                       std::shared_ptr<UploadFeed<Response>>)>
        start,
    std::function<Response()> heartbeat = nullptr,
    const FormatRegistry& formats = FormatRegistry());

}  // namespace fuju::chassis

#include "chassis/rpc/upload_stream.inl.h"
