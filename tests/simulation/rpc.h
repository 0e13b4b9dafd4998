#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <grpcpp/grpcpp.h>
#include <grpcpp/test/default_reactor_test_peer.h>

#include "simulation/simulated_process.h"

namespace fuju::simulation {

// One command as a caller has it: sent, and sent again with the same request id, to any process of
// the service, until an answer comes. The handlers are the services' own, called without a wire.
// Not thread-safe.
class Rpc {
 public:
  explicit Rpc(std::string what, Service service) : what_(std::move(what)), service_(service) {}
  virtual ~Rpc() = default;

  // For the history: method and name.
  const std::string& what() const { return what_; }
  Service service() const { return service_; }

  // Sends it once more.
  virtual void Send(SimulatedProcess& process) = 0;

  // Times that it was sent and has not ended.
  int open() const { return open_; }
  // It has to be sent (again).
  bool unanswered() const { return !answered_ && open_ == 0; }
  bool answered() const { return answered_; }
  const grpc::Status& status() const { return status_; }
  bool granted() const { return answered_ && status_.ok(); }
  // Set if a repeat of what had been granted was answered otherwise.
  const std::string& contradiction() const { return contradiction_; }

  // Frees what has ended; not from within a handler.
  virtual void Sweep() = 0;

 protected:
  // `about`: name of the resource that was answered. `repeat`: it had been granted before it was
  // sent.
  void Ended(const grpc::Status& status, std::string about, bool repeat);
  int open_ = 0;

 private:
  const std::string what_;
  const Service service_;
  bool answered_ = false;
  grpc::Status status_;
  std::string about_;
  std::string contradiction_;
};

// A context with the metadata of a caller.
void SetActor(grpc::ServerContextBase& context, const std::string& actor);

template <typename Request, typename Response>
class RpcOf final : public Rpc {
 public:
  using Method = std::function<void(ServiceParts& parts, grpc::CallbackServerContext* context,
                                    const Request* request, Response* response)>;

  RpcOf(std::string what, Service service, std::string actor, Request request, Method method)
      : Rpc(std::move(what), service),
        actor_(std::move(actor)),
        request_(std::move(request)),
        method_(std::move(method)) {}

  void Send(SimulatedProcess& process) override {
    auto sending = std::make_unique<Sending>();
    Sending* const mine = sending.get();
    mine->repeat = granted();
    sendings_.push_back(std::move(sending));
    ++open_;
    SetActor(mine->context, actor_);
    mine->peer.emplace(&mine->context, [this, mine](const grpc::Status& status) {
      mine->ended = true;
      --open_;
      Ended(status, mine->response.name(), mine->repeat);
    });
    method_(process.parts(), &mine->context, &request_, &mine->response);
  }

  void Sweep() override {
    std::erase_if(sendings_, [](const auto& sending) { return sending->ended; });
  }

 private:
  struct Sending {
    grpc::CallbackServerContext context;
    std::optional<grpc::testing::DefaultReactorTestPeer> peer;
    Response response;
    bool repeat = false;
    bool ended = false;
  };
  const std::string actor_;
  const Request request_;
  const Method method_;
  std::vector<std::unique_ptr<Sending>> sendings_;
};

}  // namespace fuju::simulation
