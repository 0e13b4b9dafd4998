#include "chassis/redis/io_thread.h"

#include <pthread.h>

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "chassis/redis/result.h"
#include "chassis/redis/sigpipe.h"

namespace fuju::chassis::redis {
namespace {

constexpr std::string_view kStopping = "the client is stopping";
// How soon what a node refused for now is sent again; twice as late after each refusal, at first.
constexpr absl::Duration kRefusedPause = absl::Milliseconds(20);
constexpr int kMostRefusalsToDouble = 3;
// A command that was sent elsewhere so often runs after a layout that has not settled.
constexpr int kMostRedirectsAtOnce = 5;
// A timer that is so late was kept from running.
constexpr uint64_t kOverslept = 100;  // ms

thread_local void* current_io_thread = nullptr;

}  // namespace

PipelinedClient::IoThread* PipelinedClient::IoThread::Current() {
  return static_cast<IoThread*>(current_io_thread);
}

uint64_t PipelinedClient::IoThread::MsAfter(absl::Duration delay) {
  if (delay == absl::InfiniteDuration()) return Operation::kNoDeadline;
  const absl::Duration whole =
      absl::Ceil(std::max(delay, absl::ZeroDuration()), absl::Milliseconds(1));
  // The clock's millisecond has begun already: one more, so that it is never too early.
  return uv_hrtime() / 1'000'000 + 1 + static_cast<uint64_t>(absl::ToInt64Milliseconds(whole));
}

PipelinedClient::IoThread::IoThread(const PipelinedClientOptions& options) : options_(options) {
  uv_loop_init(&loop_);
  uv_async_init(&loop_, &wake_,
                [](uv_async_t* wake) { static_cast<IoThread*>(wake->data)->TakeIncoming(); });
  uv_timer_init(&loop_, &timer_);
  uv_prepare_init(&loop_, &before_poll_);
  wake_.data = timer_.data = before_poll_.data = this;
  uv_prepare_start(&before_poll_, [](uv_prepare_t* before_poll) {
    static_cast<IoThread*>(before_poll->data)->BeforePoll();
  });
  listener_ = options_.topology->Listen([this] { uv_async_send(&wake_); });
  thread_ = std::thread([this] { Run(); });
}

PipelinedClient::IoThread::~IoThread() {
  options_.topology->Forget(listener_);
  {
    absl::MutexLock lock(&mutex_);
    stop_ = true;
    uv_async_send(&wake_);
  }
  thread_.join();
}

void PipelinedClient::IoThread::Submit(std::shared_ptr<Operation> operation) {
  {
    absl::MutexLock lock(&mutex_);
    if (!stopped_) {
      incoming_.push_back(std::move(operation));
      Wake();
      return;
    }
  }
  operation->Answer(NotApplied(kStopping));
}

void PipelinedClient::IoThread::Defer(std::function<void()> task) {
  {
    absl::MutexLock lock(&mutex_);
    if (!stopped_) {
      deferred_.push_back(std::move(task));
      Wake();
      return;
    }
  }
  task();
}

void PipelinedClient::IoThread::Schedule(absl::Duration delay, std::function<void()> task) {
  absl::MutexLock lock(&mutex_);
  if (stop_) return;
  incoming_tasks_.push_back({MsAfter(delay), std::move(task)});
  Wake();
}

void PipelinedClient::IoThread::Wake() {
  if (woken_ || Current() == this) return;
  woken_ = true;
  uv_async_send(&wake_);
}

void PipelinedClient::IoThread::BeforePoll() {
  while (true) {
    TakeIncoming();
    std::vector<std::function<void()>> tasks;
    {
      absl::MutexLock lock(&mutex_);
      tasks.swap(deferred_);
    }
    if (tasks.empty()) break;
    for (const std::function<void()>& task : tasks) task();
  }
  // Everything that this round of the loop has sent leaves in one write.
  for (const auto& [place, link] : links_) link->Flush();
}

void PipelinedClient::IoThread::Run() {
  pthread_setname_np(pthread_self(), "redis-io");
  BlockSigpipe();
  current_io_thread = this;
  FollowLayout();
  uv_run(&loop_, UV_RUN_DEFAULT);  // until TakeIncoming sees stop_
  AnswerEverything();
  for (auto* handle :
       {reinterpret_cast<uv_handle_t*>(&wake_), reinterpret_cast<uv_handle_t*>(&timer_),
        reinterpret_cast<uv_handle_t*>(&before_poll_)}) {
    uv_close(handle, nullptr);
  }
  uv_run(&loop_, UV_RUN_DEFAULT);  // frees what was closed
  links_.clear();
  uv_loop_close(&loop_);
  current_io_thread = nullptr;
}

void PipelinedClient::IoThread::TakeIncoming() {
  std::vector<std::shared_ptr<Operation>> operations;
  std::vector<Task> tasks;
  bool stop;
  {
    absl::MutexLock lock(&mutex_);
    operations.swap(incoming_);
    tasks.swap(incoming_tasks_);
    woken_ = false;
    stop = stop_;
  }
  FollowLayout();
  for (Task& task : tasks) tasks_.emplace(task.due_ms, std::move(task.run));
  for (auto& operation : operations) Accept(std::move(operation));
  if (stop) {
    uv_stop(&loop_);
    return;
  }
  ArmTimer();
}

void PipelinedClient::IoThread::Accept(std::shared_ptr<Operation> operation) {
  NodeLink* link = LinkOf(operation->slot);
  if (link != nullptr && link->load() >= options_.max_in_flight) link->ForgetAnswered(/*all=*/true);
  const int load =
      (link == nullptr ? 0 : link->load()) + static_cast<int>(homeless_.size() + delayed_.size());
  if (load >= options_.max_in_flight) {
    operation->Answer(NotApplied(
        absl::StrCat("more than ", options_.max_in_flight, " commands wait for an answer")));
    return;
  }
  if (operation->deadline_ms != Operation::kNoDeadline) deadlines_.push(operation);
  Route(std::move(operation));
}

void PipelinedClient::IoThread::Route(std::shared_ptr<Operation> operation) {
  operation->asking = false;
  if (NodeLink* link = LinkOf(operation->slot); link != nullptr) {
    link->Submit(std::move(operation));
  } else {
    options_.topology->Suspect();
    homeless_.push_back(std::move(operation));
  }
}

NodeLink* PipelinedClient::IoThread::LinkOf(int slot) const {
  const uint16_t owner = layout_->owner[slot];
  if (owner == Layout::kNobody) return nullptr;
  return primaries_[owner * options_.connections + LaneOf(slot)];
}

NodeLink& PipelinedClient::IoThread::LinkTo(const Address& address, int lane) {
  std::shared_ptr<NodeLink>& link = links_[{address, lane}];
  if (link == nullptr) {
    link = std::make_shared<NodeLink>(
        options_.topology->At(address), options_,
        NodeLink::Thread{
            .loop = &loop_,
            .run_after = [this](absl::Duration delay,
                                std::function<void()> task) { RunAfter(delay, std::move(task)); },
            .lost = [this] { options_.topology->Suspect(); },
            .redirected =
                [this, address](const std::shared_ptr<Operation>& operation,
                                const std::string& error) {
                  return Redirected(address, operation, error);
                }});
  }
  return *link;
}

void PipelinedClient::IoThread::FollowLayout() {
  std::shared_ptr<const Layout> layout = options_.topology->layout();
  if (layout == layout_) return;
  layout_ = std::move(layout);
  primaries_.clear();
  for (const Address& address : layout_->primaries) {
    for (int lane = 0; lane < options_.connections; ++lane) {
      primaries_.push_back(&LinkTo(address, lane));
    }
  }
  std::set<const NodeLink*> owners;
  for (int slot = 0; slot < kSlots; ++slot) owners.insert(LinkOf(slot));
  std::deque<std::shared_ptr<Operation>> moved;
  moved.swap(homeless_);
  for (const auto& [place, link] : links_) {
    link->SetWanted(owners.contains(link.get()));
    link->TakeWaiting(
        [this, &link](const Operation& operation) { return LinkOf(operation.slot) != link.get(); },
        moved);
  }
  for (auto& operation : moved) {
    if (!operation->answered()) Route(std::move(operation));
  }
  std::erase_if(links_, [this](const auto& entry) {
    return entry.second->idle() &&
           std::find(primaries_.begin(), primaries_.end(), entry.second.get()) == primaries_.end();
  });
}

bool PipelinedClient::IoThread::Redirected(const Address& from,
                                           const std::shared_ptr<Operation>& operation,
                                           const std::string& error) {
  Topology& topology = *options_.topology;
  if (!topology.follows()) return false;
  const bool moved = absl::StartsWith(error, "MOVED ");
  if (moved || absl::StartsWith(error, "ASK ")) {
    const Redirect redirect = ParseRedirect(error, from.host);
    topology.Count(moved ? Redirection::kMoved : Redirection::kAsk);
    if (moved) topology.Moved(redirect.slot, redirect.to);
    operation->sent = false;
    operation->refusal = error;
    if (redirect.to.port == 0 || ++operation->redirects % kMostRedirectsAtOnce == 0) {
      RouteLater(operation);
    } else {
      operation->asking = !moved;
      LinkTo(redirect.to, LaneOf(operation->slot)).Submit(operation);
    }
    return true;
  }
  if (!NotTheOneToAsk(error)) return false;
  if (absl::StartsWith(error, "TRYAGAIN ")) {
    topology.Count(Redirection::kTryAgain);
  } else {
    topology.Suspect();
  }
  operation->sent = false;
  operation->refusal = error;
  RouteLater(operation);
  return true;
}

void PipelinedClient::IoThread::RouteLater(std::shared_ptr<Operation> operation) {
  const absl::Duration pause =
      kRefusedPause * (1 << std::min(operation->refusals++, kMostRefusalsToDouble));
  operation->again_ms = MsAfter(pause);
  delayed_.push_back(std::move(operation));
  if (delayed_.size() == 1) RunAfter(kRefusedPause, [this] { RouteDelayed(); });
}

void PipelinedClient::IoThread::RouteDelayed() {
  std::deque<std::shared_ptr<Operation>> all;
  all.swap(delayed_);
  const uint64_t now_ms = uv_now(&loop_);
  for (auto& operation : all) {
    if (operation->answered()) continue;
    if (operation->again_ms > now_ms) {
      delayed_.push_back(std::move(operation));
    } else {
      Route(std::move(operation));
    }
  }
  if (!delayed_.empty()) RunAfter(kRefusedPause, [this] { RouteDelayed(); });
}

void PipelinedClient::IoThread::RunAfter(absl::Duration delay, std::function<void()> task) {
  tasks_.emplace(MsAfter(delay), std::move(task));
  ArmTimer();
}

void PipelinedClient::IoThread::ArmTimer() {
  uint64_t next_ms = deadlines_.empty() ? Operation::kNoDeadline : deadlines_.top()->deadline_ms;
  if (!tasks_.empty()) next_ms = std::min(next_ms, tasks_.begin()->first);
  if (next_ms >= armed_ms_) return;
  armed_ms_ = next_ms;
  ArmLoopTimer();
}

void PipelinedClient::IoThread::ArmLoopTimer() {
  uv_update_time(&loop_);
  const uint64_t now_ms = uv_now(&loop_);
  uv_timer_start(
      &timer_, [](uv_timer_t* timer) { static_cast<IoThread*>(timer->data)->OnTimer(); },
      armed_ms_ > now_ms ? armed_ms_ - now_ms : 0, 0);
}

void PipelinedClient::IoThread::OnTimer() {
  const uint64_t now_ms = uv_now(&loop_);
  // A process that was stopped, or a machine that was asleep: answers that came meanwhile lie in
  // the sockets. libuv runs what is due before it polls; so it polls once before they are called
  // late.
  if (now_ms > armed_ms_ + kOverslept && !overslept_) {
    overslept_ = true;
    armed_ms_ = now_ms + 1;
    ArmLoopTimer();
    return;
  }
  overslept_ = false;
  armed_ms_ = Operation::kNoDeadline;
  ExpireOperations(now_ms);
  while (!tasks_.empty() && tasks_.begin()->first <= now_ms) {
    const std::function<void()> run = std::move(tasks_.begin()->second);
    tasks_.erase(tasks_.begin());
    run();
  }
  ArmTimer();
}

void PipelinedClient::IoThread::ExpireOperations(uint64_t now_ms) {
  bool unanswered = false;
  while (!deadlines_.empty() && deadlines_.top()->deadline_ms <= now_ms) {
    const std::shared_ptr<Operation> operation = deadlines_.top();
    deadlines_.pop();
    if (operation->answered()) continue;
    if (operation->sent) {
      unanswered = true;
      operation->Answer(NoAnswerInTime("connected"));
      continue;
    }
    const NodeLink* link = LinkOf(operation->slot);
    operation->Answer(NotApplied(!operation->refusal.empty() ? operation->refusal
                                 : link != nullptr           ? link->last_error()
                                                             : options_.topology->error()));
  }
  while (!homeless_.empty() && homeless_.front()->answered()) homeless_.pop_front();
  for (const auto& [place, link] : links_) {
    link->ForgetAnswered(/*all=*/false);
    if (unanswered) link->DropIfSilent(options_.silence_limit);
  }
  if (unanswered) options_.topology->Suspect();
}

// Callbacks may send again: what they send is answered too, until nothing is left.
void PipelinedClient::IoThread::AnswerEverything() {
  std::deque<std::shared_ptr<Operation>> left;
  left.swap(homeless_);
  std::move(delayed_.begin(), delayed_.end(), std::back_inserter(left));
  delayed_.clear();
  for (const auto& [place, link] : links_) {
    link->Drop(std::string(kStopping));
    link->TakeWaiting([](const Operation&) { return true; }, left);
  }
  std::vector<std::shared_ptr<Operation>> rest(left.begin(), left.end());
  std::vector<std::function<void()>> tasks;
  while (true) {
    for (auto& operation : rest) operation->Answer(NotApplied(kStopping));
    rest.clear();
    for (const std::function<void()>& task : tasks) task();
    tasks.clear();
    absl::MutexLock lock(&mutex_);
    if (incoming_.empty() && deferred_.empty()) {
      stopped_ = true;
      break;
    }
    rest.swap(incoming_);
    tasks.swap(deferred_);
  }
  // Dropped tasks may own callbacks that they call when they are destroyed.
  while (!tasks_.empty()) tasks_.erase(tasks_.begin());
}

}  // namespace fuju::chassis::redis
