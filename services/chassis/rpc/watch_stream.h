#pragma once

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include <grpcpp/grpcpp.h>

#include "chassis/rpc/call.h"

namespace fuju::chassis {

struct WatchOptions {
  // Messages that may wait for a slow reader.
  size_t buffer = 1024;
  // A heartbeat is sent when nothing was for this long; also how long a reader may take to fetch
  // the end of an ended stream.
  absl::Duration heartbeat = absl::Seconds(15);
};

// The feeding side of a server stream. Thread-safe; may outlive the stream (calls have no effect
// then).
template <typename Response>
class WatchFeed {
 public:
  virtual ~WatchFeed() = default;
  // Queues one message. When the reader is too slow for the buffer, what waits is dropped and the
  // stream ends with RESOURCE_EXHAUSTED, WATCHER_TOO_SLOW; the client resumes after the last
  // message it got. False once the stream is over.
  virtual bool Push(Response response) = 0;
  // Ends the stream after what is queued. Later calls have no effect.
  virtual void End(absl::Status status) = 0;
};

// Opens a server stream: admission by the gate (an error ends it at once), then `start` gets the
// call and its feed and returns what keeps the feed going (a subscription); that object is
// destroyed, on a thread where blocking is allowed, when the stream is over for any reason (client
// gone, deadline, drain, End). `heartbeat` makes a heartbeat message; without it none is sent.
template <typename Request, typename Response>
grpc::ServerWriteReactor<Response>* OpenWatch(
    CallGate* gate, grpc::CallbackServerContext* context, const Request* request,
    WatchOptions options,
    std::function<std::shared_ptr<void>(const CallInfo&, const Request&,
                                        std::shared_ptr<WatchFeed<Response>>)>
        start,
    std::function<Response()> heartbeat);

}  // namespace fuju::chassis

#include "chassis/rpc/watch_stream.inl.h"
