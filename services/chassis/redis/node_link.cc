#include "chassis/redis/node_link.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace fuju::chassis::redis {
namespace {

// What a node that has lost its slots may still take to answer.
constexpr absl::Duration kFarewell = absl::Milliseconds(500);

}  // namespace

NodeLink::NodeLink(Endpoint endpoint, const PipelinedClientOptions& options, Thread thread)
    : options_(options),
      thread_(std::move(thread)),
      connection_(thread_.loop, std::move(endpoint),
                  Connection::Events{.ready = [this] { OnReady(); },
                                     .lost = [this](const std::string& cause) { OnLost(cause); },
                                     .redirected = thread_.redirected}),
      backoff_(options.reconnect_min) {}

void NodeLink::Submit(std::shared_ptr<Operation> operation) {
  if (connection_.ready()) {
    connection_.Send(std::move(operation));
    return;
  }
  waiting_.push_back(std::move(operation));
  if (!reconnecting_) Connect();
}

void NodeLink::SetWanted(bool wanted) {
  if (wanted_ == wanted) return;
  wanted_ = wanted;
  if (!wanted_) {
    RunAfter(kFarewell, &NodeLink::EndWhenSilent);
  } else if (!reconnecting_) {
    Connect();
  }
}

void NodeLink::EndWhenSilent() {
  if (wanted_ || connection_.closed()) return;
  const auto silent_ms = static_cast<uint64_t>(absl::ToInt64Milliseconds(kFarewell));
  if (connection_.in_flight() > 0 && connection_.SilentMs() < silent_ms) {
    RunAfter(kFarewell, &NodeLink::EndWhenSilent);
  } else {
    connection_.Drop("another node has its slots");
  }
}

void NodeLink::TakeWaiting(const std::function<bool(const Operation&)>& elsewhere,
                           std::deque<std::shared_ptr<Operation>>& taken) {
  std::deque<std::shared_ptr<Operation>> kept;
  for (auto& operation : waiting_) {
    if (operation->answered()) continue;
    (elsewhere(*operation) ? taken : kept).push_back(std::move(operation));
  }
  waiting_.swap(kept);
}

void NodeLink::ForgetAnswered(bool all) {
  if (all) {
    std::erase_if(waiting_, [](const auto& operation) { return operation->answered(); });
  } else {
    while (!waiting_.empty() && waiting_.front()->answered()) waiting_.pop_front();
  }
}

void NodeLink::DropIfSilent(absl::Duration limit) {
  if (!connection_.ready()) return;
  const uint64_t silent_ms = connection_.SilentMs();
  if (silent_ms >= static_cast<uint64_t>(absl::ToInt64Milliseconds(limit))) {
    connection_.Drop(absl::StrCat("no answer for ", silent_ms, " ms"));
  }
}

void NodeLink::OnReady() {
  backoff_ = options_.reconnect_min;
  while (!waiting_.empty() && connection_.ready()) {
    std::shared_ptr<Operation> operation = std::move(waiting_.front());
    waiting_.pop_front();
    if (!operation->answered()) connection_.Send(std::move(operation));
  }
}

void NodeLink::OnLost(const std::string& cause) {
  last_error_ = cause;
  // Between a half and the whole of the backoff, so that clients do not come back all at once.
  const absl::Duration delay = backoff_ * absl::Uniform(bits_, 0.5, 1.0);
  backoff_ = std::min(backoff_ * 2, options_.reconnect_max);
  reconnecting_ = true;
  RunAfter(delay, &NodeLink::Connect);
  thread_.lost();
}

void NodeLink::Connect() {
  reconnecting_ = false;
  ForgetAnswered(/*all=*/false);
  if (!connection_.closed() || (!wanted_ && waiting_.empty())) return;
  const int64_t attempt = ++attempts_;
  thread_.run_after(options_.connect_timeout, [link = weak_from_this(), attempt] {
    const std::shared_ptr<NodeLink> self = link.lock();
    if (self != nullptr && attempt == self->attempts_ && !self->connection_.closed() &&
        !self->connection_.ready()) {
      self->connection_.Drop("connecting took too long");
    }
  });
  connection_.Open();
}

void NodeLink::RunAfter(absl::Duration delay, void (NodeLink::*step)()) {
  thread_.run_after(delay, [link = weak_from_this(), step] {
    if (const std::shared_ptr<NodeLink> self = link.lock(); self != nullptr) (self.get()->*step)();
  });
}

}  // namespace fuju::chassis::redis
