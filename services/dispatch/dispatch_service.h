#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "chassis/rpc/call.h"
#include "chassis/streams/fanout.h"
#include "dispatch/wiring.h"
#include "fuju/dispatch/v1/dispatch_service.grpc.pb.h"

namespace fuju::dispatch {

// The gRPC edge: maps requests to decisions and states to answers. Thread-safe.
class DispatchService final : public v1::DispatchService::CallbackService {
 public:
  // What is passed outlives this.
  DispatchService(chassis::CallGate* gate, const DispatchStores* stores, chassis::Fanout* fanout,
                  absl::Duration watch_heartbeat);

  grpc::ServerUnaryReactor* RegisterVendor(grpc::CallbackServerContext* context,
                                           const v1::RegisterVendorRequest* request,
                                           v1::Vendor* response) override;
  grpc::ServerUnaryReactor* SuspendVendor(grpc::CallbackServerContext* context,
                                          const v1::SuspendVendorRequest* request,
                                          v1::Vendor* response) override;
  grpc::ServerUnaryReactor* ResumeVendor(grpc::CallbackServerContext* context,
                                         const v1::ResumeVendorRequest* request,
                                         v1::Vendor* response) override;
  grpc::ServerUnaryReactor* GetVendor(grpc::CallbackServerContext* context,
                                      const v1::GetVendorRequest* request,
                                      v1::Vendor* response) override;
  grpc::ServerUnaryReactor* ListVendors(grpc::CallbackServerContext* context,
                                        const v1::ListVendorsRequest* request,
                                        v1::ListVendorsResponse* response) override;
  grpc::ServerUnaryReactor* AcceptOffer(grpc::CallbackServerContext* context,
                                        const v1::AcceptOfferRequest* request,
                                        v1::Offer* response) override;
  grpc::ServerUnaryReactor* DeclineOffer(grpc::CallbackServerContext* context,
                                         const v1::DeclineOfferRequest* request,
                                         v1::Offer* response) override;
  grpc::ServerUnaryReactor* GetOffer(grpc::CallbackServerContext* context,
                                     const v1::GetOfferRequest* request,
                                     v1::Offer* response) override;
  grpc::ServerUnaryReactor* ListOffers(grpc::CallbackServerContext* context,
                                       const v1::ListOffersRequest* request,
                                       v1::ListOffersResponse* response) override;
  grpc::ServerWriteReactor<v1::WatchOffersResponse>* WatchOffers(
      grpc::CallbackServerContext* context, const v1::WatchOffersRequest* request) override;
  grpc::ServerUnaryReactor* GetRound(grpc::CallbackServerContext* context,
                                     const v1::GetRoundRequest* request,
                                     v1::Round* response) override;
  grpc::ServerUnaryReactor* ListRounds(grpc::CallbackServerContext* context,
                                       const v1::ListRoundsRequest* request,
                                       v1::ListRoundsResponse* response) override;
  grpc::ServerUnaryReactor* AssignVendor(grpc::CallbackServerContext* context,
                                         const v1::AssignVendorRequest* request,
                                         v1::Round* response) override;
  grpc::ServerUnaryReactor* CloseRound(grpc::CallbackServerContext* context,
                                       const v1::CloseRoundRequest* request,
                                       v1::Round* response) override;

 private:
  template <typename Answer>
  using Done = std::function<void(absl::StatusOr<Answer>)>;

  // Checks only what a registration would be refused for.
  void PreviewVendor(const chassis::CallInfo& call, v1::Vendor vendor, Done<v1::Vendor> done);
  void Assign(const chassis::CallInfo& call, const v1::AssignVendorRequest& request,
              Done<v1::Round> done);

  chassis::CallGate* const gate_;
  const DispatchStores* const stores_;
  chassis::Fanout* const fanout_;
  const absl::Duration watch_heartbeat_;
};

}  // namespace fuju::dispatch
