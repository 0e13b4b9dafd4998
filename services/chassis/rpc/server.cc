#include "chassis/rpc/server.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/server_builder_option.h>
#include <grpcpp/impl/server_builder_plugin.h>
#include <grpcpp/impl/server_initializer.h>

#include "chassis/rpc/reflection_v1.h"
#include "chassis/rpc/status.h"
#include "chassis/values/refusal.h"

namespace fuju::chassis {
namespace {

// How long an idle connection may be silent before the server asks whether it lives.
constexpr absl::Duration kServerPing = absl::Seconds(60);
constexpr absl::Duration kServerPingTimeout = absl::Seconds(20);

// Adds reflection v1, and learns the names of all services, as v1alpha's own plugin does.
class ReflectionPlugin final : public grpc::ServerBuilderPlugin {
 public:
  explicit ReflectionPlugin(std::vector<std::string>* services) : services_(services) {}
  std::string name() override { return "fuju.reflection_v1"; }
  void InitServer(grpc::ServerInitializer* initializer) override {
    initializer->RegisterService(reflection_);
  }
  void Finish(grpc::ServerInitializer* initializer) override {
    *services_ = *initializer->GetServiceList();
    reflection_->SetServices(*services_);
  }
  void ChangeArguments(const std::string& /*name*/, void* /*value*/) override {}

 private:
  std::vector<std::string>* const services_;
  const std::shared_ptr<ReflectionV1> reflection_ = std::make_shared<ReflectionV1>();
};

class ReflectionOption final : public grpc::ServerBuilderOption {
 public:
  explicit ReflectionOption(std::vector<std::string>* services) : services_(services) {}
  void UpdateArguments(grpc::ChannelArguments* /*arguments*/) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    plugins->push_back(std::make_unique<ReflectionPlugin>(services_));
  }

 private:
  std::vector<std::string>* const services_;
};

// Answers every method that no service has, with the details that all our errors carry.
class UnknownMethods final : public grpc::CallbackGenericService {
 public:
  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    return new Answer(context->method());
  }

 private:
  // Deletes itself when gRPC is done with it.
  class Answer final : public grpc::ServerGenericBidiReactor {
   public:
    explicit Answer(const std::string& method) {
      Finish(ToGrpcStatus(Refusal(absl::StatusCode::kUnimplemented, "NOT_IMPLEMENTED",
                                  absl::StrCat("没有方法“", method, "”"),
                                  absl::StrCat("there is no method \"", method,
                                               "\"; reflection lists those that are"))
                              .With("method", method)
                              .Build()));
    }
    void OnDone() override { delete this; }
  };
};

class GrpcServer final : public Server {
 public:
  GrpcServer(std::unique_ptr<grpc::Server> server, std::unique_ptr<UnknownMethods> unknown,
             std::vector<std::string> services, int port)
      : services_(std::move(services)),
        port_(port),
        unknown_(std::move(unknown)),
        server_(std::move(server)) {
    SetServing(false);
  }
  ~GrpcServer() override { Drain(absl::ZeroDuration()); }

  int port() const override { return port_; }

  void SetServing(bool serving) override {
    grpc::HealthCheckServiceInterface* health = server_->GetHealthCheckService();
    for (const std::string& service : services_) health->SetServingStatus(service, serving);
    health->SetServingStatus("", serving);
  }

  void Drain(absl::Duration grace) override {
    SetServing(false);
    server_->Shutdown(absl::ToChronoTime(absl::Now() + grace));
    server_->Wait();
  }

 private:
  const std::vector<std::string> services_;
  const int port_;
  const std::unique_ptr<UnknownMethods> unknown_;
  const std::unique_ptr<grpc::Server> server_;
};

int Milliseconds(absl::Duration duration) {
  return static_cast<int>(absl::ToInt64Milliseconds(duration));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options,
                                                      const std::vector<grpc::Service*>& services) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();

  std::vector<std::string> names;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort(options.listen, grpc::InsecureServerCredentials(), &port);
  builder.SetMaxReceiveMessageSize(options.max_request_bytes);
  builder.SetOption(std::make_unique<ReflectionOption>(&names));
  // Two processes never share a port by mistake.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             Milliseconds(options.min_ping_interval));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, Milliseconds(kServerPing));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Milliseconds(kServerPingTimeout));
  for (grpc::Service* service : services) builder.RegisterService(service);
  auto unknown = std::make_unique<UnknownMethods>();
  builder.RegisterCallbackGenericService(unknown.get());

  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr || port == 0) {
    return absl::UnavailableError(
        absl::StrCat("can not listen on ", options.listen,
                     "; is the port free, and is the address one of this machine's?"));
  }
  return std::make_unique<GrpcServer>(std::move(server), std::move(unknown), std::move(names),
                                      port);
}

}  // namespace fuju::chassis
