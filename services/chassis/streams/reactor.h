#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"

#include "chassis/store/command.h"
#include "fuju/event/v1/event.pb.h"

namespace fuju::chassis {

// One event on its way to a reaction.
struct Delivery {
  std::shared_ptr<const fuju::event::v1::Event> event;
  // How often it was tried before this time.
  int attempt = 0;
  // Of the stream entry.
  std::string entry_id;
  // The lease, for the commit.
  Fence fence;

  // The command of this reaction: cause, correlation, trace and the actor "system:<service>".
  Command ToCommand(std::string_view service) const;
};

// Tells the consumer the end of a reaction. OK: done, acknowledge. UNAVAILABLE, ABORTED,
// DEADLINE_EXCEEDED: try again with backoff, without limit (the environment is at fault). FENCED:
// drop, another consumer has the partition. Any other error counts as a failed attempt; after the
// configured number the event goes to the dead letters and its aggregate's later events wait.
using ReactionDone = std::function<void(absl::Status)>;

// What a service does about facts, by their type. Filled at start, then read only: thread-safe.
// A handler runs on the partition's thread or on an I/O thread of the Redis client: it is quick and
// never blocks. `done` may be called on any thread, also after the consumer is gone; only its first
// call counts, and none after the reaction has timed out.
//
//   Reactions reactions;
//   reactions.On<fuju::applications::v1::ApplicationSubmitted>(
//       "applications", [&](const auto& fact, const Delivery& delivery, ReactionDone done) {...});
class Reactions {
 public:
  using Handler = std::function<void(const Delivery&, ReactionDone)>;

  // `source` is the service whose stream carries the fact. At most one handler a type.
  template <typename FactMessage>
  void On(std::string source,
          std::function<void(const FactMessage&, const Delivery&, ReactionDone)> handler) {
    Add(std::move(source), std::string(FactMessage::descriptor()->full_name()),
        [handler = std::move(handler)](const Delivery& delivery, ReactionDone done) {
          // Shared: the handler's callbacks may outlive this call.
          auto fact = std::make_shared<FactMessage>();
          if (!delivery.event->data().UnpackTo(fact.get())) {
            done(absl::DataLossError("the fact does not parse as " + delivery.event->type()));
            return;
          }
          handler(*fact, delivery,
                  [fact, done = std::move(done)](absl::Status status) { done(std::move(status)); });
        });
  }

  // Everything a stream carries goes to one handler (the archive). Not together with On.
  void OnAll(std::vector<std::string> sources, Handler handler);

  void Add(std::string source, std::string type, Handler handler);

  // Streams to read, sorted.
  std::vector<std::string> Sources() const;
  // Null if this service does not care for the type: the entry is acknowledged.
  const Handler* Find(std::string_view type) const;

 private:
  std::map<std::string, Handler, std::less<>> handlers_;
  std::vector<std::string> sources_;
  Handler all_;
};

// What a service does when a timer of an aggregate is due. The handler updates the aggregate so
// that its footprint no longer has this timer; a timer that is still due afterwards is called again
// with backoff. Same meaning of statuses as in reactions, without dead letters: an error is
// logged, counted, and tried again.
struct DueTimer {
  std::string kind;
  std::string id;
  std::string name;
  absl::Time due;
  Fence fence;
  // The command of this timer: fence, and the actor "system:<service>".
  Command ToCommand(std::string_view service) const;
};

class TimerHandlers {
 public:
  using Handler = std::function<void(const DueTimer&, ReactionDone)>;
  // One handler for all timers of a kind of aggregate.
  void On(std::string kind, Handler handler);
  const Handler* Find(std::string_view kind) const;
  // Sorted.
  std::vector<std::string> Kinds() const;

 private:
  std::map<std::string, Handler, std::less<>> handlers_;
};

}  // namespace fuju::chassis
