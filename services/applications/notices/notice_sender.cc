#include "applications/notices/notice_sender.h"

#include <functional>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"

#include "applications/notices/notice_kinds.h"
#include "applications/notices/notice_message.h"
#include "chassis/telemetry/log.h"
#include "chassis/values/timestamps.h"

namespace fuju::applications {
namespace {

constexpr char kActor[] = "system:applications";
constexpr absl::Duration kStoreTimeout = absl::Seconds(5);
// A store that is away for longer leaves the timer, and so another attempt.
constexpr int kCommitTries = 3;
// So many that the threads never wait for the next poll of timers; the others come again.
constexpr size_t kMostInHand = 256;

// Waits for the answer of an asynchronous call; only on threads of our own.
template <typename Answer>
absl::StatusOr<Answer> Await(
    const std::function<void(std::function<void(absl::StatusOr<Answer>)>)>& call) {
  struct Shared {
    absl::Notification answered;
    absl::StatusOr<Answer> answer;
  };
  auto shared = std::make_shared<Shared>();
  call([shared](absl::StatusOr<Answer> answer) {
    shared->answer = std::move(answer);
    shared->answered.Notify();
  });
  shared->answered.WaitForNotification();
  return std::move(shared->answer);
}

template <typename State>
absl::StatusOr<chassis::Versioned<State>> Read(const chassis::AggregateStore<State>& store,
                                               const std::string& id) {
  return Await<chassis::Versioned<State>>(
      [&](auto done) { store.Get(id, absl::Now() + kStoreTimeout, std::move(done)); });
}

bool MayWork(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsAborted(status) || absl::IsDeadlineExceeded(status);
}

}  // namespace

NoticeSender::NoticeSender(Parts parts, int threads) : parts_(std::move(parts)) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

NoticeSender::~NoticeSender() { Stop(); }

void NoticeSender::Offer(const std::string& id) {
  const absl::MutexLock lock(&mutex_);
  if (stopped_ || in_hand_.size() >= kMostInHand || !in_hand_.insert(id).second) return;
  waiting_.push_back(id);
}

void NoticeSender::Stop() {
  {
    const absl::MutexLock lock(&mutex_);
    stopped_ = true;
    waiting_.clear();
  }
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void NoticeSender::Run() {
  const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopped_ || !waiting_.empty();
  };
  while (true) {
    std::string id;
    {
      const absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&ready));
      if (stopped_) return;
      id = std::move(waiting_.front());
      waiting_.pop_front();
    }
    Send(id);
    const absl::MutexLock lock(&mutex_);
    in_hand_.erase(id);
  }
}

void NoticeSender::Send(const std::string& id) {
  const absl::Time now = parts_.notices->raw()->clock().Now();
  const auto found = Read(*parts_.notices, id);
  // The store is away, or another call of the timer was faster.
  if (!found.ok() || found->state.notice().state() != v1::NOTICE_STATE_PENDING ||
      chassis::ToTime(found->state.notice().due_time()) > now) {
    return;
  }
  const NoticeRecord& record = found->state;
  const v1::Notice& notice = record.notice();
  if (SendTime(notice.channel(), now, parts_.policy) > now) {
    return Commit(id, [this, now](const auto& current) {
      return DecideWait(current.state, parts_.policy, now);
    });
  }
  const auto application = Read(*parts_.applications, IdOf(notice.application()));
  if (!application.ok()) return;
  if (IsOvertaken(notice.kind(), notice.timeline_sequence(), application->state.application())) {
    return Commit(id, [](const auto& current) { return DecideOvertaken(current.state); });
  }
  const DeliveryResult result = Attempt(record, application->state);
  if (result.kind != DeliveryResult::Kind::kDelivered) {
    chassis::LogWarning("a notice was not delivered",
                        {{"notice", notice.name()},
                         {"reason", result.reason},
                         {"failed_attempts", notice.failed_attempts() + 1}});
  }
  Commit(id, [this, round = notice.resends(), result](const auto& current) {
    return DecideAttempted(current.state, round, result, parts_.texts->edition(), parts_.policy,
                           parts_.notices->raw()->clock().Now());
  });
}

DeliveryResult NoticeSender::Attempt(const NoticeRecord& record, const Record& application) {
  const auto refused = [](std::string reason) {
    return DeliveryResult{.kind = DeliveryResult::Kind::kRefused, .reason = std::move(reason)};
  };
  std::string county;
  const auto code = vocabulary::RegionCode::Parse(record.notice().county_code());
  if (code.ok()) county = parts_.regions->FullNameOf(*code).value_or("");
  const absl::StatusOr<NoticeMessage> message =
      ComposeMessage(record, application, *parts_.texts, county);
  if (!message.ok()) return refused(std::string(message.status().message()));
  const bool letter = message->channel == v1::CONTACT_CHANNEL_LETTER;
  NoticeProvider* const provider =
      letter && parts_.letters != nullptr ? parts_.letters : parts_.phones;
  if (provider == nullptr) return refused("NO_PROVIDER");
  return provider->Deliver(*message);
}

void NoticeSender::Commit(const std::string& id, const NoticeStore::Decide& decide) {
  absl::Status status = absl::UnavailableError("not tried");
  for (int i = 0; i < kCommitTries && MayWork(status); ++i) {
    chassis::Command command;
    command.actor = kActor;
    command.deadline = absl::Now() + kStoreTimeout;
    status = Await<chassis::Committed<NoticeRecord>>([&](auto done) {
               parts_.notices->Update(id, command, decide, std::move(done));
             }).status();
  }
  if (!status.ok()) {
    chassis::LogWarning(
        "what became of a notice could not be stored; it is sent again",
        {{"notice", NoticeNameOf(id)}, {"code", absl::StatusCodeToString(status.code())}});
  }
}

}  // namespace fuju::applications
