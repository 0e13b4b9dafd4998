#include "chassis/streams/failure_ledger.h"

#include <limits>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "chassis/redis/blocking_connection.h"
#include "chassis/streams/count_crashes.lua.h"
#include "chassis/streams/dead_letter.lua.h"
#include "chassis/streams/dead_letter_again.lua.h"
#include "chassis/streams/dead_letters.h"
#include "chassis/streams/finish_replay.lua.h"
#include "chassis/streams/mark_handling.lua.h"
#include "chassis/streams/park.lua.h"
#include "chassis/streams/record_failure.lua.h"
#include "chassis/streams/script_codes.h"
#include "chassis/telemetry/log.h"

namespace fuju::chassis {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(2);
// An error is kept for an operator, not for its length.
constexpr size_t kLongestError = 500;

const redis::Script& RecordFailureScript() {
  static const auto* const script = new redis::Script(kRecordFailureLua);
  return *script;
}
const redis::Script& DeadLetterScript() {
  static const auto* const script = new redis::Script(kDeadLetterLua);
  return *script;
}
const redis::Script& DeadLetterAgainScript() {
  static const auto* const script = new redis::Script(kDeadLetterAgainLua);
  return *script;
}
const redis::Script& FinishReplayScript() {
  static const auto* const script = new redis::Script(kFinishReplayLua);
  return *script;
}
const redis::Script& ParkScript() {
  static const auto* const script = new redis::Script(kParkLua);
  return *script;
}
const redis::Script& CountCrashesScript() {
  static const auto* const script = new redis::Script(kCountCrashesLua);
  return *script;
}
const redis::Script& MarkHandlingScript() {
  static const auto* const script = new redis::Script(kMarkHandlingLua);
  return *script;
}

// Of a retry record, beside RecordFields: the entry is a dead letter, or waits behind one.
constexpr char kEnded[] = "ended";

// In the RecordKey of a replay, before its id.
constexpr char kReplayPrefix[] = "replay:";

// What mark_handling.lua says of a replay that has ended.
constexpr int64_t kReplayEnded = -2;

FailureLedger::Answer AnswerOf(const redis::Reply& reply) {
  if (IsLeaseLost(reply)) return FailureLedger::Answer::kLeaseLost;
  if (reply.integer() == 0) return FailureLedger::Answer::kNothing;
  return FailureLedger::Answer::kDone;
}

}  // namespace

FailureLedger::FailureLedger(std::shared_ptr<const WorkerContext> context,
                             std::shared_ptr<LeaseTerm> lease,
                             std::shared_ptr<PersistentCaller> caller)
    : context_(std::move(context)), lease_(std::move(lease)), caller_(std::move(caller)) {}

void FailureLedger::RecordFailure(const Entry& entry, int attempts, std::string error,
                                  Then then) const {
  caller_->Call(RecordFailureScript(), {LeaseKey(), Retries()},
                {lease_->value(), absl::StrCat(RecordKey(entry), "|"), absl::StrCat(attempts),
                 error.substr(0, kLongestError)},
                [then = std::move(then)](const redis::Reply& reply) { then(AnswerOf(reply)); });
}

void FailureLedger::MoveToDeadLetters(const Entry& entry, int attempts, std::string_view reason,
                                      std::string error, Then then) const {
  if (entry.is_replay())
    return MoveBack(entry, attempts, reason, std::move(error), std::move(then));
  caller_->Call(DeadLetterScript(),
                {LeaseKey(), Events(entry), DeadLetters(), Blocked(), Retries()},
                {lease_->value(), context_->sources[entry.source].name, entry.id, entry.subject,
                 entry.type, absl::StrCat(entry.version), absl::StrCat(attempts),
                 std::string(reason), error.substr(0, kLongestError), EndedField(RecordKey(entry))},
                [then = std::move(then)](const redis::Reply& reply) { then(AnswerOf(reply)); });
}

