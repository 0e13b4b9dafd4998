#include "chassis/redis/io_thread.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "chassis/redis/result.h"
#include "chassis/redis/sigpipe.h"

namespace fuju::chassis::redis {
namespace {

constexpr std::string_view kStopping = "the client is stopping";

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

PipelinedClient::IoThread::IoThread(const PipelinedClientOptions& options)
    : options_(options), backoff_(options.reconnect_min) {
  uv_loop_init(&loop_);
  uv_async_init(&loop_, &wake_,
                [](uv_async_t* wake) { static_cast<IoThread*>(wake->data)->TakeIncoming(); });
  uv_timer_init(&loop_, &timer_);
  uv_prepare_init(&loop_, &before_poll_);
  wake_.data = timer_.data = before_poll_.data = this;
  // Everything that this round of the loop has sent leaves in one write.
  uv_prepare_start(&before_poll_, [](uv_prepare_t* before_poll) {
    static_cast<IoThread*>(before_poll->data)->connection_->Flush();
  });
  connection_ = std::make_unique<Connection>(
      &loop_, options_.endpoint,
      Connection::Events{.ready = [this] { OnReady(); },
                         .lost = [this](const std::string& cause) { OnLost(cause); }});
  thread_ = std::thread([this] { Run(); });
}

PipelinedClient::IoThread::~IoThread() {
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
      if (incoming_.size() == 1) uv_async_send(&wake_);
      return;
    }
  }
  operation->Answer(NotApplied(kStopping));
}

void PipelinedClient::IoThread::Schedule(absl::Duration delay, std::function<void()> task) {
  absl::MutexLock lock(&mutex_);
  if (stop_) return;
  incoming_tasks_.push_back({MsAfter(delay), std::move(task)});
  if (incoming_tasks_.size() == 1) uv_async_send(&wake_);
}

void PipelinedClient::IoThread::Run() {
  pthread_setname_np(pthread_self(), "redis-io");
  BlockSigpipe();
  current_io_thread = this;
  Connect();
  uv_run(&loop_, UV_RUN_DEFAULT);  // until TakeIncoming sees stop_
  AnswerEverything();
  for (auto* handle :
       {reinterpret_cast<uv_handle_t*>(&wake_), reinterpret_cast<uv_handle_t*>(&timer_),
        reinterpret_cast<uv_handle_t*>(&before_poll_)}) {
    uv_close(handle, nullptr);
  }
  uv_run(&loop_, UV_RUN_DEFAULT);  // frees what was closed
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
    stop = stop_;
  }
  for (Task& task : tasks) tasks_.emplace(task.due_ms, std::move(task.run));
  for (auto& operation : operations) Accept(std::move(operation));
  if (stop) {
    uv_stop(&loop_);
    return;
  }
  ArmTimer();
}

void PipelinedClient::IoThread::Accept(std::shared_ptr<Operation> operation) {
  if (connection_->in_flight() + static_cast<int>(waiting_.size()) >= options_.max_in_flight) {
    std::erase_if(waiting_, [](const auto& waiting) { return waiting->answered(); });
  }
  if (connection_->in_flight() + static_cast<int>(waiting_.size()) >= options_.max_in_flight) {
    operation->Answer(NotApplied(
        absl::StrCat("more than ", options_.max_in_flight, " commands wait for an answer")));
    return;
  }
  if (operation->deadline_ms != Operation::kNoDeadline) deadlines_.push(operation);
  if (connection_->ready()) {
    connection_->Send(std::move(operation));
  } else {
    waiting_.push_back(std::move(operation));
  }
}

void PipelinedClient::IoThread::OnReady() {
  backoff_ = options_.reconnect_min;
  while (!waiting_.empty() && connection_->ready()) {
    std::shared_ptr<Operation> operation = std::move(waiting_.front());
    waiting_.pop_front();
    if (!operation->answered()) connection_->Send(std::move(operation));
  }
}

void PipelinedClient::IoThread::OnLost(const std::string& cause) {
  last_error_ = cause;
  // Between a half and the whole of the backoff, so that clients do not come back all at once.
  const absl::Duration delay = backoff_ * absl::Uniform(bits_, 0.5, 1.0);
  backoff_ = std::min(backoff_ * 2, options_.reconnect_max);
  RunAfter(delay, [this] { Connect(); });
}

void PipelinedClient::IoThread::Connect() {
  if (!connection_->closed()) return;
  const int64_t attempt = ++attempts_;
  RunAfter(options_.connect_timeout, [this, attempt] {
    if (attempt == attempts_ && !connection_->closed() && !connection_->ready()) {
      connection_->Drop("connecting took too long");
    }
  });
  connection_->Open();
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
  uv_update_time(&loop_);
  const uint64_t now_ms = uv_now(&loop_);
  uv_timer_start(
      &timer_, [](uv_timer_t* timer) { static_cast<IoThread*>(timer->data)->OnTimer(); },
      next_ms > now_ms ? next_ms - now_ms : 0, 0);
}

void PipelinedClient::IoThread::OnTimer() {
  armed_ms_ = Operation::kNoDeadline;
  const uint64_t now_ms = uv_now(&loop_);
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
    } else {
      operation->Answer(NotApplied(last_error_));
    }
  }
  while (!waiting_.empty() && waiting_.front()->answered()) waiting_.pop_front();
  const uint64_t limit_ms =
      static_cast<uint64_t>(absl::ToInt64Milliseconds(options_.silence_limit));
  if (unanswered && connection_->ready() && connection_->SilentMs() >= limit_ms) {
    connection_->Drop(absl::StrCat("no answer for ", connection_->SilentMs(), " ms"));
  }
}

// Callbacks may send again: what they send is answered too, until nothing is left.
void PipelinedClient::IoThread::AnswerEverything() {
  connection_->Drop(std::string(kStopping));
  std::vector<std::shared_ptr<Operation>> rest(waiting_.begin(), waiting_.end());
  waiting_.clear();
  while (true) {
    for (auto& operation : rest) operation->Answer(NotApplied(kStopping));
    rest.clear();
    absl::MutexLock lock(&mutex_);
    if (incoming_.empty()) {
      stopped_ = true;
      break;
    }
    rest.swap(incoming_);
  }
  // Dropped tasks may own callbacks that they call when they are destroyed.
  while (!tasks_.empty()) tasks_.erase(tasks_.begin());
}

}  // namespace fuju::chassis::redis
