#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "chassis/redis/client.h"
#include "chassis/store/command.h"
#include "chassis/store/keys.h"
#include "chassis/streams/consumer.h"
#include "chassis/values/clock.h"
#include "chassis/values/decision.h"

namespace fuju::chassis {

struct DeadLetterDeskOptions {
  // How long an answer to a request id is remembered.
  absl::Duration request_retention = absl::Hours(24 * 7);
  // Replicas that must have a replay or discard before it is answered; 0 does not ask.
  int wait_replicas = 0;
  // Time for one Redis command, at most.
  absl::Duration command_timeout = absl::Seconds(5);
};

// Where a dead letter lies.
struct DeadLetterPlace {
  int partition = 0;
  std::string entry_id;
};

// Which dead letters; empty: any.
struct DeadLetterFilter {
  std::string source;
  std::string subject;
  // failed, crashed or unreadable.
  std::string reason;
};

// A dead letter and the number of events that wait behind it.
struct OpenDeadLetter {
  DeadLetter letter;
  int waiting = 0;
};

// What an operator does with the dead letters of one service, from any process: the holder of the
// partition may be another one.
//
// A replay or discard is one script, conclude_dead_letter.lua: it takes the letter from the dead
// letters, moves what is to go on to the stream of replays, marks the subject as being replayed,
// publishes the fact and remembers the request; or it does nothing. So it needs no lease, and a
// death before or after it leaves nothing half done.
//
// The holder blocks on the stream of replays together with its sources, so it wakes at once, and a
// wake-up can not be lost: it asks for what comes after the last replay that it has read, and a new
// holder reads from the first. It handles replays like other entries, in order for each subject,
// each marked before it runs. Redis keeps the subject blocked until its last replay has ended;
// until then park.lua puts new entries behind the replays. An entry leaves the replays by a script
// fenced with the lease, when it is done or is a dead letter again; so a death of the holder
// repeats at most the one that was not recorded as done, which the version of its cause makes
// harmless.
//
// All calls wait: not on an I/O thread. Thread-safe. Errors of all: UNAVAILABLE,
// DEADLINE_EXCEEDED.
class DeadLetterDesk {
 public:
  // `client` and `clock` outlive it.
  DeadLetterDesk(redis::Client* client, Keys keys, const Clock* clock,
                 DeadLetterDeskOptions options);

  const Keys& keys() const { return keys_; }

  struct Page {
    std::vector<OpenDeadLetter> letters;
    // Empty at the end.
    std::string next_cursor;
  };
  // The oldest first, at most `limit`; not those that only wait. INVALID_ARGUMENT,
  // PAGE_TOKEN_INVALID for a cursor that is none.
  absl::StatusOr<Page> List(const DeadLetterFilter& filter, const std::string& cursor, int limit);

  // Absent if there is none, or it only waits.
  absl::StatusOr<std::optional<OpenDeadLetter>> Find(const DeadLetterPlace& place);

  // The first events that wait behind a letter, in their order.
  absl::StatusOr<std::vector<DeadLetter>> Waiting(const DeadLetter& letter, int limit);

  // Fixes what a request does: the plan of the first call with this request id counts, also if it
  // is another one. With an empty plan only asks; the answer is empty if there is none.
  // INVALID_ARGUMENT, REQUEST_ID_REUSED.
  absl::StatusOr<std::string> AgreeOnPlan(const Command& command, const std::string& plan);

  // The fact that ends a letter, and what its envelope needs.
  struct Ending {
    // Resource name of the letter: subject of the fact.
    std::string name;
    Fact fact;
    std::string correlation_id;
    // Id of the event in the letter.
    std::string causation_id;
  };
  struct Ended {
    // Events that waited, and go on.
    int waiting = 0;
    // The request had ended it before.
    bool repeated = false;
    // Of a repeated discard: the first answer.
    std::string answer;
  };
  // Absent: there is no such letter, or not any more; for this request id that stays so.
  // INVALID_ARGUMENT, REQUEST_ID_REUSED.
  absl::StatusOr<std::optional<Ended>> Replay(const DeadLetterPlace& place, const Command& command,
                                              const Ending& ending);
  // Absent: there is no such letter, or not any more. `answer` is remembered. INVALID_ARGUMENT,
  // REQUEST_ID_REUSED.
  absl::StatusOr<std::optional<Ended>> Discard(const DeadLetterPlace& place, const Command& command,
                                               const Ending& ending, const std::string& answer);

 private:
  absl::Status FillWaiting(std::vector<OpenDeadLetter>& letters);
  absl::StatusOr<std::optional<Ended>> Conclude(const DeadLetterPlace& place, const char* mode,
                                                const Command& command, const Ending& ending,
                                                const std::string& answer);
  std::string SerializeFact(const DeadLetterPlace& place, const Command& command,
                            const Ending& ending) const;
  // Calls a script and checks what all of them may answer.
  absl::StatusOr<redis::Reply> Run(const redis::Script& script, std::vector<std::string> keys,
                                   std::vector<std::string> args);
  absl::StatusOr<redis::Reply> CallScript(const redis::Script& script,
                                          std::vector<std::string> keys,
                                          std::vector<std::string> args);

  redis::Client* const client_;
  const Keys keys_;
  const Clock* const clock_;
  const DeadLetterDeskOptions options_;
  const std::string retention_ms_;
};

}  // namespace fuju::chassis
