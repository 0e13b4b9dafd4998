#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "chassis/rpc/call.h"
#include "chassis/rpc/upload_stream.h"
#include "chassis/rpc/watch_stream.h"
#include "fuju/testing/v1/probe_service.grpc.pb.h"

namespace fuju::test_support {

// The service of the test contract over a gate; a test sets what its calls do before they come.
class ProbeService final : public testing::v1::ProbeService::CallbackService {
 public:
  using ProbeDone = std::function<void(absl::StatusOr<testing::v1::Probe>)>;
  using Feed = chassis::WatchFeed<testing::v1::WatchProbeResponse>;

  explicit ProbeService(chassis::CallGate* gate) : gate_(gate) {}

  std::function<void(const chassis::CallInfo&, const testing::v1::GetProbeRequest&, ProbeDone)>
      on_get = [](const auto&, const auto& request, const ProbeDone& done) {
        testing::v1::Probe probe;
        probe.set_name(request.name());
        done(std::move(probe));
      };
  std::function<void(const chassis::CallInfo&, const testing::v1::StartProbeRequest&, ProbeDone)>
      on_start = [](const auto&, const auto& request, const ProbeDone& done) {
        testing::v1::Probe probe;
        probe.set_name(request.name());
        done(std::move(probe));
      };
  std::function<std::shared_ptr<void>(const chassis::CallInfo&,
                                      const testing::v1::WatchProbeRequest&, std::shared_ptr<Feed>)>
      on_watch;
  chassis::WatchOptions watch_options;
  using ProbeUploadFeed = chassis::UploadFeed<testing::v1::UploadProbesResponse>;
  using ProbeUploadSink = chassis::UploadSink<testing::v1::UploadProbesRequest>;
  std::function<std::shared_ptr<ProbeUploadSink>(
      const chassis::CallInfo&, testing::v1::UploadProbesRequest, std::shared_ptr<ProbeUploadFeed>)>
      on_upload;
  chassis::UploadOptions upload_options;

  grpc::ServerUnaryReactor* GetProbe(grpc::CallbackServerContext* context,
                                     const testing::v1::GetProbeRequest* request,
                                     testing::v1::Probe* response) override {
    return gate_->Unary<testing::v1::GetProbeRequest, testing::v1::Probe>(context, request,
                                                                          response, on_get);
  }
  grpc::ServerUnaryReactor* StartProbe(grpc::CallbackServerContext* context,
                                       const testing::v1::StartProbeRequest* request,
                                       testing::v1::Probe* response) override {
    return gate_->Unary<testing::v1::StartProbeRequest, testing::v1::Probe>(context, request,
                                                                            response, on_start);
  }
  grpc::ServerUnaryReactor* UpdateProbe(grpc::CallbackServerContext* context,
                                        const testing::v1::UpdateProbeRequest* request,
                                        testing::v1::Probe* response) override {
    return gate_->Unary<testing::v1::UpdateProbeRequest, testing::v1::Probe>(
        context, request, response,
        [](const auto&, const auto& update, const ProbeDone& done) { done(update.probe()); });
  }
  grpc::ServerWriteReactor<testing::v1::WatchProbeResponse>* WatchProbe(
      grpc::CallbackServerContext* context,
      const testing::v1::WatchProbeRequest* request) override {
    return chassis::OpenWatch<testing::v1::WatchProbeRequest, testing::v1::WatchProbeResponse>(
        gate_, context, request, watch_options, on_watch,
        [] { return testing::v1::WatchProbeResponse(); });
  }
  grpc::ServerBidiReactor<testing::v1::UploadProbesRequest, testing::v1::UploadProbesResponse>*
  UploadProbes(grpc::CallbackServerContext* context) override {
    return chassis::OpenUpload<testing::v1::UploadProbesRequest, testing::v1::UploadProbesResponse>(
        gate_, context, upload_options, on_upload,
        [] { return testing::v1::UploadProbesResponse(); });
  }

 private:
  chassis::CallGate* const gate_;
};

}  // namespace fuju::test_support
