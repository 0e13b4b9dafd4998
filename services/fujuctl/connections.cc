#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include <openssl/sha.h>

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

std::string RequestIdOf(const std::string& text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest), sizeof(digest)));
}

std::shared_ptr<grpc::Channel> ChannelTo(const std::string& address) {
  return grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
}

void Prepare(grpc::ClientContext& context, const Connections& connections) {
  context.set_deadline(absl::ToChronoTime(absl::Now() + kCallLimit));
  context.AddMetadata("fuju-actor", connections.actor);
}

}  // namespace fuju::fujuctl
