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

void Acknowledger::Flush() {
  for (size_t source = 0; source < context_->sources.size(); ++source) {
    std::vector<std::string> ids;
    std::vector<std::string> fields;
    {
      const absl::MutexLock lock(&mutex_);
      Batch& batch = batches_[source];
      if (batch.in_flight || batch.ids.empty()) continue;
      batch.in_flight = true;
      ids.swap(batch.ids);
      fields.swap(batch.fields);
    }
    Send(static_cast<int>(source), std::move(ids), std::move(fields));
  }
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
  Flush();
  if (idle()) on_idle_();
}

}  // namespace fuju::chassis
