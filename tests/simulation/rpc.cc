#include "simulation/rpc.h"

#include "absl/strings/str_cat.h"

#include "chassis/rpc/repeatable.h"

namespace fuju::simulation {
namespace {

// gRPC opens a context's metadata to its own test helper of synchronous servers only. An explicit
// instantiation may name a private member, so this needs no cast.
template <auto Member>
struct MetadataAccess {
  friend auto& MetadataOf(grpc::ServerContextBase& context) { return context.*Member; }
};
auto& MetadataOf(grpc::ServerContextBase& context);
template struct MetadataAccess<&grpc::ServerContextBase::client_metadata_>;

}  // namespace

void SetActor(grpc::ServerContextBase& context, const std::string& actor) {
  static const std::string kKey = "fuju-actor";
  MetadataOf(context).map()->insert(
      {grpc::string_ref(kKey.data(), kKey.size()), grpc::string_ref(actor.data(), actor.size())});
}

void Rpc::Ended(const grpc::Status& status, std::string about, bool repeat) {
  if (chassis::IsRepeatable(status.error_code())) return;
  if (repeat && !status.ok()) {
    contradiction_ = absl::StrCat(what_, " was granted, its repeat got ", status.error_message());
  } else if (granted() && status.ok() && about != about_) {
    contradiction_ = absl::StrCat(what_, " was about ", about_, ", its repeat about ", about);
  } else if (!granted()) {
    // A refusal changes nothing and is not remembered, so a repeat may be granted.
    answered_ = true;
    status_ = status;
    about_ = std::move(about);
  }
}

}  // namespace fuju::simulation
