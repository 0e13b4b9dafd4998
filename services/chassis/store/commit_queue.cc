#include "chassis/store/commit_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"

#include "chassis/store/call_time.h"
#include "chassis/store/commit_script.h"

namespace fuju::chassis {
namespace {

// Scripts of one partition that are on their way at once: while Redis works on one and makes it
// durable, the next is there already.
constexpr int kScriptsOnTheirWay = 2;
// Redis does nothing else while a script runs: about 2 ms.
constexpr size_t kMostCommits = 64;

}  // namespace

CommitQueue::CommitQueue(redis::Client* client, Keys keys, RedisStoreOptions options)
    : client_(client), keys_(std::move(keys)), options_(options) {
  for (int i = 0; i < keys_.partitions(); ++i) lanes_.push_back(std::make_unique<Lane>());
}

void CommitQueue::Add(int partition, Item item) {
  Lane& lane = *lanes_[partition];
  {
    const absl::MutexLock lock(&lane.mutex);
    lane.waiting.push_back(std::move(item));
    if (lane.deferred || lane.on_their_way >= kScriptsOnTheirWay) return;
    lane.deferred = true;
  }
  client_->Defer([self = shared_from_this(), partition, &lane] {
    {
      const absl::MutexLock lock(&lane.mutex);
      lane.deferred = false;
    }
    self->Pump(partition);
  });
}

void CommitQueue::Pump(int partition) {
  Lane& lane = *lanes_[partition];
  while (true) {
    std::vector<Item> items;
    std::vector<Item> late;
    {
      const absl::MutexLock lock(&lane.mutex);
      if (lane.on_their_way >= kScriptsOnTheirWay) return;
      const absl::Time now = absl::Now();
      while (!lane.waiting.empty() && items.size() < kMostCommits) {
        Item& item = lane.waiting.front();
        (item.deadline <= now ? late : items).push_back(std::move(item));
        lane.waiting.pop_front();
      }
      if (!items.empty()) ++lane.on_their_way;
    }
    for (Item& item : late) item.done(DeadlinePassed());
    if (items.empty()) return;
    Send(partition, std::move(items));
  }
}

void CommitQueue::Send(int partition, std::vector<Item> items) {
  std::vector<std::string> keys = CommonCommitKeys(keys_, partition);
  std::vector<std::string> args = CommonCommitArgs(options_.request_retention);
  absl::Time deadline = absl::InfinitePast();
  for (Item& item : items) {
    std::move(item.keys.begin(), item.keys.end(), std::back_inserter(keys));
    std::move(item.args.begin(), item.args.end(), std::back_inserter(args));
    deadline = std::max(deadline, item.deadline);
  }
  const absl::Duration timeout = TimeTo(deadline, options_.command_timeout);
  auto sent = std::make_shared<std::vector<Item>>(std::move(items));
  auto answered = [self = shared_from_this(), partition,
                   sent = std::move(sent)](absl::StatusOr<redis::Reply> reply) {
    self->Answer(partition, *sent, std::move(reply));
  };
  if (options_.wait_replicas > 0) {
    client_->EvalAndWait(CommitScript(), std::move(keys), std::move(args), options_.wait_replicas,
                         timeout, std::move(answered));
  } else {
    client_->Eval(CommitScript(), std::move(keys), std::move(args), timeout, std::move(answered));
  }
}

void CommitQueue::Answer(int partition, std::vector<Item>& items,
                         absl::StatusOr<redis::Reply> reply) {
  {
    Lane& lane = *lanes_[partition];
    const absl::MutexLock lock(&lane.mutex);
    --lane.on_their_way;
  }
  // What has gathered meanwhile goes before the answers are worked on.
  Pump(partition);
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
