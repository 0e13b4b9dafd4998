#include "chassis/streams/acknowledger.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"

#include "chassis/streams/acknowledge.lua.h"
#include "chassis/streams/handed_entries.h"
#include "chassis/streams/script_codes.h"

namespace fuju::chassis {
namespace {

const redis::Script& AcknowledgeScript() {
  static const auto* const script = new redis::Script(kAcknowledgeLua);
  return *script;
}

// How long an entry waits for others at most, and how many do not wait. After a death the next
// holder handles what was not acknowledged once more, and has to suspect it.
constexpr absl::Duration kLinger = absl::Milliseconds(50);
constexpr size_t kEnough = 64;
// Entries taken that Redis has not been told of: nothing is read while there are so many, and from
// half of it on it is told also if nothing is done.
constexpr int64_t kMostTaken = 512;
// Entries that are named because later ones are done already, until the holder leaves. When there
// are more, the later ones behind them count as not done.
constexpr size_t kMostOpen = 32;

}  // namespace

bool Acknowledger::Source::late() const { return untold >= kMostTaken / 2; }

int Acknowledger::MostUntold(int read_count) { return static_cast<int>(kMostTaken) + read_count; }

Acknowledger::Acknowledger(std::shared_ptr<const WorkerContext> context,
                           std::shared_ptr<LeaseTerm> lease,
                           std::shared_ptr<PersistentCaller> caller, Signals signals)
    : context_(std::move(context)),
      lease_(std::move(lease)),
      caller_(std::move(caller)),
      signals_(std::move(signals)) {
  const absl::MutexLock lock(&mutex_);
  sources_.resize(context_->sources.size());
}

void Acknowledger::Restart(int source, const StreamReader::Start::Place& place) {
  const absl::MutexLock lock(&mutex_);
  Source& state = sources_[source];
  state.open.clear();
  state.given_up.clear();
  state.last_taken = place.position;
  state.taken = 0;
  state.start = place;
  state.position = place.position;
  state.untold = 0;
  state.being_told = 0;
  state.done = 0;
  state.has_news = false;
  state.amiss = false;
}

void Acknowledger::Take(int source, const EntryId& id) {
  const absl::MutexLock lock(&mutex_);
  Source& state = sources_[source];
  state.open.emplace_hint(state.open.end(), id, state.taken);
  state.last_taken = id;
  ++state.taken;
  ++state.untold;
}

void Acknowledger::Done(int source, const EntryId& id, std::vector<std::string> retry_fields) {
  const absl::MutexLock lock(&mutex_);
  Source& state = sources_[source];
  state.done += state.open.erase(id);
  state.has_news |= !retry_fields.empty();
  std::move(retry_fields.begin(), retry_fields.end(), std::back_inserter(state.fields));
}

void Acknowledger::GivenUp(int source, const EntryId& id, std::string ended_field) {
  const absl::MutexLock lock(&mutex_);
  Source& state = sources_[source];
  state.done += state.open.erase(id);
  state.given_up.emplace(id, std::move(ended_field));
}

void Acknowledger::Plan() {
  for (size_t i = 0; i < context_->sources.size(); ++i) PlanOf(static_cast<int>(i));
}

void Acknowledger::PlanOf(int source) {
  {
    const absl::MutexLock lock(&mutex_);
    const Source& state = sources_[source];
    if (state.in_flight || state.amiss) return;
    if (state.done == 0 && !state.has_news && !state.late()) return;
    // With the record of an entry goes the mark that it is being handled: were it still there when
    // the process dies, the wrong one would be blamed.
    if (!hurry_ && !state.late() && state.fields.empty() && state.done < kEnough) {
      if (std::exchange(scheduled_, true)) return;
      context_->client->Schedule(kLinger, [weak = weak_from_this()] {
        if (const auto self = weak.lock(); self != nullptr) self->FlushAll();
      });
      return;
    }
  }
  Flush(source);
}

void Acknowledger::Hurry() {
  {
    const absl::MutexLock lock(&mutex_);
    hurry_ = true;
  }
  FlushAll();
}

void Acknowledger::Leave() {
  {
    const absl::MutexLock lock(&mutex_);
    leaves_ = true;
    for (Source& source : sources_) source.has_news = !source.amiss;
  }
  FlushAll();
}

void Acknowledger::FlushAll() {
  {
    const absl::MutexLock lock(&mutex_);
    scheduled_ = false;
  }
  for (size_t i = 0; i < context_->sources.size(); ++i) Flush(static_cast<int>(i));
}

void Acknowledger::Flush(int source) {
  Message message;
  {
    const absl::MutexLock lock(&mutex_);
    Source& state = sources_[source];
    // Of what is in flight the answer plans the next.
    if (state.in_flight || state.amiss) return;
    if (state.done == 0 && !state.has_news && !state.late()) return;
    message = Compose(state);
    state.in_flight = true;
    state.being_told = state.untold;
    state.done = 0;
    state.has_news = false;
  }
  Send(source, std::move(message));
}

Acknowledger::Message Acknowledger::Compose(Source& source) const {
  Message message;
  message.expected = source.position;
  int64_t passed = source.taken;
  message.position = source.last_taken;
  if (!source.open.empty()) {
    message.position = source.open.begin()->first.Before();
    passed = source.open.begin()->second;
  }
  // After a restart entries are taken once more.
  if (message.position < source.position) {
    message.position = source.position;
    passed = 0;
  }
  message.leaves = leaves_ && message.position >= source.start.suspects_end;
  if (source.start.entries_read >= 0) message.entries_read = source.start.entries_read + passed;
  const HandedEntries handed = InHand(source);
  if (std::max(handed.given_to, handed.done_to) > message.position)
    message.in_hand = handed.ToString();
  message.fields.swap(source.fields);
  while (!source.given_up.empty() && source.given_up.begin()->first <= message.position) {
    message.fields.push_back(std::move(source.given_up.begin()->second));
    source.given_up.erase(source.given_up.begin());
  }
  return message;
}

HandedEntries Acknowledger::InHand(const Source& source) const {
  const size_t most_open = leaves_ ? std::numeric_limits<size_t>::max() : kMostOpen;
  HandedEntries handed;
  handed.given_to = source.last_taken;
  handed.done_to = source.last_taken;
  for (const auto& [id, before] : source.open) {
    // One more than may be named says up to where those that are named are all.
    if (handed.open.size() > most_open) break;
    handed.open.push_back(id);
  }
  handed.ContinueWith(source.start.told);
  handed.Shorten(most_open);
  return handed;
}

bool Acknowledger::idle() const {
  const absl::MutexLock lock(&mutex_);
  return std::all_of(sources_.begin(), sources_.end(), [](const Source& source) {
    return !source.in_flight && (source.amiss || (source.done == 0 && !source.has_news));
  });
}

bool Acknowledger::HasRoom() const {
  const absl::MutexLock lock(&mutex_);
  return std::all_of(sources_.begin(), sources_.end(),
                     [](const Source& source) { return source.untold < kMostTaken; });
}

void Acknowledger::Send(int source, Message message) {
  const Keys& keys = context_->sources[source].keys;
  const int partition = lease_->partition();
  std::vector<std::string> args = {lease_->value(),
                                   context_->group(),
                                   context_->sources[source].name,
                                   message.expected.ToString(),
                                   message.position.ToString(),
                                   absl::StrCat(message.entries_read),
                                   std::move(message.in_hand),
                                   message.leaves ? "1" : "0"};
  std::move(message.fields.begin(), message.fields.end(), std::back_inserter(args));
  caller_->Call(AcknowledgeScript(),
                {context_->keys.Lease(partition), keys.Events(partition), keys.Positions(partition),
                 context_->keys.Handed(partition), context_->keys.Retries(partition)},
                std::move(args),
                [self = shared_from_this(), source, position = message.position](
                    const redis::Reply& reply) { self->Answered(source, position, reply); });
}

void Acknowledger::Answered(int source, const EntryId& position, const redis::Reply& reply) {
  const bool lost = IsLeaseLost(reply);
  const bool amiss = !lost && (reply.is_error() || reply.integer() == kPositionMoved);
  {
    const absl::MutexLock lock(&mutex_);
    Source& state = sources_[source];
    state.in_flight = false;
    state.untold -= std::exchange(state.being_told, 0);
    if (lost || amiss) state.amiss = true;
    if (!state.amiss) state.position = std::max(state.position, position);
  }
  if (lost) signals_.on_lost();
  if (amiss) signals_.on_amiss();
  PlanOf(source);
  signals_.on_change();
}

}  // namespace fuju::chassis
