#include "simulation/held_partition.h"

#include <utility>

#include "absl/status/status.h"

#include "chassis/redis/result.h"
#include "chassis/streams/release_lease.lua.h"
#include "chassis/streams/script_codes.h"

namespace fuju::simulation {
namespace {

using chassis::redis::Reply;

const chassis::redis::Script& ReleaseLeaseScript() {
  static const auto* const script = new chassis::redis::Script(chassis::kReleaseLeaseLua);
  return *script;
}

}  // namespace

// Answers at once: the thread of a partition does nothing while it waits for an answer.
class HeldPartition::Connection final : public chassis::redis::BlockingConnection {
 public:
  explicit Connection(SimulatedRedis* redis)
      : BlockingConnection(chassis::redis::Endpoint()), redis_(redis) {}

  absl::StatusOr<Reply> Call(const chassis::redis::Command& command, absl::Duration) override {
    Reply reply = redis_->Run(command);
    if (lose_answer > 0 && --lose_answer == 0) {
      return chassis::redis::AnswerLost("the connection was cut");
    }
    return reply;
  }
  absl::Status Send(const chassis::redis::Command& command) override {
    sent_ = command;
    return absl::OkStatus();
  }
  absl::StatusOr<Reply> Receive() override { return Call(sent_, absl::ZeroDuration()); }
  void Interrupt() override {}

  // The answer to the call that is so many calls ahead; 0: to none.
  int lose_answer = 0;

 private:
  SimulatedRedis* const redis_;
  chassis::redis::Command sent_;
};

HeldPartition::HeldPartition(std::shared_ptr<const chassis::WorkerContext> context,
                             SimulatedClient* client, SimulatedRedis* redis, int partition,
                             std::string lease)
    : context_(std::move(context)),
      client_(client),
      redis_(redis),
      lease_(std::make_shared<chassis::LeaseTerm>(partition, std::move(lease),
                                                  chassis::SteadyTime::max())),
      caller_(std::make_shared<chassis::PersistentCaller>(client, context_->options.retry_min,
                                                          context_->options.retry_max)) {
  auto connection = std::make_unique<Connection>(redis);
  connection_ = connection.get();
  reader_ = std::make_unique<chassis::StreamReader>(context_, lease_, std::move(connection));
  const auto lose = [term = lease_] { term->Lose(); };
  dispatcher_ = chassis::EventDispatcher::Create(context_, lease_, caller_, lose);
  timers_ = std::make_shared<chassis::PartitionTimers>(context_, lease_, lose, [] {});
  lease_slot_ = &redis->At(context_->keys.Lease(partition));
  timers_slot_ = &redis->At(context_->keys.Timers(partition));
  for (const chassis::StreamSource& source : context_->sources) {
    sources_.push_back({&redis->At(source.keys.Events(partition)), nullptr});
  }
}

HeldPartition::~HeldPartition() {
  lease_->Lose();
  dispatcher_->Abandon();
  timers_->Abandon();
  caller_->Close();
}

bool HeldPartition::HasLease() const {
  const auto* value = std::get_if<std::string>(&lease_slot_->value);
  return value != nullptr && *value == lease_->value();
}

bool HeldPartition::TimerIsDue() const {
  const auto* due = std::get_if<SortedSet>(&timers_slot_->value);
  return due != nullptr && due->order.begin()->first <= redis_->now();
}

bool HeldPartition::HasNewEntries() const {
  for (const Source& source : sources_) {
    const auto* stream = std::get_if<Stream>(&source.slot->value);
    if (stream == nullptr) continue;
    if (source.group == nullptr) {
      const auto group = stream->groups.find(context_->group());
      if (group == stream->groups.end()) continue;
      source.group = &group->second;
    }
    if (source.group->last_delivered < stream->last_id) return true;
  }
  return false;
}

HeldPartition::Next HeldPartition::NextStep() const {
  if (!lease_->Valid() || !HasLease()) return Next::kNoticeLoss;
  // A read that is on its way is waited for, also by one that hands over.
  if (begun_) return Next::kRead;
  if (draining_) {
    return dispatcher_->Quiet() && timers_->Quiet() ? Next::kRelease : Next::kNone;
  }
  if (!pending_claimed_) return Next::kTakeOver;
  if (HasNewEntries() && dispatcher_->HasRoom()) return more_ ? Next::kRead : Next::kBegin;
  // One question at a time: what was asked before has been answered.
  if (client_->in_flight() == 0 && timers_->Quiet() && TimerIsDue()) return Next::kPollTimers;
  return Next::kNone;
}

void HeldPartition::Step(int lose_answer) {
  const Next next = NextStep();
  connection_->lose_answer = lose_answer;
  absl::Status status;
  switch (next) {
    case Next::kNone:
      return;
    case Next::kTakeOver:
      status = TakeOver();
      pending_claimed_ = status.ok();
      break;
    case Next::kBegin:
      status = Begin();
      pending_claimed_ = status.ok();
      break;
    case Next::kRead:
      status = Read();
      // An answer that was lost may have had entries in it: they are pending now.
      pending_claimed_ = status.ok();
      break;
    case Next::kPollTimers:
      timers_->Poll();
      break;
    case Next::kRelease:
      redis_->Run(ReleaseLeaseScript(), {lease_slot_->key}, {lease_->value()});
      finished_ = true;
      break;
    case Next::kNoticeLoss:
      finished_ = true;
      break;
  }
  if (chassis::IsFenced(status)) lease_->Lose();
}

absl::Status HeldPartition::TakeOver() {
  const absl::StatusOr<int> remade = reader_->EnsureGroups();
  if (!remade.ok()) return remade.status();
  {
    const SimulatedClient::Waiting waiting(client_);
    absl::StatusOr<chassis::FailureLedger::Snapshot> snapshot = dispatcher_->ledger().Load();
    if (!snapshot.ok()) return snapshot.status();
    dispatcher_->Restore(*std::move(snapshot));
  }
  for (size_t source = 0; source < context_->sources.size(); ++source) {
    std::string cursor = "0-0";
    do {
      absl::StatusOr<std::vector<chassis::StreamEntry>> entries =
          reader_->ClaimPending(static_cast<int>(source), cursor);
      if (!entries.ok()) return entries.status();
      dispatcher_->Admit(*std::move(entries));
    } while (cursor != "0-0");
  }
  dispatcher_->ForgetOthers();
  return absl::OkStatus();
}

absl::Status HeldPartition::Begin() {
  absl::StatusOr<chassis::StreamReader::Woken> wait =
      reader_->Wait(context_->options.read_block, /*replays=*/false);
  if (!wait.ok()) return wait.status();
  dispatcher_->AdmitEarly(std::move(wait->coming));
  begun_ = true;
  return absl::OkStatus();
}

absl::Status HeldPartition::Read() {
  begun_ = false;
  absl::StatusOr<chassis::StreamReader::Batch> batch = reader_->Read(0);
  if (!batch.ok()) {
    dispatcher_->EndEarly(/*read=*/false);
    return batch.status();
  }
  more_ = batch->more;
  dispatcher_->Admit(std::move(batch->entries));
  dispatcher_->EndEarly(/*read=*/true);
  return absl::OkStatus();
}

void HeldPartition::Drain() {
  draining_ = true;
  dispatcher_->Quiesce();
  timers_->Quiesce();
}

}  // namespace fuju::simulation
