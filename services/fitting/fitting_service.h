#pragma once

#include "chassis/rpc/call.h"
#include "chassis/store/unique_names.h"
#include "fitting/settings.h"
#include "fitting/wiring.h"
#include "fuju/fitting/v1/fitting_service.grpc.pb.h"

namespace fuju::fitting {

// The gRPC edge: check shape, map in, call, map out. Thread-safe.
class FittingService final : public v1::FittingService::CallbackService {
 public:
  // All outlive the service.
  FittingService(chassis::CallGate* gate, const FittingStores* stores,
                 chassis::UniqueNames* serial_numbers, Settings settings);

  grpc::ServerUnaryReactor* RegisterTechnician(grpc::CallbackServerContext* context,
                                               const v1::RegisterTechnicianRequest* request,
                                               v1::Technician* response) override;
  grpc::ServerUnaryReactor* GetTechnician(grpc::CallbackServerContext* context,
                                          const v1::GetTechnicianRequest* request,
                                          v1::Technician* response) override;
  grpc::ServerUnaryReactor* ListTechnicians(grpc::CallbackServerContext* context,
                                            const v1::ListTechniciansRequest* request,
                                            v1::ListTechniciansResponse* response) override;
  grpc::ServerUnaryReactor* FindSlots(grpc::CallbackServerContext* context,
                                      const v1::FindSlotsRequest* request,
                                      v1::FindSlotsResponse* response) override;
  grpc::ServerUnaryReactor* BookAppointment(grpc::CallbackServerContext* context,
                                            const v1::BookAppointmentRequest* request,
                                            v1::Order* response) override;
  grpc::ServerUnaryReactor* RescheduleAppointment(grpc::CallbackServerContext* context,
                                                  const v1::RescheduleAppointmentRequest* request,
                                                  v1::Order* response) override;
  grpc::ServerUnaryReactor* CancelAppointment(grpc::CallbackServerContext* context,
                                              const v1::CancelAppointmentRequest* request,
                                              v1::Order* response) override;
  grpc::ServerUnaryReactor* ReportNoShow(grpc::CallbackServerContext* context,
                                         const v1::ReportNoShowRequest* request,
                                         v1::Order* response) override;
  grpc::ServerUnaryReactor* CompleteOrder(grpc::CallbackServerContext* context,
                                          const v1::CompleteOrderRequest* request,
                                          v1::Order* response) override;
  grpc::ServerUnaryReactor* ReturnOrder(grpc::CallbackServerContext* context,
                                        const v1::ReturnOrderRequest* request,
                                        v1::Order* response) override;
  grpc::ServerUnaryReactor* GetOrder(grpc::CallbackServerContext* context,
                                     const v1::GetOrderRequest* request,
                                     v1::Order* response) override;
  grpc::ServerUnaryReactor* ListOrders(grpc::CallbackServerContext* context,
                                       const v1::ListOrdersRequest* request,
                                       v1::ListOrdersResponse* response) override;

 private:
  chassis::CallGate* const gate_;
  const FittingStores* const stores_;
  chassis::UniqueNames* const serial_numbers_;
  const Settings settings_;
};

}  // namespace fuju::fitting
