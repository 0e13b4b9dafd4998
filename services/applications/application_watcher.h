#pragma once

#include "absl/time/time.h"
#include <grpcpp/grpcpp.h>

#include "applications/wiring.h"
#include "chassis/rpc/call.h"
#include "chassis/streams/fanout.h"
#include "fuju/applications/v1/applications_service.grpc.pb.h"

namespace fuju::applications {

// Serves one WatchApplication stream: the timeline after the token's entry, then every new entry,
// in order, without gap or repeat, until the final state. It listens to the application's partition
// first and reads the state then; each event that follows makes it read again, so no entry can fall
// between. A heartbeat carries the last token. What is passed outlives the stream.
grpc::ServerWriteReactor<v1::WatchApplicationResponse>* OpenApplicationWatch(
    const Wiring* wiring, chassis::Fanout* fanout, chassis::CallGate* gate,
    absl::Duration heartbeat, grpc::CallbackServerContext* context,
    const v1::WatchApplicationRequest* request);

}  // namespace fuju::applications
