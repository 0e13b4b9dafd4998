#pragma once

#include <string>
#include <vector>

#include "grpc/reflection/v1/reflection.grpc.pb.h"

namespace fuju::chassis {

// The service grpc.reflection.v1.ServerReflection over the descriptors linked into the program
// (gRPC 1.51 brings v1alpha only). Thread-safe once the services are set.
class ReflectionV1 final : public grpc::reflection::v1::ServerReflection::CallbackService {
 public:
  // Before the server starts.
  void SetServices(std::vector<std::string> full_names) { services_ = std::move(full_names); }

  grpc::ServerBidiReactor<grpc::reflection::v1::ServerReflectionRequest,
                          grpc::reflection::v1::ServerReflectionResponse>*
  ServerReflectionInfo(grpc::CallbackServerContext* context) override;

  // The answer to one question. What is not there is an error in the answer, not of the stream.
  grpc::reflection::v1::ServerReflectionResponse Answer(
      const grpc::reflection::v1::ServerReflectionRequest& request) const;

 private:
  std::vector<std::string> services_;
};

}  // namespace fuju::chassis
