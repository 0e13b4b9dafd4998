#include "chassis/process/process.h"

#include <utility>

namespace fuju::chassis {

Process::Process() : registry_(std::make_shared<prometheus::Registry>()) {}

Process::~Process() = default;

Fanout& Process::fanout() {
  if (fanout_ == nullptr) fanout_ = Fanout::Start(redis_.get(), topology_, *keys_);
  return *fanout_;
}

CallGate& Process::MakeGate(FormatRegistry formats) {
  gate_ = std::make_unique<CallGate>(std::move(formats), registry_, call_limits_);
  return *gate_;
}

void Process::Serve(std::unique_ptr<grpc::Service> service) {
  services_.push_back(std::move(service));
}

void Process::React(Reactions reactions, TimerHandlers timers,
                    std::vector<std::string> own_stream_groups) {
  reacting_ = std::make_unique<Reacting>(
      Reacting{std::move(reactions), std::move(timers), std::move(own_stream_groups)});
}

void Process::ReportPort(std::string name, int port) { ports_[std::move(name)] = port; }

void Process::BeforeServing(std::function<absl::Status()> step) {
  before_serving_.push_back(std::move(step));
}

void Process::OnStop(std::function<void()> step) { on_stop_.push_back(std::move(step)); }

}  // namespace fuju::chassis
