#include "chassis/streams/stream_upkeep.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "chassis/streams/backlog.h"
#include "chassis/streams/trim_stream.lua.h"
#include "chassis/telemetry/log.h"

namespace fuju::chassis {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(5);
// A group may be slow for so long without a word.
constexpr absl::Duration kTellOverdue = absl::Hours(1);
constexpr absl::Duration kBacklogEvery = absl::Seconds(2);
// What backlog.lua says of a group that is further than its stream, or is not there.
constexpr int64_t kEndLost = -2;
constexpr int64_t kNoGroup = -3;

const redis::Script& TrimStreamScript() {
  static const auto* const script = new redis::Script(kTrimStreamLua);
  return *script;
}
}  // namespace

StreamUpkeep::StreamUpkeep(std::shared_ptr<const WorkerContext> context,
                           std::shared_ptr<LeaseTerm> lease)
    : context_(std::move(context)),
      lease_(std::move(lease)),
      trim_due_(After(SteadyNow(), context_->options.trim_every)),
      backlog_due_(SteadyNow()) {}

void StreamUpkeep::RunDue(SteadyTime now) {
  if (now >= trim_due_) {
    trim_due_ = After(now, context_->options.trim_every);
    Trim();
  }
  if (now >= backlog_due_) {
    backlog_due_ = After(now, kBacklogEvery);
    MeasureBacklog();
  }
}

SteadyTime StreamUpkeep::next_due() const { return std::min(trim_due_, backlog_due_); }

void StreamUpkeep::Close() {
  const absl::MutexLock lock(&mutex_);
  closed_ = true;
}

void StreamUpkeep::Trim() {
  const ConsumerOptions& options = context_->options;
  // Without a word on who reads the stream nothing is known to be done with.
  if (options.own_stream_groups.empty()) return;
  std::vector<std::string> args = {
      absl::StrCat(absl::ToInt64Milliseconds(options.stream_retention))};
  args.insert(args.end(), options.own_stream_groups.begin(), options.own_stream_groups.end());
  const std::string stream = context_->keys.Events(lease_->partition());
  context_->client->Eval(
      TrimStreamScript(), {stream, context_->keys.Positions(lease_->partition())}, std::move(args),
      kTimeout, [self = shared_from_this(), stream](const absl::StatusOr<redis::Reply>& reply) {
        if (!reply.ok() || reply->size() < 4) return;
        self->ShowOverdue(stream, (*reply)[2].text(), absl::Milliseconds((*reply)[3].integer()));
        const std::string& missing = (*reply)[1].text();
        {
          const absl::MutexLock lock(&self->mutex_);
          if (std::exchange(self->told_missing_, !missing.empty())) return;
        }
        if (missing.empty()) return;
        LogWarning("a stream is not trimmed: a group that reads it does not exist yet",
                   {{"stream", stream}, {"group", missing}});
      });
}

void StreamUpkeep::ShowOverdue(const std::string& stream, const std::string& group,
                               absl::Duration overdue) {
  const absl::MutexLock lock(&mutex_);
  if (closed_) return;
  context_->metrics->SetTrimOverdue(lease_->partition(), absl::ToDoubleSeconds(overdue));
  if (std::exchange(told_overdue_, overdue >= kTellOverdue) || !told_overdue_) return;
  LogWarning(
      "a stream is not trimmed: a group has not acknowledged its oldest entries",
      {{"stream", stream}, {"group", group}, {"overdue_seconds", absl::ToInt64Seconds(overdue)}});
}

void StreamUpkeep::MeasureBacklog() {
  if (context_->sources.empty()) return;
  std::vector<std::string> keys;
  for (const StreamSource& source : context_->sources) {
    keys.push_back(source.keys.Events(lease_->partition()));
    keys.push_back(source.keys.Positions(lease_->partition()));
  }
  context_->client->Eval(BacklogScript(), std::move(keys), {context_->group()}, kTimeout,
                         [self = shared_from_this()](const absl::StatusOr<redis::Reply>& reply) {
                           const absl::MutexLock lock(&self->mutex_);
                           if (self->closed_) return;
                           for (size_t i = 0; i < self->context_->sources.size(); ++i) {
                             const int64_t backlog =
                                 reply.ok() && i < reply->size() ? (*reply)[i].integer() : -1;
                             if (backlog == kEndLost || backlog == kNoGroup)
                               self->amiss_.store(true);
                             self->context_->metrics->SetBacklog(
                                 static_cast<int>(i), self->lease_->partition(),
                                 backlog >= 0 ? static_cast<double>(backlog)
                                              : std::numeric_limits<double>::quiet_NaN());
                           }
                         });
}

}  // namespace fuju::chassis
