#include "absl/time/clock.h"

#include "fujuctl/commands.h"

namespace fuju::fujuctl {
namespace {

constexpr absl::Duration kCallLimit = absl::Seconds(30);

}  // namespace

const std::vector<std::string>& StreamServices() {
  static const auto* const kServices =
      new std::vector<std::string>{"applications", "catalogue", "dispatch", "fitting", "audit"};
  return *kServices;
}

std::shared_ptr<grpc::Channel> ChannelTo(const std::string& address) {
  return grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
}

void Prepare(grpc::ClientContext& context, const Connections& connections) {
  context.set_deadline(absl::ToChronoTime(absl::Now() + kCallLimit));
  context.AddMetadata("fuju-actor", connections.actor);
}

}  // namespace fuju::fujuctl
