#include "chassis/streams/dead_letter_desk.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"

#include "chassis/store/commit_script.h"
#include "chassis/store/event_envelope.h"
#include "chassis/streams/agree_on_plan.lua.h"
#include "chassis/streams/conclude_dead_letter.lua.h"
#include "chassis/streams/dead_letter_cursor.h"
#include "chassis/streams/dead_letters.h"

namespace fuju::chassis {
namespace {

constexpr char kWaits[] = "waits";

// What the scripts of the desk return.
constexpr int64_t kRepeated = 1;
constexpr int64_t kGone = -1;
constexpr int64_t kRequestIdReused = -2;

const redis::Script& ConcludeScript() {
  static const auto* const script = new redis::Script(kConcludeDeadLetterLua);
  return *script;
}
const redis::Script& AgreeOnPlanScript() {
  static const auto* const script = new redis::Script(kAgreeOnPlanLua);
  return *script;
}

bool Matches(const DeadLetterFilter& filter, const DeadLetter& letter) {
  return letter.reason != kWaits && (filter.source.empty() || filter.source == letter.source) &&
         (filter.subject.empty() || filter.subject == letter.subject) &&
         (filter.reason.empty() || filter.reason == letter.reason);
}

DeadLetterCursor CursorAt(const DeadLetter& letter) {
  return {.entry = EntryId::Parse(letter.entry_id).value_or(EntryId()),
          .partition = letter.partition};
}

std::string SubjectField(const DeadLetter& letter) {
  return absl::StrCat(letter.source, "|", letter.subject);
}

// The number in "<entry id>|<n>", if the entry is this letter's; else nothing waits behind it.
int WaitingBehind(const DeadLetter& letter, const std::string& blocked) {
  const std::string prefix = letter.source_entry_id + "|";
  int waiting = 0;
  if (letter.subject.empty() || blocked.compare(0, prefix.size(), prefix) != 0 ||
      !absl::SimpleAtoi(blocked.substr(prefix.size()), &waiting)) {
    return 0;
  }
  return waiting;
}

}  // namespace

DeadLetterDesk::DeadLetterDesk(redis::Client* client, Keys keys, const Clock* clock,
                               DeadLetterDeskOptions options)
    : client_(client),
      keys_(std::move(keys)),
      clock_(clock),
      options_(options),
      retention_ms_(absl::StrCat(absl::ToInt64Milliseconds(options.request_retention))) {}

absl::StatusOr<DeadLetterDesk::Page> DeadLetterDesk::List(const DeadLetterFilter& filter,
                                                          const std::string& cursor, int limit) {
  const absl::StatusOr<DeadLetterCursor> start = DeadLetterCursor::Parse(cursor);
  if (!start.ok()) return start.status();
  const auto most = static_cast<size_t>(limit);
  Page page;
  for (int partition = 0; partition < keys_.partitions(); ++partition) {
    size_t found = 0;
    // One more than wanted, to know whether there is a next page.
    const absl::Status status =
        ForEachDeadLetter(*client_, keys_.DeadLetters(partition), partition,
                          start->StartIn(partition), [&](DeadLetter letter) {
                            if (!Matches(filter, letter)) return true;
                            page.letters.push_back({.letter = std::move(letter)});
                            return ++found <= most;
                          });
    if (!status.ok()) return status;
  }
  std::sort(page.letters.begin(), page.letters.end(),
            [](const OpenDeadLetter& a, const OpenDeadLetter& b) {
              return CursorAt(a.letter) < CursorAt(b.letter);
            });
  if (page.letters.size() > most) {
    page.letters.resize(most);
    if (most > 0) page.next_cursor = CursorAt(page.letters.back().letter).ToString();
  }
  if (absl::Status status = FillWaiting(page.letters); !status.ok()) return status;
  return page;
}

absl::Status DeadLetterDesk::FillWaiting(std::vector<OpenDeadLetter>& letters) {
  std::map<int, std::vector<OpenDeadLetter*>> by_partition;
  for (OpenDeadLetter& open : letters) by_partition[open.letter.partition].push_back(&open);
  for (const auto& [partition, opens] : by_partition) {
    redis::Command command = {"HMGET", keys_.Blocked(partition)};
    for (const OpenDeadLetter* open : opens) command.push_back(SubjectField(open->letter));
    const absl::StatusOr<redis::Reply> blocked =
        client_->Call(std::move(command), options_.command_timeout);
    if (!blocked.ok()) return blocked.status();
    for (size_t i = 0; i < opens.size() && i < blocked->size(); ++i) {
      opens[i]->waiting = WaitingBehind(opens[i]->letter, (*blocked)[i].text());
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<OpenDeadLetter>> DeadLetterDesk::Find(const DeadLetterPlace& place) {
  const absl::StatusOr<redis::Reply> found =
      client_->Call({"XRANGE", keys_.DeadLetters(place.partition), place.entry_id, place.entry_id},
                    options_.command_timeout);
  if (!found.ok()) return found.status();
  if (found->size() == 0 || (*found)[0].size() < 2) return std::nullopt;
  std::vector<OpenDeadLetter> open = {{.letter = ParseDeadLetter(place.partition, (*found)[0])}};
  if (open[0].letter.reason == kWaits) return std::nullopt;
  if (absl::Status status = FillWaiting(open); !status.ok()) return status;
  return std::move(open[0]);
}

absl::StatusOr<std::vector<DeadLetter>> DeadLetterDesk::Waiting(const DeadLetter& letter,
                                                                int limit) {
  std::vector<DeadLetter> waiting;
  if (letter.subject.empty() || limit <= 0) return waiting;
  const absl::Status status =
      ForEachDeadLetter(*client_, keys_.DeadLetters(letter.partition), letter.partition,
                        letter.entry_id, [&](const DeadLetter& other) {
                          if (other.reason == kWaits && other.source == letter.source &&
                              other.subject == letter.subject) {
                            waiting.push_back(other);
                          }
                          return waiting.size() < static_cast<size_t>(limit);
                        });
  if (!status.ok()) return status;
  return waiting;
}

absl::StatusOr<std::string> DeadLetterDesk::AgreeOnPlan(const Command& command,
                                                        const std::string& plan) {
  // Any partition would do, the same for each repeat.
  const int partition = keys_.PartitionOf(command.request_id);
  const absl::StatusOr<redis::Reply> reply = Run(
      AgreeOnPlanScript(), {keys_.Request(partition, command.request_scope, command.request_id)},
      {command.fingerprint, retention_ms_, plan});
  if (!reply.ok()) return reply.status();
  return (*reply)[1].text();
}

absl::StatusOr<std::optional<DeadLetterDesk::Ended>> DeadLetterDesk::Replay(
    const DeadLetterPlace& place, const Command& command, const Ending& ending) {
  return Conclude(place, "replay", command, ending, "");
}

absl::StatusOr<std::optional<DeadLetterDesk::Ended>> DeadLetterDesk::Discard(
    const DeadLetterPlace& place, const Command& command, const Ending& ending,
    const std::string& answer) {
  return Conclude(place, "discard", command, ending, answer);
}

absl::StatusOr<std::optional<DeadLetterDesk::Ended>> DeadLetterDesk::Conclude(
    const DeadLetterPlace& place, const char* mode, const Command& command, const Ending& ending,
    const std::string& answer) {
  const int partition = place.partition;
  const absl::StatusOr<redis::Reply> reply =
      Run(ConcludeScript(),
          {keys_.DeadLetters(partition), keys_.Blocked(partition), keys_.Replays(partition),
           keys_.Events(partition),
           keys_.Request(partition, command.request_scope, command.request_id)},
          {place.entry_id, mode, command.fingerprint, retention_ms_,
           SerializeFact(place, command, ending), answer});
  if (!reply.ok()) return reply.status();
  if ((*reply)[0].integer() == kGone) return std::nullopt;
  Ended ended;
  ended.waiting = static_cast<int>((*reply)[1].integer());
  ended.repeated = (*reply)[0].integer() == kRepeated;
  if (ended.repeated && reply->size() > 2) ended.answer = (*reply)[2].text();
  return ended;
}

// A letter ends once: its one fact has the version 1.
std::string DeadLetterDesk::SerializeFact(const DeadLetterPlace& place, const Command& command,
                                          const Ending& ending) const {
  Commit commit;
  commit.location.name = ending.name;
  commit.partition = place.partition;
  commit.correlation_id = ending.correlation_id.empty() ? ending.name : ending.correlation_id;
  Command caused = command;
  caused.cause.emplace().event_id = ending.causation_id;
  return SerializeEvents({ending.fact}, commit, caused, keys_.service(), clock_->Now()).front();
}

absl::StatusOr<redis::Reply> DeadLetterDesk::Run(const redis::Script& script,
                                                 std::vector<std::string> keys,
                                                 std::vector<std::string> args) {
  absl::StatusOr<redis::Reply> reply = CallScript(script, std::move(keys), std::move(args));
  if (!reply.ok()) return reply;
  if (reply->size() == 0) {
    return absl::InternalError(absl::StrCat("a script on dead letters: ", reply->text()));
  }
  if ((*reply)[0].integer() == kRequestIdReused) return RequestIdReused();
  return reply;
}

absl::StatusOr<redis::Reply> DeadLetterDesk::CallScript(const redis::Script& script,
                                                        std::vector<std::string> keys,
                                                        std::vector<std::string> args) {
  if (options_.wait_replicas == 0) {
    return client_->CallScript(script, std::move(keys), std::move(args), options_.command_timeout);
  }
  absl::StatusOr<redis::Reply> reply;
  absl::Notification answered;
  client_->EvalAndWait(script, std::move(keys), std::move(args), options_.wait_replicas,
                       options_.command_timeout, [&](absl::StatusOr<redis::Reply> answer) {
                         reply = std::move(answer);
                         answered.Notify();
                       });
  answered.WaitForNotification();
  return reply;
}

}  // namespace fuju::chassis
