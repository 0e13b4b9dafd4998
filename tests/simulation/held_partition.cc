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
  void Interrupt() override {}

  // The answer to the call that is so many calls ahead; 0: to none.
  int lose_answer = 0;

 private:
  SimulatedRedis* const redis_;
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
  dispatcher_ = chassis::EventDispatcher::Create(context_, lease_, caller_, lose,
                                                 [amiss = amiss_] { *amiss = true; });
  timers_ = std::make_shared<chassis::PartitionTimers>(context_, lease_, lose, [] {});
  lease_slot_ = &redis->At(context_->keys.Lease(partition));
  timers_slot_ = &redis->At(context_->keys.Timers(partition));
  for (const chassis::StreamSource& source : context_->sources) {
    sources_.push_back(&redis->At(source.keys.Events(partition)));
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
  for (size_t i = 0; i < sources_.size(); ++i) {
    const auto* stream = std::get_if<Stream>(&sources_[i]->value);
    if (stream != nullptr && read_to_[i] < stream->last_id) return true;
  }
  return false;
}

HeldPartition::Next HeldPartition::NextStep() const {
  if (!lease_->Valid() || !HasLease()) return Next::kNoticeLoss;
  if (draining_) {
    return dispatcher_->Quiet() && timers_->Quiet() ? Next::kRelease : Next::kNone;
  }
  if (!begun_ || *amiss_) return Next::kBegin;
  if (HasNewEntries() && dispatcher_->HasRoom()) return Next::kRead;
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
    case Next::kBegin:
      *amiss_ = false;
      status = Begin();
      begun_ = status.ok();
      break;
    case Next::kRead:
      status = Read();
      begun_ = status.ok();
      break;
    case Next::kPollTimers:
      timers_->Poll();
      break;
    case Next::kRelease:
      if (!std::exchange(left_, true)) return dispatcher_->Leave();
      redis_->Run(ReleaseLeaseScript(), {lease_slot_->key}, {lease_->value()});
      finished_ = true;
      break;
    case Next::kNoticeLoss:
      finished_ = true;
      break;
  }
  if (chassis::IsFenced(status)) lease_->Lose();
}

absl::Status HeldPartition::Begin() {
  const absl::StatusOr<chassis::StreamReader::Start> start = reader_->Begin();
  if (!start.ok()) return start.status();
  const SimulatedClient::Waiting waiting(client_);
  absl::StatusOr<chassis::FailureLedger::Snapshot> snapshot = dispatcher_->ledger().Load();
  if (!snapshot.ok()) return snapshot.status();
  dispatcher_->Restart(*std::move(snapshot), *start);
  dispatcher_->ForgetPassed(*start);
  read_to_.clear();
  for (const chassis::StreamReader::Start::Place& place : start->places) {
    read_to_.push_back({place.position.ms, place.position.sequence});
  }
  return absl::OkStatus();
}

absl::Status HeldPartition::Read() {
  const absl::StatusOr<Reply> reply = connection_->Call(
      chassis::XReadCommand(reader_->Positions(/*replays=*/false), context_->options.read_count,
                            context_->options.read_block),
      context_->options.read_block);
  if (!reply.ok()) return reply.status();
  absl::StatusOr<std::vector<chassis::StreamEntry>> entries = reader_->Take(reply->items());
  if (!entries.ok()) return entries.status();
  for (const chassis::StreamEntry& entry : *entries) {
    read_to_[entry.source] = EntryId::Parse(entry.id);
  }
  dispatcher_->Admit(*std::move(entries));
  return absl::OkStatus();
}

void HeldPartition::Drain() {
  draining_ = true;
  dispatcher_->Quiesce();
  timers_->Quiesce();
}

}  // namespace fuju::simulation
