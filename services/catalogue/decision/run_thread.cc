#include "catalogue/decision/run_thread.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <utility>

namespace fuju::catalogue {
namespace {

constexpr int kNiceness = 10;

// Of this thread alone, as Linux has it. Without the right to, the thread runs like the others.
void GiveWay() {
  static_cast<void>(setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), kNiceness));
}

}  // namespace

RunThread::RunThread() : thread_([this] { Work(); }) {}

RunThread::~RunThread() {
  std::deque<std::function<void()>> dropped;
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    dropped.swap(turns_);
  }
  thread_.join();
}

void RunThread::Post(std::function<void()> turn) {
  absl::MutexLock lock(&mutex_);
  if (!stopping_) turns_.push_back(std::move(turn));
}

void RunThread::Work() {
  GiveWay();
  while (true) {
    std::function<void()> turn;
    {
      absl::MutexLock lock(&mutex_);
      const auto wanted = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
        return stopping_ || !turns_.empty();
      };
      mutex_.Await(absl::Condition(&wanted));
      if (stopping_) return;
      turn = std::move(turns_.front());
      turns_.pop_front();
    }
    turn();
  }
}

}  // namespace fuju::catalogue
