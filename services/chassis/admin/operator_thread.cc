#include "chassis/admin/operator_thread.h"

#include "absl/time/clock.h"

#include "chassis/values/refusal.h"

namespace fuju::chassis {
namespace {

absl::Status ShuttingDown() {
  return Refusal(absl::StatusCode::kUnavailable, "SHUTTING_DOWN",
                 "服务实例正在停止，请重试，其他实例会应答",
                 "this instance is stopping; repeat the call, another one answers")
      .RetryAfter(absl::Milliseconds(500));
}

}  // namespace

void OperatorThread::Add(Task task) {
  {
    const absl::MutexLock lock(&mutex_);
    if (!stopping_) {
      tasks_.push_back(std::move(task));
      return;
    }
  }
  task.run(ShuttingDown());
}

void OperatorThread::Main() {
  const auto has_news = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !tasks_.empty();
  };
  while (true) {
    Task task;
    bool stopping = false;
    {
      const absl::MutexLock lock(&mutex_, absl::Condition(&has_news));
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
      stopping = stopping_;
    }
    if (stopping) {
      task.run(ShuttingDown());
    } else if (absl::Now() >= task.deadline) {
      task.run(absl::DeadlineExceededError("calls before this one took too long; repeat it"));
    } else {
      task.run(absl::OkStatus());
    }
  }
}

void OperatorThread::Stop() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  const absl::MutexLock lock(&join_mutex_);
  if (thread_.joinable()) thread_.join();
}

}  // namespace fuju::chassis
