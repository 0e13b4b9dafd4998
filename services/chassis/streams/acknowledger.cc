#include "chassis/streams/acknowledger.h"

#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"

#include "chassis/streams/acknowledge.lua.h"

namespace fuju::chassis {
namespace {

const redis::Script& AcknowledgeScript() {
  static const auto* const script = new redis::Script(kAcknowledgeLua);
  return *script;
}

// How long an entry waits for others at most, and how many do not wait. After a death the next
// holder is given what was not acknowledged once more, and has to suspect it.
constexpr absl::Duration kLinger = absl::Milliseconds(20);
constexpr size_t kEnough = 64;

}  // namespace

Acknowledger::Acknowledger(std::shared_ptr<const WorkerContext> context, int partition,
                           std::shared_ptr<PersistentCaller> caller, std::function<void()> on_idle)
    : context_(std::move(context)),
      partition_(partition),
      caller_(std::move(caller)),
      on_idle_(std::move(on_idle)) {
  const absl::MutexLock lock(&mutex_);
  batches_.resize(context_->sources.size());
}

void Acknowledger::Add(int source, std::string entry_id, std::vector<std::string> retry_fields) {
  const absl::MutexLock lock(&mutex_);
  Batch& batch = batches_[source];
  batch.ids.push_back(std::move(entry_id));
  std::move(retry_fields.begin(), retry_fields.end(), std::back_inserter(batch.fields));
}

void Acknowledger::Plan() {
  for (size_t i = 0; i < context_->sources.size(); ++i) PlanOf(static_cast<int>(i));
}

void Acknowledger::PlanOf(int source) {
  {
    const absl::MutexLock lock(&mutex_);
    const Batch& batch = batches_[source];
    if (batch.ids.empty()) return;
    // With the record of an entry goes the mark that it is being handled: were it still there when
    // the process dies, the wrong one would be blamed.
    if (!hurry_ && batch.fields.empty() && batch.ids.size() < kEnough) {
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

void Acknowledger::FlushAll() {
  {
    const absl::MutexLock lock(&mutex_);
    scheduled_ = false;
  }
  for (size_t i = 0; i < context_->sources.size(); ++i) Flush(static_cast<int>(i));
}

void Acknowledger::Flush(int source) {
  std::vector<std::string> ids;
  std::vector<std::string> fields;
  {
    const absl::MutexLock lock(&mutex_);
    Batch& batch = batches_[source];
    // Of what is in flight the answer plans the next.
    if (batch.in_flight || batch.ids.empty()) return;
    batch.in_flight = true;
    ids.swap(batch.ids);
    fields.swap(batch.fields);
  }
  Send(source, std::move(ids), std::move(fields));
}

bool Acknowledger::idle() const {
  const absl::MutexLock lock(&mutex_);
  for (const Batch& batch : batches_) {
    if (batch.in_flight || !batch.ids.empty()) return false;
  }
  return true;
}

void Acknowledger::Send(int source, std::vector<std::string> ids, std::vector<std::string> fields) {
  const Keys& keys = context_->sources[source].keys;
  std::vector<std::string> args = {context_->group(), absl::StrCat(ids.size())};
  std::move(ids.begin(), ids.end(), std::back_inserter(args));
  std::move(fields.begin(), fields.end(), std::back_inserter(args));
  // NOGROUP is an answer too: the group will be made again, and the entries come once more.
  caller_->Call(
      AcknowledgeScript(),
      {keys.Events(partition_), keys.Positions(partition_), context_->keys.Retries(partition_)},
      std::move(args),
      [self = shared_from_this(), source](const redis::Reply&) { self->Answered(source); });
}

void Acknowledger::Answered(int source) {
  {
    const absl::MutexLock lock(&mutex_);
    batches_[source].in_flight = false;
  }
  PlanOf(source);
  if (idle()) on_idle_();
}

}  // namespace fuju::chassis
