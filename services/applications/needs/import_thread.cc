#include "applications/needs/import_thread.h"

#include <utility>

namespace fuju::applications {

ImportThread::ImportThread() : thread_([this] { Run(); }) {}

ImportThread::~ImportThread() { Stop(); }

void ImportThread::Post(std::function<void()> task) {
  absl::MutexLock lock(&mutex_);
  if (!stopping_) tasks_.push_back(std::move(task));
}

void ImportThread::Begin() {
  absl::MutexLock lock(&mutex_);
  ++running_;
}

void ImportThread::Ended() {
  absl::MutexLock lock(&mutex_);
  --running_;
}

void ImportThread::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](int* running) { return *running == 0; }, &running_));
}

void ImportThread::Run() {
  while (true) {
    // Destroyed outside of the lock, as the task itself.
    std::deque<std::function<void()>> tasks;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(
          +[](ImportThread* self) ABSL_EXCLUSIVE_LOCKS_REQUIRED(self->mutex_) {
            return self->stopping_ || !self->tasks_.empty();
          },
          this));
      tasks.swap(tasks_);
      if (stopping_) return;
    }
    for (const auto& task : tasks) task();
  }
}

}  // namespace fuju::applications
