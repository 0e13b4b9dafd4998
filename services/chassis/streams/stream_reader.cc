#include "chassis/streams/stream_reader.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "chassis/streams/acknowledger.h"
#include "chassis/streams/dead_letters.h"
#include "chassis/streams/ensure_group.lua.h"
#include "chassis/telemetry/log.h"

namespace fuju::chassis {
namespace {

const redis::Script& EnsureGroupScript() {
  static const auto* const script = new redis::Script(kEnsureGroupLua);
  return *script;
}

// What ensure_group.lua returns, in this order.
enum Ensured {
  kCreated,
  kPosition,
  kPositionKept,
  kLastId,
  kLostGroup,
  kLostId,
  kRemoved,
  kEntriesRead,
  kInHand,
  kLeft,
  kGone,
  kEnsuredSize
};

EntryId ParseId(const redis::Reply& id) { return EntryId::Parse(id.text()).value_or(EntryId()); }

}  // namespace

StreamReader::StreamReader(std::shared_ptr<const WorkerContext> context,
                           std::shared_ptr<LeaseTerm> lease,
                           std::unique_ptr<redis::BlockingConnection> connection)
    : context_(std::move(context)),
      lease_(std::move(lease)),
      connection_(std::move(connection)),
      replays_(context_->keys.Replays(lease_->partition())) {
  for (const StreamSource& source : context_->sources) {
    sources_.push_back({.stream = source.keys.Events(lease_->partition()),
                        .last = "0-0",
                        .former = {},
                        .removed = 0});
  }
}

absl::StatusOr<StreamReader::Start> StreamReader::Begin() {
  Start start;
  for (size_t i = 0; i < sources_.size(); ++i) {
    Source& source = sources_[i];
    const absl::StatusOr<redis::Reply> reply = EnsureGroup(static_cast<int>(i));
    if (!reply.ok()) return reply.status();
    const redis::Reply& ensured = *reply;
    source.last = ensured[kPosition].text();
    const std::optional<HandedEntries> told = HandedEntries::Parse(ensured[kInHand].text());
    HandedEntries behind = told.value_or(HandedEntries());
    if (begun_) {
      source.former.Refresh(told);
    } else {
      const bool innocent = lease_->first() || ensured[kLeft].integer() == 1;
      source.former =
          FormerHolding(told, ParseId(ensured[kLastId]),
                        Acknowledger::MostUntold(context_->options.read_count), innocent);
      if (innocent) behind.given_to = EntryId();
    }
    start.places.push_back({.position = ParseId(ensured[kPosition]),
                            .entries_read = ensured[kEntriesRead].integer(),
                            .told = std::move(behind),
                            .suspects_end = source.former.suspects_end()});
    ReportLost(source, ensured);
    if (!begun_) ReportGone(source.stream, ensured[kGone].integer());
    const bool had_position = !ensured[kPositionKept].text().empty();
    if (ensured[kCreated].integer() != 1 || (!had_position && !begun_)) continue;
    ++start.remade;
    context_->metrics->group_recreated().Increment();
    LogWarning(
        "a consumer group was missing; it continues at its position",
        {{"stream", source.stream}, {"group", context_->group()}, {"position", source.last}});
  }
  begun_ = true;
  return start;
}

absl::StatusOr<redis::Reply> StreamReader::EnsureGroup(int source) {
  const int partition = lease_->partition();
  const StreamSource& of = context_->sources[source];
  redis::Command command = {"EVALSHA",
                            EnsureGroupScript().sha1(),
                            "3",
                            sources_[source].stream,
                            of.keys.Positions(partition),
                            context_->keys.Handed(partition),
                            context_->group(),
                            of.name};
  absl::StatusOr<redis::Reply> reply = connection_->Call(command, absl::ZeroDuration());
  if (reply.ok() && reply->is_error() && absl::StartsWith(reply->text(), "NOSCRIPT")) {
    command[0] = "EVAL";
    command[1] = std::string(EnsureGroupScript().text());
    reply = connection_->Call(command, absl::ZeroDuration());
  }
  if (!reply.ok()) return reply;
  if (reply->is_error() || reply->size() < kEnsuredSize) {
    return absl::UnavailableError(absl::StrCat(
        "ensure_group.lua: ", reply->is_error() ? reply->text() : "unexpected answer"));
  }
  return reply;
}

void StreamReader::ReportLost(Source& source, const redis::Reply& ensured) const {
  const std::string& stream = source.stream;
  if (!ensured[kLostGroup].text().empty()) {
    context_->metrics->stream_end_lost().Increment();
    LogError("the end of a stream is lost: a group has read further than it goes",
             {{"stream", stream},
              {"group", ensured[kLostGroup].text()},
              {"position", ensured[kLostId].text()},
              {"last_entry", ensured[kLastId].text()}});
  }
  const int64_t removed = ensured[kRemoved].integer() - source.removed;
  source.removed = ensured[kRemoved].integer();
  if (removed > 0) {
    context_->metrics->entries_removed().Increment(static_cast<double>(removed));
    LogWarning("entries are missing from a stream that were not trimmed by us",
               {{"stream", stream}, {"entries", removed}});
  }
}

void StreamReader::ReportGone(const std::string& stream, int64_t entries) const {
  if (entries == 0) return;
  context_->metrics->pending_without_body().Increment(static_cast<double>(entries));
  LogWarning("entries in hand were removed from their stream before they were handled",
             {{"stream", stream}, {"entries", entries}});
}

std::vector<StreamPosition> StreamReader::Positions(bool replays) const {
  std::vector<StreamPosition> positions;
  positions.reserve(sources_.size() + 1);
  for (const Source& source : sources_) positions.push_back({source.stream, source.last});
  if (replays) positions.push_back({replays_, last_replay_});
  return positions;
}

absl::StatusOr<std::vector<StreamEntry>> StreamReader::Take(
    const std::vector<redis::Reply>& streams) {
  std::vector<StreamEntry> read;
  for (const redis::Reply& stream : streams) {
    if (stream.size() < 2) return absl::UnavailableError("unexpected answer of XREAD");
    std::vector<StreamEntry> entries;
    if (stream[0].text() == replays_) {
      entries = ParseReplays(stream[1]);
    } else {
      const auto found = std::find_if(sources_.begin(), sources_.end(), [&](const Source& source) {
        return source.stream == stream[0].text();
      });
      if (found == sources_.end()) return absl::UnavailableError("XREAD of another stream");
      entries = ParseNew(static_cast<int>(found - sources_.begin()), stream[1]);
    }
    std::move(entries.begin(), entries.end(), std::back_inserter(read));
  }
  return read;
}

std::vector<StreamEntry> StreamReader::ParseNew(int source, const redis::Reply& reply) {
  std::vector<StreamEntry> entries = ParseEntries(reply, source);
  for (StreamEntry& entry : entries) {
    entry.standing = sources_[source].former.Judge(entry.entry_id);
  }
  if (!entries.empty()) sources_[source].last = entries.back().id;
  return entries;
}

absl::StatusOr<std::vector<StreamEntry>> StreamReader::ReadReplays(int most) {
  last_replay_ = "0-0";
  const absl::StatusOr<redis::Reply> reply = connection_->Call(
      {"XRANGE", replays_, "-", "+", "COUNT", absl::StrCat(most)}, absl::ZeroDuration());
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
    entries[i].entry_id = EntryId::Parse(entries[i].id).value_or(EntryId());
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

}  // namespace fuju::chassis
