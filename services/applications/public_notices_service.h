#pragma once

#include <grpcpp/grpcpp.h>

#include "applications/application.h"
#include "applications/wiring.h"
#include "chassis/rpc/call.h"
#include "fuju/applications/v1/public_notices_service.grpc.pb.h"
#include "vocabulary/region.h"

namespace fuju::applications {

// The gRPC edge of what is public: checks the shape (the gate does), maps in, calls a decision
// through Wiring, maps out. Thread-safe. What is passed outlives it and every call in flight.
class PublicNoticesService final : public v1::PublicNoticesService::CallbackService {
 public:
  PublicNoticesService(chassis::CallGate* gate, const Wiring* wiring,
                       const vocabulary::RegionTable* regions, Rules rules)
      : gate_(gate), wiring_(wiring), regions_(regions), rules_(rules) {}

  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  Reactor* ListPublicNotices(Context* context, const v1::ListPublicNoticesRequest* request,
                             v1::ListPublicNoticesResponse* response) override;
  Reactor* ObjectToPublicNotice(Context* context, const v1::ObjectToPublicNoticeRequest* request,
                                v1::PublicNotice* response) override;
  Reactor* ListObjections(Context* context, const v1::ListObjectionsRequest* request,
                          v1::ListObjectionsResponse* response) override;

 private:
  v1::PublicNotice ViewOf(const Record& record) const;

  chassis::CallGate* const gate_;
  const Wiring* const wiring_;
  const vocabulary::RegionTable* const regions_;
  const Rules rules_;
};

}  // namespace fuju::applications
