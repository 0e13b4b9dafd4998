#include "chassis/streams/stream_reader.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "chassis/streams/claim_pending.lua.h"
#include "chassis/streams/dead_letters.h"
#include "chassis/streams/ensure_group.lua.h"
#include "chassis/streams/read_group.lua.h"
#include "chassis/streams/script_codes.h"
#include "chassis/telemetry/log.h"

namespace fuju::chassis {
namespace {

const redis::Script& EnsureGroupScript() {
  static const auto* const script = new redis::Script(kEnsureGroupLua);
  return *script;
}
const redis::Script& ClaimPendingScript() {
  static const auto* const script = new redis::Script(kClaimPendingLua);
  return *script;
}
const redis::Script& ReadGroupScript() {
  static const auto* const script = new redis::Script(kReadGroupLua);
  return *script;
}

}  // namespace

StreamReader::StreamReader(std::shared_ptr<const WorkerContext> context,
                           std::shared_ptr<LeaseTerm> lease,
                           std::unique_ptr<redis::BlockingConnection> connection)
    : context_(std::move(context)),
      lease_(std::move(lease)),
      connection_(std::move(connection)),
      replays_(context_->keys.Replays(lease_->partition())) {
  for (const StreamSource& source : context_->sources) {
    streams_.push_back(source.keys.Events(lease_->partition()));
    delivered_.push_back("0-0");
  }
}

absl::StatusOr<int> StreamReader::EnsureGroups() {
  int remade = 0;
  for (size_t i = 0; i < streams_.size(); ++i) {
    const absl::StatusOr<redis::Reply> reply =
        CallScript(EnsureGroupScript(),
                   {streams_[i], context_->sources[i].keys.Positions(lease_->partition())},
                   {context_->group()});
    if (!reply.ok()) return reply.status();
    if (reply->size() < 7) return absl::UnavailableError("unexpected answer of ensure_group.lua");
    const bool created = (*reply)[0].integer() == 1;
    const std::string& position = (*reply)[2].text();
    delivered_[i] = (*reply)[1].text();
    ReportLost(streams_[i], *reply);
    if (!created || (position.empty() && !groups_seen_)) continue;
    ++remade;
    context_->metrics->group_recreated().Increment();
    LogWarning(
        "a consumer group was missing; it continues at its position",
        {{"stream", streams_[i]}, {"group", context_->group()}, {"position", delivered_[i]}});
  }
  groups_seen_ = true;
  return remade;
}

void StreamReader::ReportLost(const std::string& stream, const redis::Reply& ensured) const {
  if (!ensured[4].text().empty()) {
    context_->metrics->stream_end_lost().Increment();
    LogError("the end of a stream is lost: a group has read further than it goes",
             {{"stream", stream},
              {"group", ensured[4].text()},
              {"position", ensured[5].text()},
              {"last_entry", ensured[3].text()}});
  }
  if (ensured[6].integer() > 0) {
    context_->metrics->entries_removed().Increment(static_cast<double>(ensured[6].integer()));
    LogWarning("entries are missing from a stream that were not trimmed by us",
               {{"stream", stream}, {"entries", ensured[6].integer()}});
  }
}

absl::StatusOr<std::vector<StreamEntry>> StreamReader::ClaimPending(int source,
                                                                    std::string& cursor) {
  const absl::StatusOr<redis::Reply> reply = CallScript(
      ClaimPendingScript(), {context_->keys.Lease(lease_->partition()), streams_[source]},
      {lease_->value(), context_->group(), context_->options.instance, cursor,
       absl::StrCat(context_->options.read_count)});
  if (!reply.ok()) return reply.status();
  if (IsNoGroup(*reply)) {
    // Nothing is pending in a group that does not exist; reading will make it again.
    cursor = "0-0";
    return std::vector<StreamEntry>();
  }
  if (reply->size() < 4) return absl::UnavailableError("unexpected answer of claim_pending.lua");
  cursor = (*reply)[0].text();
  std::vector<StreamEntry> entries = ParseEntries((*reply)[1], source);
  for (size_t i = 0; i < entries.size() && i < (*reply)[3].size(); ++i) {
    entries[i].deliveries = (*reply)[3][i].integer();
  }
  for (const redis::Reply& id : (*reply)[2].items()) {
    StreamEntry gone;
    gone.source = source;
    gone.id = id.text();
    gone.has_body = false;
    entries.push_back(std::move(gone));
  }
  return entries;
}

absl::StatusOr<StreamReader::Batch> StreamReader::Read(int most_replays,
                                                       const std::function<void()>& meanwhile) {
  std::vector<std::string> keys = {context_->keys.Lease(lease_->partition()), replays_};
  keys.insert(keys.end(), streams_.begin(), streams_.end());
  std::vector<std::string> args = {lease_->value(),
                                   context_->group(),
                                   context_->options.instance,
                                   absl::StrCat(context_->options.read_count),
                                   last_replay_,
                                   absl::StrCat(most_replays)};
  const size_t first_has = args.size();
  args.resize(first_has + streams_.size());
  for (const StreamEntry& entry : coming_) args[first_has + entry.source] = entry.id;
  const absl::StatusOr<redis::Reply> reply = CallScript(ReadGroupScript(), keys, args, meanwhile);
  if (!reply.ok() || IsNoGroup(*reply)) coming_.clear();
  if (!reply.ok()) return reply.status();
  if (IsNoGroup(*reply)) {
    const absl::StatusOr<int> remade = EnsureGroups();
    if (!remade.ok()) return remade.status();
    Batch batch;
    batch.more = true;
    batch.repaired = *remade > 0;
    return batch;
  }
  const bool woken = std::exchange(woken_, false);
  if (reply->size() < 2) return absl::UnavailableError("unexpected answer of read_group.lua");
  absl::StatusOr<Batch> batch = ParseBatch((*reply)[0]);
  coming_.clear();
  if (batch.ok()) {
    batch->more |= most_replays > 0 && (*reply)[1].size() >= static_cast<size_t>(most_replays);
    std::vector<StreamEntry> replays = ParseReplays((*reply)[1]);
    std::move(replays.begin(), replays.end(), std::back_inserter(batch->entries));
  }
  if (batch.ok() && woken && batch->entries.empty()) {
    // Someone moved the group forward: wait behind where it is now, not in a hot loop before it.
    const absl::StatusOr<int> remade = EnsureGroups();
    if (!remade.ok()) return remade.status();
  }
  return batch;
}

int StreamReader::SourceOf(const std::string& stream) const {
  const auto found = std::find(streams_.begin(), streams_.end(), stream);
  return found == streams_.end() ? -1 : static_cast<int>(found - streams_.begin());
}

absl::StatusOr<StreamReader::Batch> StreamReader::ParseBatch(const redis::Reply& reply) {
  Batch batch;
  for (const redis::Reply& stream : reply.items()) {
    if (stream.size() < 2) return absl::UnavailableError("unexpected answer of read_group.lua");
    const int source = SourceOf(stream[0].text());
    if (source < 0) return absl::InternalError("answer for a stream not asked for");
    std::vector<StreamEntry> entries = ParseEntries(stream[1], source);
    if (entries.empty()) continue;
    if (!TakeBodies(entries)) {
      return absl::UnavailableError("read_group.lua kept a body that is not known");
    }
    delivered_[source] = entries.back().id;
    batch.more |= entries.size() >= static_cast<size_t>(context_->options.read_count);
    std::move(entries.begin(), entries.end(), std::back_inserter(batch.entries));
  }
  return batch;
}

bool StreamReader::TakeBodies(std::vector<StreamEntry>& entries) {
  size_t known = 0;
  for (StreamEntry& entry : entries) {
    if (entry.has_body) continue;
    while (known < coming_.size() &&
           (coming_[known].source != entry.source || coming_[known].id != entry.id)) {
      ++known;
    }
    if (known == coming_.size()) return false;
    entry.has_body = coming_[known].has_body;
    entry.event = coming_[known].event;
  }
  return true;
}

absl::StatusOr<std::vector<StreamEntry>> StreamReader::ReadReplays(bool from_start, int most) {
  if (from_start) last_replay_ = "0-0";
  const absl::StatusOr<redis::Reply> reply = connection_->Call(
      {"XRANGE", replays_, absl::StrCat("(", last_replay_), "+", "COUNT", absl::StrCat(most)},
      absl::ZeroDuration());
  if (!reply.ok()) return reply.status();
  if (reply->is_error()) return absl::UnavailableError(absl::StrCat("XRANGE: ", reply->text()));
  return ParseReplays(*reply);
}

std::vector<StreamEntry> StreamReader::ParseReplays(const redis::Reply& reply) {
  std::vector<StreamEntry> entries = ParseEntries(reply, -1);
  for (size_t i = 0; i < entries.size(); ++i) {
    const DeadLetter letter = ParseDeadLetter(lease_->partition(), reply[i]);
    const auto found = std::find_if(
        context_->sources.begin(), context_->sources.end(),
        [&letter](const StreamSource& source) { return source.name == letter.source; });
    last_replay_ = letter.entry_id;
    entries[i].replay_id = letter.entry_id;
    entries[i].id = letter.source_entry_id;
    // An absent body parses as an empty event.
    if (letter.event.empty()) entries[i].event = nullptr;
    if (found == context_->sources.end()) {
      LogWarning("a replay is of a source that this instance does not read",
                 {{"stream", replays_}, {"entry", letter.entry_id}, {"source", letter.source}});
      continue;
    }
    entries[i].source = static_cast<int>(found - context_->sources.begin());
  }
  std::erase_if(entries, [](const StreamEntry& entry) { return entry.source < 0; });
  return entries;
}

absl::StatusOr<StreamReader::Woken> StreamReader::Wait(absl::Duration wait, bool replays) {
  const int64_t wait_ms = std::max<int64_t>(absl::ToInt64Milliseconds(wait), 1);
  redis::Command command = {
      "XREAD",  "COUNT", absl::StrCat(context_->options.read_count), "BLOCK", absl::StrCat(wait_ms),
      "STREAMS"};
  command.insert(command.end(), streams_.begin(), streams_.end());
  if (replays) command.push_back(replays_);
  command.insert(command.end(), delivered_.begin(), delivered_.end());
  if (replays) command.push_back(last_replay_);
  const absl::StatusOr<redis::Reply> reply = CallAndWait(command, absl::Milliseconds(wait_ms));
  if (!reply.ok()) return reply.status();
  if (reply->is_error()) return absl::UnavailableError(absl::StrCat("XREAD: ", reply->text()));
  Woken result;
  result.woken = woken_ = reply->is_array();
  coming_.clear();
  for (const redis::Reply& stream : reply->items()) {
    const int source = stream.size() < 2 ? -1 : SourceOf(stream[0].text());
    if (source < 0) continue;
    std::vector<StreamEntry> entries = ParseEntries(stream[1], source);
    coming_.insert(coming_.end(), entries.begin(), entries.end());
    std::move(entries.begin(), entries.end(), std::back_inserter(result.coming));
  }
  return result;
}

bool StreamReader::BeginWait() {
  const absl::MutexLock lock(&mutex_);
  waiting_ = !wait_ended_;
  return waiting_;
}

absl::StatusOr<redis::Reply> StreamReader::CallAndWait(const redis::Command& command,
                                                       absl::Duration wait) {
  if (!BeginWait()) return absl::UnavailableError("interrupted");
  absl::StatusOr<redis::Reply> reply = connection_->Call(command, wait);
  const absl::MutexLock lock(&mutex_);
  waiting_ = false;
  return reply;
}

void StreamReader::EndWait() {
  const absl::MutexLock lock(&mutex_);
  wait_ended_ = true;
  if (waiting_) connection_->Interrupt();
}

void StreamReader::Interrupt() { connection_->Interrupt(); }

absl::StatusOr<redis::Reply> StreamReader::CallScript(const redis::Script& script,
                                                      const std::vector<std::string>& keys,
                                                      const std::vector<std::string>& args,
                                                      const std::function<void()>& meanwhile) {
  redis::Command command = {"EVALSHA", script.sha1(), absl::StrCat(keys.size())};
  command.insert(command.end(), keys.begin(), keys.end());
  command.insert(command.end(), args.begin(), args.end());
  if (absl::Status sent = connection_->Send(command); !sent.ok()) return sent;
  if (meanwhile != nullptr) meanwhile();
  absl::StatusOr<redis::Reply> reply = connection_->Receive();
  if (reply.ok() && reply->is_error() && absl::StartsWith(reply->text(), "NOSCRIPT")) {
    command[0] = "EVAL";
    command[1] = std::string(script.text());
    reply = connection_->Call(command, absl::ZeroDuration());
  }
  if (!reply.ok()) return reply;
  if (IsLeaseLost(*reply)) return FencedStatus();
  if (reply->is_error() && !IsNoGroup(*reply)) {
    return absl::UnavailableError(absl::StrCat("a script of the consumer: ", reply->text()));
  }
  return reply;
}

}  // namespace fuju::chassis
