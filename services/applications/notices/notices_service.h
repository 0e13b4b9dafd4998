#pragma once

#include <grpcpp/grpcpp.h>

#include "applications/notices/wiring.h"
#include "chassis/rpc/call.h"
#include "fuju/applications/v1/notices_service.grpc.pb.h"

namespace fuju::applications {

// The gRPC edge of notices. Thread-safe. What is passed outlives it and every call in flight.
class NoticesService final : public v1::NoticesService::CallbackService {
 public:
  NoticesService(chassis::CallGate* gate, const Notices* notices)
      : gate_(gate), notices_(notices) {}

  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  Reactor* ListNotices(Context* context, const v1::ListNoticesRequest* request,
                       v1::ListNoticesResponse* response) override;
  Reactor* ListFailedNotices(Context* context, const v1::ListFailedNoticesRequest* request,
                             v1::ListFailedNoticesResponse* response) override;
  Reactor* ResendNotice(Context* context, const v1::ResendNoticeRequest* request,
                        v1::Notice* response) override;

 private:
  chassis::CallGate* const gate_;
  const Notices* const notices_;
};

}  // namespace fuju::applications
