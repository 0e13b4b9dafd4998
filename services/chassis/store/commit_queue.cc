#include "chassis/store/commit_queue.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "chassis/store/call_time.h"
#include "chassis/store/commit_script.h"

namespace fuju::chassis {
namespace {

// While Redis works on one round and makes it durable, the next is there already.
constexpr int kRoundsOnTheirWay = 2;
// Redis does nothing else while a script runs: about 2 ms.
constexpr size_t kMostInScript = 64;
constexpr size_t kMostInRound = 256;

}  // namespace

CommitQueue::CommitQueue(redis::Client* client, Keys keys, RedisStoreOptions options)
    : client_(client), keys_(std::move(keys)), options_(options) {
  const int lanes = options_.sharded ? keys_.partitions() : 1;
  for (int i = 0; i < lanes; ++i) lanes_.push_back(std::make_unique<Lane>());
}

CommitQueue::Lane& CommitQueue::LaneOf(int partition) {
  return *lanes_[options_.sharded ? partition : 0];
}

void CommitQueue::Add(int partition, Item item) {
  Lane& lane = LaneOf(partition);
  {
    const absl::MutexLock lock(&lane.mutex);
    lane.waiting.push_back({partition, std::move(item)});
    if (lane.deferred || lane.rounds_on_their_way >= kRoundsOnTheirWay) return;
    lane.deferred = true;
  }
  client_->Defer([self = shared_from_this(), &lane] {
    {
      const absl::MutexLock lock(&lane.mutex);
      lane.deferred = false;
    }
    self->Pump(lane);
  });
}

std::vector<CommitQueue::Script> CommitQueue::TakeRound(Lane& lane, std::vector<Item>& late) {
  std::vector<Waiting> taken;
  {
    const absl::MutexLock lock(&lane.mutex);
    if (lane.rounds_on_their_way >= kRoundsOnTheirWay) return {};
    const absl::Time now = absl::Now();
    for (; !lane.waiting.empty() && taken.size() < kMostInRound; lane.waiting.pop_front()) {
      Waiting& next = lane.waiting.front();
      if (next.item.deadline <= now) {
        late.push_back(std::move(next.item));
      } else {
        taken.push_back(std::move(next));
      }
    }
    if (!taken.empty()) ++lane.rounds_on_their_way;
  }
  std::stable_sort(taken.begin(), taken.end(),
                   [](const Waiting& a, const Waiting& b) { return a.partition < b.partition; });
  std::vector<Script> scripts;
  for (Waiting& waiting : taken) {
    if (scripts.empty() || scripts.back().size() == kMostInScript) scripts.emplace_back();
    scripts.back().push_back(std::move(waiting));
  }
  return scripts;
}

void CommitQueue::Pump(Lane& lane) {
  while (true) {
    std::vector<Item> late;
    std::vector<Script> scripts = TakeRound(lane, late);
    for (Item& item : late) item.done(DeadlinePassed());
    if (scripts.empty()) return;
    const auto round = std::make_shared<Round>(&lane, scripts.size());
    for (Script& script : scripts) Send(round, std::move(script));
  }
}

void CommitQueue::Send(std::shared_ptr<Round> round, Script script) {
  CommitCall call = NewCommitCall(keys_, script.front().partition, options_.request_retention);
  absl::Time deadline = absl::InfinitePast();
  std::optional<int> begun;
  for (auto& [partition, item] : script) {
    if (partition != begun) BeginPartition(keys_, begun.emplace(partition), call);
    std::move(item.keys.begin(), item.keys.end(), std::back_inserter(call.keys));
    std::move(item.args.begin(), item.args.end(), std::back_inserter(call.args));
    deadline = std::max(deadline, item.deadline);
  }
  const absl::Duration timeout = TimeTo(deadline, options_.command_timeout);
  auto sent = std::make_shared<Script>(std::move(script));
  auto answered = [self = shared_from_this(), round = std::move(round),
                   sent = std::move(sent)](absl::StatusOr<redis::Reply> reply) {
    self->Answer(*round, *sent, std::move(reply));
  };
  if (options_.wait_replicas > 0) {
    client_->EvalAndWait(CommitScript(), std::move(call.keys), std::move(call.args),
                         options_.wait_replicas, timeout, std::move(answered));
  } else {
    client_->Eval(CommitScript(), std::move(call.keys), std::move(call.args), timeout,
                  std::move(answered));
  }
}

void CommitQueue::Answer(Round& round, Script& script, absl::StatusOr<redis::Reply> reply) {
  if (--round.left == 0) {
    {
      const absl::MutexLock lock(&round.lane->mutex);
      --round.lane->rounds_on_their_way;
    }
    // What has gathered meanwhile goes before the answers are worked on.
    Pump(*round.lane);
  }
  const bool one_each = reply.ok() && reply->is_array() && reply->size() == script.size();
  for (size_t i = 0; i < script.size(); ++i) {
    if (one_each) {
      script[i].item.done(std::move(reply->mutable_items()[i]));
    } else {
      script[i].item.done(reply);
    }
  }
}

}  // namespace fuju::chassis
