#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "chassis/redis/client.h"
#include "chassis/redis/topology.h"
#include "chassis/store/keys.h"
#include "fuju/event/v1/event.pb.h"

namespace fuju::chassis {

// Live events of the service's own streams, for watching clients: one blocking reader a partition
// and process that has subscribers, fanned out in memory. Thread-safe.
class Fanout {
 public:
  // An event with the id of its stream entry, which is the position to resume after.
  using Listener =
      std::function<void(const std::string& entry_id, const fuju::event::v1::Event& event)>;

  static std::unique_ptr<Fanout> Start(redis::Client* client,
                                       std::shared_ptr<redis::Topology> topology, Keys keys);
  virtual ~Fanout() = default;

  // A subscription ends when this is destroyed; after that the listener is not called any more. A
  // call that runs is waited for, unless it is this call that ends the subscription.
  class Subscription {
   public:
    virtual ~Subscription() = default;
  };

  // Calls `listener` for every event of the partition after `after_entry_id`, in order and without
  // a gap or repeat, first from the stream, then live, until the subscription is destroyed. Empty:
  // only what comes from now on. `ended` is called at most once, when the subscription can not go
  // on: OUT_OF_RANGE, RESUME_TOKEN_EXPIRED if entries after the position were trimmed already;
  // INVALID_ARGUMENT, RESUME_TOKEN_INVALID if the position is none of this stream; UNAVAILABLE,
  // SHUTTING_DOWN when stopping. `listener` and `ended` run on threads of the fanout (`ended` also
  // within this call, for a malformed position and after Stop), never concurrently for one
  // subscription, and must be quick. `started` is called before the first
  // event with the position from which live events are complete.
  virtual std::unique_ptr<Subscription> Subscribe(
      int partition, std::string after_entry_id,
      std::function<void(const std::string& position)> started, Listener listener,
      std::function<void(absl::Status)> ended) = 0;

  // Ends all subscriptions with UNAVAILABLE and joins the readers. Idempotent.
  virtual void Stop() = 0;
};

}  // namespace fuju::chassis
