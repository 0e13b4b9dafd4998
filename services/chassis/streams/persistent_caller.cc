#include "chassis/streams/persistent_caller.h"

#include <utility>

#include "chassis/streams/backoff.h"
#include "chassis/streams/script_codes.h"
#include "chassis/telemetry/log.h"

namespace fuju::chassis {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(2);

}  // namespace

struct PersistentCaller::Pending {
  const redis::Script* script;
  std::vector<std::string> keys;
  std::vector<std::string> args;
  std::function<void(const redis::Reply&)> then;
  int failures = 0;
};

PersistentCaller::PersistentCaller(redis::Client* client, absl::Duration retry_min,
                                   absl::Duration retry_max)
    : client_(client), retry_min_(retry_min), retry_max_(retry_max) {}

void PersistentCaller::Call(const redis::Script& script, std::vector<std::string> keys,
                            std::vector<std::string> args,
                            std::function<void(const redis::Reply&)> then) {
  Try(std::make_shared<Pending>(
      Pending{&script, std::move(keys), std::move(args), std::move(then)}));
}

void PersistentCaller::Try(const std::shared_ptr<Pending>& pending) {
  if (closed_.load()) return;
  client_->Eval(*pending->script, pending->keys, pending->args, kTimeout,
                [self = shared_from_this(), pending](absl::StatusOr<redis::Reply> reply) {
                  if (self->closed_.load()) return;
                  if (reply.ok() && (!reply->is_error() || IsNoGroup(*reply))) {
                    pending->then(*reply);
                    return;
                  }
                  ++pending->failures;
                  if (reply.ok()) {
                    LogError("Redis refused a script of the consumer",
                             {{"key", pending->keys.front()}, {"error", reply->text()}});
                  }
                  self->client_->Schedule(
                      BackoffDelay(pending->failures, self->retry_min_, self->retry_max_),
                      [self, pending] { self->Try(pending); });
                });
}

void PersistentCaller::Close() { closed_.store(true); }

}  // namespace fuju::chassis
