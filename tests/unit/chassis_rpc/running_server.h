#pragma once

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include <prometheus/counter.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "chassis/rpc/call.h"
#include "chassis/rpc/server.h"
#include "support/probe_service.h"

namespace fuju::test_support {

// A gate, the probe service and a real server on a loopback port, with a client of it. Set what the
// service does through `service` before the first call.
class RunningServer {
 public:
  explicit RunningServer(chassis::CallLimits limits = {.longest = absl::Seconds(30)},
                         chassis::ServerOptions options = {}) {
    registry = std::make_shared<prometheus::Registry>();
    gate = std::make_unique<chassis::CallGate>(chassis::FormatRegistry(), registry, limits);
    service = std::make_unique<ProbeService>(gate.get());
    options.listen = "127.0.0.1:0";
    auto started = chassis::Server::Start(options, {service.get()});
    EXPECT_TRUE(started.ok()) << started.status();
    server = *std::move(started);
    server->SetServing(true);
    channel = NewChannel();
    stub = testing::v1::ProbeService::NewStub(channel);
  }
  ~RunningServer() { Stop(); }

  void Stop() {
    if (gate != nullptr) gate->Drain();
    server.reset();
    gate.reset();
  }

  // A connection of its own.
  std::shared_ptr<grpc::Channel> NewChannel() const {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel(address(), grpc::InsecureChannelCredentials(), arguments);
  }

  std::string address() const { return absl::StrCat("127.0.0.1:", server->port()); }

  std::string Metrics() const {
    return prometheus::TextSerializer().Serialize(registry->Collect());
  }

  std::shared_ptr<prometheus::Registry> registry;
  std::unique_ptr<chassis::CallGate> gate;
  std::unique_ptr<ProbeService> service;
  std::unique_ptr<chassis::Server> server;
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<testing::v1::ProbeService::Stub> stub;
};

inline testing::v1::StartProbeRequest StartRequest() {
  testing::v1::StartProbeRequest request;
  request.set_name("probes/1");
  request.set_request_id("r1");
  return request;
}

inline void ActAs(grpc::ClientContext& context, const std::string& actor) {
  context.AddMetadata("fuju-actor", actor);
}

}  // namespace fuju::test_support
