#include "chassis/redis/node_calls.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "chassis/redis/result.h"

namespace fuju::chassis::redis {
namespace {

// A node that lives answers such a question at once; one that does not must not delay what others
// can tell.
constexpr absl::Duration kPatience = absl::Milliseconds(300);

}  // namespace

absl::StatusOr<Reply> NodeCalls::Ask(const Address& node, const Command& command) {
  std::unique_ptr<BlockingConnection>& connection = connections_[node];
  if (connection == nullptr) {
    connection = std::make_unique<BlockingConnection>(
        Endpoint{.host = node.host, .port = node.port, .user = user_, .password = password_},
        kPatience);
  }
  absl::StatusOr<Reply> reply = connection->Call(command, absl::ZeroDuration());
  if (reply.ok() && !reply->is_error()) return reply;
  const absl::Status status =
      reply.ok() ? NotApplied(absl::StrCat(ToString(node), ": ", command[0], ": ", reply->text()))
                 : reply.status();
  connections_.erase(node);
  return status;
}

std::string LineOf(const std::string& text, const std::string& name) {
  const std::string prefix = absl::StrCat(name, ":");
  for (absl::string_view line : absl::StrSplit(text, "\r\n")) {
    if (absl::ConsumePrefix(&line, prefix)) return std::string(line);
  }
  return "";
}

}  // namespace fuju::chassis::redis