void FailureLedger::MoveBack(const Entry& entry, int attempts, std::string_view reason,
                             std::string error, Then then) const {
  caller_->Call(DeadLetterAgainScript(),
                {LeaseKey(), Replays(), DeadLetters(), Blocked(), Retries()},
                {lease_->value(), entry.replay_id, absl::StrCat(RecordKey(entry), "|"),
                 entry.subject, entry.type, absl::StrCat(entry.version), absl::StrCat(attempts),
                 std::string(reason), error.substr(0, kLongestError)},
                [then = std::move(then)](const redis::Reply& reply) { then(AnswerOf(reply)); });
}

void FailureLedger::FinishReplay(const Entry& entry, Then then) const {
  caller_->Call(FinishReplayScript(), {LeaseKey(), Replays(), Blocked(), Retries()},
                {lease_->value(), entry.replay_id, absl::StrCat(RecordKey(entry), "|")},
                [then = std::move(then)](const redis::Reply& reply) { then(AnswerOf(reply)); });
}

void FailureLedger::Park(const Entry& entry, Then then) const {
  caller_->Call(ParkScript(),
                {LeaseKey(), Events(entry), DeadLetters(), Blocked(), Replays(), Retries()},
                {lease_->value(), context_->sources[entry.source].name, entry.id, entry.subject,
                 entry.type, absl::StrCat(entry.version), EndedField(RecordKey(entry))},
                [then = std::move(then)](const redis::Reply& reply) { then(AnswerOf(reply)); });
}

void FailureLedger::MarkHandling(const Entry& entry, int limit,
                                 std::function<void(Answer, int)> then) const {
  caller_->Call(MarkHandlingScript(), {LeaseKey(), Retries(), Replays()},
                {lease_->value(), absl::StrCat(RecordKey(entry), "|"), context_->process,
                 absl::StrCat(limit), entry.replay_id},
                [then = std::move(then)](const redis::Reply& reply) {
                  if (IsLeaseLost(reply)) return then(Answer::kLeaseLost, 0);
                  if (reply.integer() == kReplayEnded) return then(Answer::kNothing, 0);
                  then(Answer::kDone, static_cast<int>(reply.integer()));
                });
}

void FailureLedger::MarkStuck(const Entry& entry) const {
  redis::BlockingConnection connection(context_->topology, LeaseKey());
  const absl::StatusOr<redis::Reply> reply = connection.Call(
      {"EVAL", std::string(MarkHandlingScript().text()), "3", LeaseKey(), Retries(), Replays(),
       lease_->value(), absl::StrCat(RecordKey(entry), "|"), context_->process,
       absl::StrCat(std::numeric_limits<int>::max()), entry.replay_id},
      absl::ZeroDuration());
  if (!reply.ok() || reply->is_error()) {
    LogWarning("what does not return could not be noted", {{"entry", entry.id}});
  }
}

void FailureLedger::UnmarkHandling(const Entry& entry) const {
  context_->client->Send({"HDEL", Retries(), absl::StrCat(RecordKey(entry), "|handling")}, kTimeout,
                         [](const absl::StatusOr<redis::Reply>&) {});
}

void FailureLedger::DropRecords(const std::vector<std::string>& records) const {
  if (records.empty()) return;
  redis::Command command = {"HDEL", Retries()};
  for (const std::string& record : records) {
    for (std::string& field : RecordFields(record)) command.push_back(std::move(field));
    command.push_back(EndedField(record));
  }
  context_->client->Send(std::move(command), kTimeout, [](const absl::StatusOr<redis::Reply>&) {});
}

