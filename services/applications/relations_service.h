#pragma once

#include <grpcpp/grpcpp.h>

#include "applications/relation.h"
#include "chassis/rpc/call.h"
#include "chassis/store/aggregate_store.h"
#include "chassis/streams/reactor.h"
#include "fuju/applications/v1/relations_service.grpc.pb.h"
#include "vocabulary/ulid.h"

namespace fuju::applications {

using RelationStore = chassis::AggregateStore<v1::OfficerRelation>;

// The kind of aggregate, for the store.
chassis::AggregateKind<v1::OfficerRelation> RelationAggregate();

// Ends relations whose time is over. `store` outlives the handlers.
void AddRelationTimers(chassis::TimerHandlers& handlers, const RelationStore* store);

// The gRPC edge of declared relations. Thread-safe. What is passed outlives it and every call in
// flight.
class RelationsService final : public v1::RelationsService::CallbackService {
 public:
  RelationsService(chassis::CallGate* gate, const RelationStore* store,
                   vocabulary::UlidGenerator* ids)
      : gate_(gate), store_(store), ids_(ids) {}

  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  Reactor* DeclareRelation(Context* context, const v1::DeclareRelationRequest* request,
                           v1::OfficerRelation* response) override;
  Reactor* EndRelation(Context* context, const v1::EndRelationRequest* request,
                       v1::OfficerRelation* response) override;
  Reactor* ListRelations(Context* context, const v1::ListRelationsRequest* request,
                         v1::ListRelationsResponse* response) override;

 private:
  chassis::CallGate* const gate_;
  const RelationStore* const store_;
  vocabulary::UlidGenerator* const ids_;
};

}  // namespace fuju::applications
