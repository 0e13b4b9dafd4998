#include "chassis/streams/fanout_reader.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "chassis/streams/backoff.h"
#include "chassis/streams/read_after.lua.h"
#include "chassis/telemetry/log.h"
#include "chassis/values/refusal.h"

namespace fuju::chassis {
namespace {

constexpr int kPage = 256;
constexpr absl::Duration kBlock = absl::Seconds(1);
// A reader without subscribers waits so long for the next one.
constexpr absl::Duration kLinger = absl::Seconds(5);
constexpr absl::Duration kReconnectMin = absl::Milliseconds(20);
constexpr absl::Duration kReconnectMax = absl::Seconds(1);

const redis::Script& ReadAfterScript() {
  static const auto* const script = new redis::Script(kReadAfterLua);
  return *script;
}

absl::Status Expired() {
  return Refusal(absl::StatusCode::kOutOfRange, "RESUME_TOKEN_EXPIRED",
                 "续传位置之后的事件已被清理，请重新查询后再订阅",
                 "events after the position were removed: list again, then watch")
      .Build();
}

absl::Status Unknown() {
  return Refusal(absl::StatusCode::kInvalidArgument, "RESUME_TOKEN_INVALID",
                 "续传位置不属于该事件流", "the position is not one of this stream")
      .Build();
}

absl::Status ShuttingDown() {
  return Refusal(absl::StatusCode::kUnavailable, "SHUTTING_DOWN", "服务正在停止，请重新连接",
                 "the service is stopping: connect again")
      .Build();
}

}  // namespace

FanoutReader::FanoutReader(std::shared_ptr<redis::Topology> topology, const Keys& keys,
                           int partition)
    : topology_(std::move(topology)),
      stream_(keys.Events(partition)),
      positions_(keys.Positions(partition)),
      connection_(topology_, stream_),
      thread_([this] { Main(); }) {}

FanoutReader::~FanoutReader() {
  Stop();
  thread_.join();
}

bool FanoutReader::Add(std::shared_ptr<FanoutSubscription> subscription) {
  const absl::MutexLock lock(&mutex_);
  if (ended_ || stopping_) return false;
  added_.push_back(std::move(subscription));
  if (waiting_) connection_.Cancel();
  wake_.Wake();
  return true;
}

void FanoutReader::Stop() {
  const absl::MutexLock lock(&mutex_);
  stopping_ = true;
  if (waiting_) connection_.Cancel();
  wake_.Wake();
}

void FanoutReader::Main() {
  while (true) {
    const bool any = Collect();
    {
      const absl::MutexLock lock(&mutex_);
      if (stopping_) break;
    }
    if (!any) {
      if (!Linger()) return;
      continue;
    }
    const absl::Status served = Serve();
    if (served.ok()) {
      failures_ = 0;
      continue;
    }
    if (++failures_ == 1) {
      LogWarning("a stream can not be read for its watchers; trying again",
                 {{"stream", stream_}, {"error", std::string(served.message())}});
    }
    wake_.WaitFor(BackoffDelay(failures_, kReconnectMin, kReconnectMax));
  }
  Collect();
  for (Subscribers* subscribers : {&new_, &behind_, &live_}) EndAll(*subscribers, ShuttingDown());
  const absl::MutexLock lock(&mutex_);
  ended_ = true;
}

bool FanoutReader::Collect() {
  {
    const absl::MutexLock lock(&mutex_);
    std::move(added_.begin(), added_.end(), std::back_inserter(new_));
    added_.clear();
  }
  for (Subscribers* subscribers : {&new_, &behind_, &live_}) {
    std::erase_if(*subscribers, [](const auto& subscriber) { return subscriber->over(); });
  }
  return !new_.empty() || !behind_.empty() || !live_.empty();
}

bool FanoutReader::Linger() {
  wake_.WaitFor(kLinger);
  const absl::MutexLock lock(&mutex_);
  if (!added_.empty() || stopping_) return true;
  ended_ = true;
  return false;
}

absl::Status FanoutReader::Serve() {
  absl::Status admitted = AdmitNew();
  if (!admitted.ok()) return admitted;
  absl::Status caught_up = CatchUp();
  if (!caught_up.ok()) return caught_up;
  return ReadLive();
}

absl::Status FanoutReader::AdmitNew() {
  while (!new_.empty()) {
    const std::shared_ptr<FanoutSubscription> subscriber = new_.back();
    const EntryId after = subscriber->after().value_or(EntryId());
    const absl::StatusOr<Page> page = ReadAfter(after, 0);
    if (!page.ok()) return page.status();
    new_.pop_back();
    if (!subscriber->after().has_value()) {
      subscriber->Start(page->last_id);
    } else if (after > page->last_id) {
      subscriber->End(Unknown());
      continue;
    } else if (!page->complete) {
      subscriber->End(Expired());
      continue;
    } else {
      subscriber->Start(after);
    }
    behind_.push_back(subscriber);
  }
  return absl::OkStatus();
}

absl::Status FanoutReader::CatchUp() {
  Subscribers still_behind;
  absl::Status status;
  for (const std::shared_ptr<FanoutSubscription>& subscriber : behind_) {
    if (!status.ok()) {
      still_behind.push_back(subscriber);
      continue;
    }
    absl::StatusOr<Page> page = ReadAfter(subscriber->position(), kPage);
    if (!page.ok()) {
      status = page.status();
      still_behind.push_back(subscriber);
    } else if (!page->complete) {
      subscriber->End(Expired());
    } else {
      Deliver(*page, {subscriber});
      if (page->full) {
        still_behind.push_back(subscriber);
        continue;
      }
      // It has everything up to the end of the stream, so at least up to position_.
      if (live_.empty()) position_ = page->last_id;
      live_.push_back(subscriber);
    }
  }
  behind_ = std::move(still_behind);
  return status;
}

absl::Status FanoutReader::ReadLive() {
  if (live_.empty()) return absl::OkStatus();
  const absl::StatusOr<Page> page = ReadAfter(position_, kPage);
  if (!page.ok()) return page.status();
  // Trimmed before it was read, or Redis came back without its last entries.
  if (!page->complete || page->last_id < position_) {
    EndAll(live_, Expired());
    return absl::OkStatus();
  }
  Deliver(*page, live_);
  if (!page->entries.empty()) {
    position_ = *EntryId::Parse(page->entries.back().id);
  }
  if (page->full || !behind_.empty()) return absl::OkStatus();
  return WaitForEntry();
}

absl::Status FanoutReader::WaitForEntry() {
  {
    const absl::MutexLock lock(&mutex_);
    if (!added_.empty() || stopping_) return absl::OkStatus();
    waiting_ = true;
  }
  const absl::StatusOr<redis::Reply> reply = connection_.Call(
      {"XREAD", "COUNT", "1", "BLOCK", absl::StrCat(absl::ToInt64Milliseconds(kBlock)), "STREAMS",
       stream_, position_.ToString()},
      kBlock);
  const absl::MutexLock lock(&mutex_);
  waiting_ = false;
  if (absl::IsCancelled(reply.status())) return absl::OkStatus();
  if (!reply.ok()) return reply.status();
  if (reply->is_error()) return absl::UnavailableError(absl::StrCat("XREAD: ", reply->text()));
  return absl::OkStatus();
}

void FanoutReader::Deliver(const Page& page, const Subscribers& subscribers) {
  for (const StreamEntry& entry : page.entries) {
    const EntryId id = EntryId::Parse(entry.id).value_or(EntryId());
    if (entry.event == nullptr) {
      LogError("an entry has no event that parses", {{"entry", entry.id}});
      continue;
    }
    for (const auto& subscriber : subscribers) subscriber->Deliver(id, entry.id, *entry.event);
  }
}

absl::StatusOr<FanoutReader::Page> FanoutReader::ReadAfter(EntryId position, int count) {
  const redis::Script& script = ReadAfterScript();
  redis::Command command = {"EVALSHA",           script.sha1(),      "2", stream_, positions_,
                            position.ToString(), absl::StrCat(count)};
  absl::StatusOr<redis::Reply> reply = connection_.Call(command, absl::ZeroDuration());
  if (reply.ok() && reply->is_error() && absl::StartsWith(reply->text(), "NOSCRIPT")) {
    command[0] = "EVAL";
    command[1] = std::string(script.text());
    reply = connection_.Call(command, absl::ZeroDuration());
  }
  if (!reply.ok()) return reply.status();
  if (reply->is_error() || reply->size() < 3) {
    return absl::UnavailableError(absl::StrCat("read_after.lua: ", reply->text()));
  }
  Page page;
  page.last_id = EntryId::Parse((*reply)[0].text()).value_or(EntryId());
  page.complete = (*reply)[1].integer() == 1;
  page.entries = ParseEntries((*reply)[2], /*source=*/0);
  page.full = count > 0 && page.entries.size() >= static_cast<size_t>(count);
  return page;
}

void FanoutReader::EndAll(Subscribers& subscribers, const absl::Status& status) {
  for (const auto& subscriber : subscribers) subscriber->End(status);
  subscribers.clear();
}

}  // namespace fuju::chassis
