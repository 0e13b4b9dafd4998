#include "chassis/streams/stream_poller.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace fuju::chassis {
namespace {

// How long it sleeps when nobody wants anything; who does wakes it.
constexpr absl::Duration kIdle = absl::Seconds(10);

}  // namespace

redis::Command XReadCommand(const std::vector<StreamPosition>& positions, int count,
                            absl::Duration block) {
  redis::Command command = {"XREAD", "COUNT", absl::StrCat(count)};
  if (block > absl::ZeroDuration()) {
    command.push_back("BLOCK");
    command.push_back(absl::StrCat(std::max<int64_t>(absl::ToInt64Milliseconds(block), 1)));
  }
  command.push_back("STREAMS");
  for (const StreamPosition& position : positions) command.push_back(position.stream);
  for (const StreamPosition& position : positions) command.push_back(position.behind);
  return command;
}

StreamPoller::StreamPoller(std::shared_ptr<redis::Topology> topology, std::string_view key,
                           int read_count, absl::Duration block)
    : read_count_(read_count),
      block_(block),
      connection_(std::move(topology), key),
      thread_([this] { Main(); }) {}

StreamPoller::~StreamPoller() {
  stopping_.store(true);
  connection_.Interrupt();
  wake_.Wake();
  thread_.join();
}

void StreamPoller::Add(Member* member) {
  {
    const absl::MutexLock lock(&mutex_);
    members_[++last_member_] = member;
  }
  Refresh();
}

void StreamPoller::Remove(Member* member) {
  {
    const absl::MutexLock lock(&mutex_);
    const auto is_it = [member](const auto& one) { return one.second == member; };
    if (std::erase_if(members_, is_it) == 0) return;
  }
  Refresh();
}

// What was asked for is forgotten, and comes with the next question.
void StreamPoller::Refresh() {
  {
    const absl::MutexLock lock(&wait_mutex_);
    refreshed_ = true;
    if (waiting_) connection_.Cancel();
  }
  wake_.Wake();
}

bool StreamPoller::BeginWait() {
  const absl::MutexLock lock(&wait_mutex_);
  waiting_ = !refreshed_;
  return waiting_;
}

void StreamPoller::EndWait() {
  const absl::MutexLock lock(&wait_mutex_);
  waiting_ = false;
}

void StreamPoller::Main() {
  while (!stopping_.load()) {
    if (!Collect()) {
      wake_.WaitFor(kIdle);
      continue;
    }
    if (!BeginWait()) continue;
    std::vector<StreamPosition> positions;
    for (const Asked& asked : asked_) {
      positions.insert(positions.end(), asked.positions.begin(), asked.positions.end());
    }
    absl::StatusOr<redis::Reply> reply =
        connection_.Call(XReadCommand(positions, read_count_, block_), block_);
    EndWait();
    if (absl::IsCancelled(reply.status())) continue;
    if (reply.ok() && reply->is_error() && asked_.size() > 1) {
      AskEach();
    } else {
      HandOn(std::move(reply));
    }
  }
}

bool StreamPoller::Collect() {
  {
    const absl::MutexLock lock(&wait_mutex_);
    refreshed_ = false;
  }
  asked_.clear();
  const absl::MutexLock lock(&mutex_);
  for (const auto& [id, member] : members_) {
    std::vector<StreamPosition> positions = member->Wanted();
    if (!positions.empty()) asked_.push_back({.id = id, .positions = std::move(positions)});
  }
  return !asked_.empty();
}

void StreamPoller::HandOn(absl::StatusOr<redis::Reply> reply) {
  const absl::MutexLock lock(&mutex_);
  absl::Status status = reply.status();
  if (reply.ok() && reply->is_error()) {
    status = absl::UnavailableError(absl::StrCat("XREAD: ", reply->text()));
  }
  if (!status.ok()) {
    for (const Asked& asked : asked_) TellError(asked.id, status);
    return;
  }
  // Redis answers in the order of the question.
  std::vector<redis::Reply>& streams = reply->mutable_items();
  auto next = streams.begin();
  for (const Asked& asked : asked_) {
    std::vector<redis::Reply> theirs;
    for (const StreamPosition& position : asked.positions) {
      if (next == streams.end()) break;
      if (next->size() < 2 || (*next)[0].text() != position.stream) continue;
      theirs.push_back(std::move(*next++));
    }
    const auto member = members_.find(asked.id);
    if (!theirs.empty() && member != members_.end()) member->second->OnRead(theirs);
  }
}

void StreamPoller::AskEach() {
  const std::vector<Asked> all = std::exchange(asked_, {});
  for (const Asked& one : all) {
    asked_ = {one};
    HandOn(connection_.Call(XReadCommand(one.positions, read_count_, absl::ZeroDuration()),
                            absl::ZeroDuration()));
  }
}

void StreamPoller::TellError(uint64_t id, const absl::Status& status) {
  const auto found = members_.find(id);
  if (found == members_.end()) return;
  Member* const member = found->second;
  members_.erase(found);
  member->OnError(status);
}

}  // namespace fuju::chassis
