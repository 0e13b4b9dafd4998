#include "chassis/store/commit_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"

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
  std::vector<Script> scripts;
  const absl::MutexLock lock(&lane.mutex);
  if (lane.rounds_on_their_way >= kRoundsOnTheirWay) return scripts;
  const absl::Time now = absl::Now();
  for (size_t taken = 0; !lane.waiting.empty() && taken < kMostInRound;) {
    auto& [partition, item] = lane.waiting.front();
    if (item.deadline <= now) {
      late.push_back(std::move(item));
    } else {
      ++taken;
      const auto open = std::find_if(scripts.rbegin(), scripts.rend(), [&](const Script& script) {
        return script.partition == partition;
      });
      if (open == scripts.rend() || open->items.size() == kMostInScript) {
        scripts.push_back({partition, {}});
        scripts.back().items.push_back(std::move(item));
      } else {
        open->items.push_back(std::move(item));
      }
    }
    lane.waiting.pop_front();
  }
  if (!scripts.empty()) ++lane.rounds_on_their_way;
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
  std::vector<std::string> keys = CommonCommitKeys(keys_, script.partition);
  std::vector<std::string> args = CommonCommitArgs(options_.request_retention);
  absl::Time deadline = absl::InfinitePast();
  for (Item& item : script.items) {
    std::move(item.keys.begin(), item.keys.end(), std::back_inserter(keys));
    std::move(item.args.begin(), item.args.end(), std::back_inserter(args));
    deadline = std::max(deadline, item.deadline);
  }
  const absl::Duration timeout = TimeTo(deadline, options_.command_timeout);
  auto sent = std::make_shared<std::vector<Item>>(std::move(script.items));
  auto answered = [self = shared_from_this(), round = std::move(round),
                   sent = std::move(sent)](absl::StatusOr<redis::Reply> reply) {
    self->Answer(*round, *sent, std::move(reply));
  };
  if (options_.wait_replicas > 0) {
    client_->EvalAndWait(CommitScript(), std::move(keys), std::move(args), options_.wait_replicas,
                         timeout, std::move(answered));
  } else {
    client_->Eval(CommitScript(), std::move(keys), std::move(args), timeout, std::move(answered));
  }
}

void CommitQueue::Answer(Round& round, std::vector<Item>& items,
                         absl::StatusOr<redis::Reply> reply) {
  if (--round.left == 0) {
    {
      const absl::MutexLock lock(&round.lane->mutex);
      --round.lane->rounds_on_their_way;
    }
    // What has gathered meanwhile goes before the answers are worked on.
    Pump(*round.lane);
  }
  const bool one_each = reply.ok() && reply->is_array() && reply->size() == items.size();
  for (size_t i = 0; i < items.size(); ++i) {
    if (one_each) {
      items[i].done(std::move(reply->mutable_items()[i]));
    } else {
      items[i].done(reply);
    }
  }
}

}  // namespace fuju::chassis
