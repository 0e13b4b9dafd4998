#include "audit/archive_readers.h"

#include <utility>

#include "absl/time/clock.h"
#include <soci/soci.h>

#include "audit/archive_database.h"
#include "chassis/values/refusal.h"

namespace fuju::audit {

absl::StatusOr<std::unique_ptr<ArchiveReaders>> ArchiveReaders::Start(const Options& options) {
  auto readers = std::unique_ptr<ArchiveReaders>(new ArchiveReaders(options));
  for (int i = 0; i < options.threads; ++i) {
    absl::StatusOr<std::unique_ptr<soci::session>> session = OpenToRead(options.path);
    if (!session.ok()) return session.status();
    readers->threads_.emplace_back([raw = readers.get(), opened = *std::move(session)]() mutable {
      raw->Run(std::move(opened));
    });
  }
  return readers;
}

ArchiveReaders::~ArchiveReaders() { Stop(); }

void ArchiveReaders::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void ArchiveReaders::Ask(absl::Time deadline, Question question,
                         std::function<void(absl::Status)> answered) {
  {
    absl::MutexLock lock(&mutex_);
    if (!stopping_ && queue_.size() < options_.waiting) {
      queue_.push_back({deadline, std::move(question), std::move(answered)});
      return;
    }
  }
  answered(chassis::Refusal(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
                            "查询过多，请稍后重试", "too many questions wait for the archive"));
}

void ArchiveReaders::Run(std::unique_ptr<soci::session> session) {
  while (true) {
    Waiting next;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &ArchiveReaders::HasWork));
      if (queue_.empty()) return;
      next = std::move(queue_.front());
      queue_.pop_front();
    }
    next.answered(Answer(session, next));
  }
}

absl::Status ArchiveReaders::Answer(std::unique_ptr<soci::session>& session,
                                    const Waiting& waiting) {
  if (absl::Now() >= waiting.deadline) {
    return absl::DeadlineExceededError("the question waited too long for the archive");
  }
  if (session == nullptr) {
    absl::StatusOr<std::unique_ptr<soci::session>> opened = OpenToRead(options_.path);
    if (!opened.ok()) return opened.status();
    session = *std::move(opened);
  }
  try {
    soci::transaction snapshot(*session);
    absl::Status status = waiting.question(*session);
    snapshot.rollback();
    return status;
  } catch (const std::exception& error) {
    absl::Status status = FromSqlError("ask the archive", error);
    session = nullptr;
    return status;
  }
}

}  // namespace fuju::audit
