#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "absl/time/time.h"

#include "fuju/applications/v1/applications_service.grpc.pb.h"
#include "scenario/world.h"

namespace fuju::scenario {

using fuju::applications::v1::ApplicationState;

bool IsFinal(ApplicationState state);

// Follows one application through WatchApplication, resuming after every cut with the last token,
// and complains to the world about a gap or repeat in the timeline. Not thread-safe.
class CaseWatch {
 public:
  CaseWatch(World* world, std::string application);
  ~CaseWatch();

  // Reads on until the newest state is one of `states` or final; nullopt when the world stops or
  // nothing came for `limit`.
  std::optional<ApplicationState> Await(const std::set<ApplicationState>& states,
                                        absl::Duration limit);
  // Reads on until another step than those read so far.
  std::optional<ApplicationState> Next(absl::Duration limit);

 private:
  void Open(absl::Time deadline);
  World* const world_;
  const std::string application_;
  std::string token_;
  int sequence_ = 0;
  std::optional<ApplicationState> state_;
  std::unique_ptr<StreamContext> context_;
  std::unique_ptr<grpc::ClientReader<fuju::applications::v1::WatchApplicationResponse>> reader_;
};

}  // namespace fuju::scenario
