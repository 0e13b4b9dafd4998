#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "chassis/redis/client.h"
#include "chassis/redis/topology.h"
#include "chassis/store/keys.h"
#include "chassis/streams/reactor.h"
#include "chassis/values/clock.h"

namespace prometheus {
class Registry;
}

namespace fuju::chassis {

struct ConsumerOptions {
  // Unique among the running instances of the service. One that comes back under its former name
  // has its partitions again at once.
  std::string instance;
  // A dead holder's partitions move after this time.
  absl::Duration lease_ttl = absl::Seconds(5);
  // Most entries of one read.
  int read_count = 128;
  // How long a read blocks when there is nothing.
  absl::Duration read_block = absl::Milliseconds(500);
  // Failed attempts until an event becomes a dead letter. Deaths of the process while it handled
  // the event are counted apart, up to 3: first an event is only suspected, with all that were in
  // flight beside it; then suspects run one at a time, and a death is blamed on one.
  int max_attempts = 8;
  absl::Duration retry_min = absl::Milliseconds(50);
  absl::Duration retry_max = absl::Seconds(5);
  // How long one reaction may take before its attempt counts as failed. A handler that does not
  // even return within this time, or within that of a lease if that is shorter (at least 2 s), ends
  // the process.
  absl::Duration reaction_timeout = absl::Seconds(10);
  // How often due timers are looked for.
  absl::Duration timer_poll = absl::Milliseconds(200);
  absl::Duration trim_every = absl::Seconds(30);
  // Entries younger than this are kept even when every group has acknowledged them.
  absl::Duration stream_retention = absl::Hours(24 * 7);
  // Groups that read this service's own stream: it is trimmed only when all of these exist.
  std::vector<std::string> own_stream_groups;
};

// Runs a service's reactions and timers on the partitions that this instance holds. A partition is
// held by one instance at a time, by a lease with a fencing token; instances share the partitions
// evenly, and a dead one's move, with what it had in hand first, within the lease time. The events
// of one aggregate are handled in order, those of different ones concurrently. A group that is lost
// (a restored Redis) is made again at the position kept in fuju:<source>:{pNN}:positions. Also
// trims the service's own streams to what all groups have acknowledged. Replays of dead letters
// (dead_letter_desk.h), whoever asked for them, are handled before what comes after them.
// Thread-safe.
class Consumer {
 public:
  // `client`, `clock` and `registry` outlive it; `topology` is where it reads.
  static std::unique_ptr<Consumer> Start(redis::Client* client,
                                         std::shared_ptr<redis::Topology> topology, Keys keys,
                                         const Clock* clock, Reactions reactions,
                                         TimerHandlers timers, ConsumerOptions options,
                                         prometheus::Registry* registry);
  virtual ~Consumer() = default;

  // Stops reading, lets running reactions finish (at most `grace`), hands the partitions over and
  // joins the threads. Idempotent.
  virtual void Stop(absl::Duration grace) = 0;

  // Partitions held now.
  virtual std::vector<int> Held() const = 0;
};

// A dead letter, as listed for an operator.
struct DeadLetter {
  int partition = 0;
  std::string entry_id;  // of the dead-letter stream
  std::string source;    // stream it came from
  std::string source_entry_id;
  std::string subject;
  std::string type;
  int64_t version = 0;
  int attempts = 0;
  // "failed"; "crashed": the process died while handling it; "unreadable"; "waits": its turn comes
  // after the dead letter before it.
  std::string reason;
  std::string error;
  absl::Time first_failure;
  absl::Time last_failure;
  // How often it was replayed before.
  int replays = 0;
  // The serialized fuju.event.v1.Event as the stream had it.
  std::string event;
};

// Dead letters of all partitions of a service, oldest first, at most `limit`. Waits: not on an I/O
// thread.
absl::StatusOr<std::vector<DeadLetter>> ListDeadLetters(redis::Client& client, const Keys& keys,
                                                        int limit);

// How far a group is on a stream, computed by us (XINFO's lag is wrong).
struct GroupStatus {
  std::string group;
  bool exists = false;
  // Everything up to here is acknowledged.
  std::string position;
  // Entries not yet acknowledged; NaN when it can not be known.
  double backlog = 0;
};
struct StreamStatus {
  std::string service;
  int partition = 0;
  int64_t length = 0;
  // All entries ever added.
  int64_t entries_added = 0;
  std::vector<GroupStatus> groups;
};
// Waits: not on an I/O thread.
absl::StatusOr<StreamStatus> ReadStreamStatus(redis::Client& client, const Keys& keys,
                                              int partition);

}  // namespace fuju::chassis