absl::StatusOr<FailureLedger::Snapshot> FailureLedger::Load() const {
  Snapshot snapshot;
  const absl::StatusOr<redis::Reply> reply =
      context_->client->CallScript(CountCrashesScript(), {LeaseKey(), Retries()},
                                   {lease_->value(), context_->process}, kTimeout);
  if (!reply.ok()) return reply.status();
  if (IsLeaseLost(*reply)) return FencedStatus();
  if (reply->size() < 2) return absl::UnavailableError("unexpected answer of count_crashes.lua");
  snapshot.explained = (*reply)[0].integer() > 0;
  const redis::Reply& records = (*reply)[1];
  for (size_t i = 0; i + 1 < records.size(); i += 2) {
    const std::string& field = records[i].text();
    const size_t end = field.rfind('|');
    if (end == std::string::npos) continue;
    const std::string record = field.substr(0, end);
    const std::string_view what = std::string_view(field).substr(end + 1);
    int& attempts = snapshot.attempts[record];
    if (what == "attempts") attempts = static_cast<int>(records[i + 1].integer());
    if (what == "crashes") snapshot.blamed.insert(record);
    if (what == kEnded) snapshot.ended.insert(record);
  }
  const absl::StatusOr<redis::Reply> blocked =
      context_->client->Call({"HKEYS", Blocked()}, kTimeout);
  if (!blocked.ok()) return blocked.status();
  for (const redis::Reply& subject : blocked->items()) snapshot.blocked.insert(subject.text());
  return snapshot;
}

absl::StatusOr<absl::flat_hash_set<std::string>> FailureLedger::LoadDead() const {
  absl::flat_hash_set<std::string> dead;
  for (const std::string& stream : {DeadLetters(), Replays()}) {
    const absl::Status status = ForEachDeadLetter(
        *context_->client, stream, lease_->partition(), "0-0", [&](const DeadLetter& letter) {
          dead.insert(absl::StrCat(letter.source, "|", letter.source_entry_id));
          return true;
        });
    if (!status.ok()) return status;
  }
  return dead;
}

std::string FailureLedger::RecordKey(int source, std::string_view entry_id) const {
  return context_->sources[source].name + "|" + std::string(entry_id);
}

std::string FailureLedger::SubjectKey(int source, std::string_view subject) const {
  return context_->sources[source].name + "|" + std::string(subject);
}

std::string FailureLedger::RecordKey(const Entry& entry) const {
  return RecordKey(entry.source,
                   entry.is_replay() ? absl::StrCat(kReplayPrefix, entry.replay_id) : entry.id);
}

std::optional<FailureLedger::Entry> FailureLedger::ParseRecordKey(std::string_view record) const {
  const size_t bar = record.find('|');
  if (bar == std::string_view::npos) return std::nullopt;
  for (size_t i = 0; i < context_->sources.size(); ++i) {
    if (context_->sources[i].name != record.substr(0, bar)) continue;
    const std::string rest(record.substr(bar + 1));
    absl::string_view id = rest;
    Entry entry;
    entry.source = static_cast<int>(i);
    (absl::ConsumePrefix(&id, kReplayPrefix) ? entry.replay_id : entry.id) = std::string(id);
    return entry;
  }
  return std::nullopt;
}

std::vector<std::string> FailureLedger::RecordFields(std::string_view record) {
  std::vector<std::string> fields;
  for (const char* const what : {"attempts", "crashes", "first", "last", "error", "handling"}) {
    fields.push_back(std::string(record) + "|" + what);
  }
  return fields;
}

std::string FailureLedger::EndedField(std::string_view record) {
  return std::string(record) + "|" + kEnded;
}

std::string FailureLedger::Events(const Entry& entry) const {
  return context_->sources[entry.source].keys.Events(lease_->partition());
}
std::string FailureLedger::Retries() const { return context_->keys.Retries(lease_->partition()); }
std::string FailureLedger::DeadLetters() const {
  return context_->keys.DeadLetters(lease_->partition());
}
std::string FailureLedger::Blocked() const { return context_->keys.Blocked(lease_->partition()); }
std::string FailureLedger::Replays() const { return context_->keys.Replays(lease_->partition()); }
std::string FailureLedger::LeaseKey() const { return context_->keys.Lease(lease_->partition()); }

}  // namespace fuju::chassis
