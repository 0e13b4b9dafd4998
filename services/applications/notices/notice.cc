#include "applications/notices/notice.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

#include "applications/application.h"
#include "applications/contact_preference.h"
#include "applications/notices/notice_kinds.h"
#include "applications/notices/notice_values.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/notice_events.pb.h"

namespace fuju::applications {
namespace {

using chassis::Decision;

constexpr size_t kStatePrefix = sizeof("NOTICE_STATE_") - 1;
constexpr absl::string_view kCollection = "/notices/";
constexpr int kPauseGrowth = 4;
constexpr absl::Duration kLongestRetryAfter = absl::Hours(24);

constexpr LegalNoticeMove kMoves[] = {
    {v1::NOTICE_STATE_PENDING, NoticeMove::kDeliver, v1::NOTICE_STATE_SENT},
    {v1::NOTICE_STATE_PENDING, NoticeMove::kPostpone, v1::NOTICE_STATE_PENDING},
    {v1::NOTICE_STATE_PENDING, NoticeMove::kGiveUp, v1::NOTICE_STATE_FAILED},
    {v1::NOTICE_STATE_PENDING, NoticeMove::kSuppress, v1::NOTICE_STATE_SUPPRESSED},
    {v1::NOTICE_STATE_FAILED, NoticeMove::kResend, v1::NOTICE_STATE_PENDING},
};

// The notice after a move of the table.
template <typename FactMessage>
NoticeDecision Publish(NoticeRecord record) {
  FactMessage fact;
  *fact.mutable_notice() = record.notice();
  Decision<NoticeRecord> decision;
  decision.next = std::move(record);
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

void Enter(v1::Notice& notice, v1::NoticeState state, std::string reason) {
  notice.set_state(state);
  notice.set_reason(std::move(reason));
  notice.clear_due_time();
}

void WaitUntil(v1::Notice& notice, absl::Time due, const NoticePolicy& policy) {
  notice.set_state(v1::NOTICE_STATE_PENDING);
  *notice.mutable_due_time() = chassis::ToTimestamp(SendTime(notice.channel(), due, policy));
}

v1::ContactChannel ChannelOf(const v1::Applicant& applicant, const NoticePolicy& policy) {
  const v1::ContactChannel channel = ChannelFor(applicant);
  if (channel == v1::CONTACT_CHANNEL_NONE || policy.reaches_phones) return channel;
  return v1::CONTACT_CHANNEL_LETTER;
}

Text ChannelText(v1::ContactChannel channel) {
  switch (channel) {
    case v1::CONTACT_CHANNEL_SMS:
      return {"短信", "text message"};
    case v1::CONTACT_CHANNEL_VOICE_CALL:
      return {"语音电话", "voice call"};
    case v1::CONTACT_CHANNEL_LETTER:
      return {"信件", "letter"};
    case v1::CONTACT_CHANNEL_HELPER:
      return {"帮助人短信", "text message to the helper"};
    default:
      return {"通知", "notice"};
  }
}

Text LineOf(const v1::Notice& notice) {
  const Text channel = ChannelText(notice.channel());
  const Text title = NoticeTitle(notice.kind());
  const auto line = [&title](const std::string& zh, const std::string& en) {
    return Text{absl::StrCat(zh, "：", title.zh), absl::StrCat(en, ": ", title.en)};
  };
  switch (notice.state()) {
    case v1::NOTICE_STATE_PENDING: {
      const Text due = VisitText(chassis::ToTime(notice.due_time()));
      return line(absl::StrCat(channel.zh, "将在", due.zh, "发出"),
                  absl::StrCat(channel.en, " goes out at ", due.en));
    }
    case v1::NOTICE_STATE_SENT: {
      const Text sent = VisitText(chassis::ToTime(notice.send_time()));
      return line(absl::StrCat(channel.zh, "已在", sent.zh, "发出"),
                  absl::StrCat(channel.en, " went out at ", sent.en));
    }
    case v1::NOTICE_STATE_FAILED:
      return line(absl::StrCat(channel.zh, "没有发出，等待处理"),
                  absl::StrCat(channel.en, " could not be delivered"));
    default:
      return line("没有通知", "nothing was sent");
  }
}

}  // namespace

std::string NoticeIdOf(absl::string_view application_id, int64_t version) {
  return absl::StrCat(application_id, ".", version);
}

std::string NoticeNameOf(absl::string_view notice_id) {
  const size_t dot = std::min(notice_id.rfind('.'), notice_id.size());
  const absl::string_view number = absl::StripPrefix(notice_id.substr(dot), ".");
  return absl::StrCat(NameOf(notice_id.substr(0, dot)), kCollection, number);
}

std::string NoticeIdFromName(absl::string_view name) {
  return absl::StrReplaceAll(IdOf(name), {{kCollection, "."}});
}

std::string NoticeRouteOf(absl::string_view notice_id) {
  return RouteOf(notice_id.substr(0, std::min(notice_id.rfind('.'), notice_id.size())));
}

absl::Span<const LegalNoticeMove> LegalNoticeMoves() { return kMoves; }

absl::string_view NoticeMoveName(NoticeMove move) {
  switch (move) {
    case NoticeMove::kDeliver:
      return "deliver";
    case NoticeMove::kPostpone:
      return "postpone";
    case NoticeMove::kGiveUp:
      return "give_up";
    case NoticeMove::kSuppress:
      return "suppress";
    case NoticeMove::kResend:
      return "resend";
  }
  return "";
}

bool IsLegal(v1::NoticeState from, NoticeMove move) {
  return absl::c_any_of(kMoves, [from, move](const LegalNoticeMove& legal) {
    return legal.from == from && legal.move == move;
  });
}

std::string NoticeStateName(v1::NoticeState state) {
  return v1::NoticeState_Name(state).substr(kStatePrefix);
}

absl::Time SendTime(v1::ContactChannel channel, absl::Time time, const NoticePolicy& policy) {
  return channel == v1::CONTACT_CHANNEL_LETTER ? time : policy.quiet_hours.NextLoud(time);
}

absl::Duration PauseAfter(int failed_attempts, const DeliveryResult& result,
                          const NoticePolicy& policy) {
  absl::Duration pause = policy.first_pause;
  for (int i = 1; i < failed_attempts && pause < policy.longest_pause; ++i) pause *= kPauseGrowth;
  pause = std::min(pause, policy.longest_pause);
  if (!result.retry_after.has_value()) return pause;
  return std::max(pause, std::min(*result.retry_after, kLongestRetryAfter));
}

NoticeDecision DecidePlan(const NoticeToPlan& plan, const NoticePolicy& policy, absl::Time now) {
  NoticeRecord record;
  v1::Notice& notice = *record.mutable_notice();
  notice.set_name(NoticeNameOf(plan.id));
  notice.set_application(plan.fact.name());
  notice.set_county_code(plan.fact.county_code());
  notice.set_kind(plan.kind);
  notice.set_channel(ChannelOf(plan.applicant, policy));
  notice.set_timeline_sequence(plan.fact.timeline_size());
  *notice.mutable_create_time() = chassis::ToTimestamp(now);
  if (notice.channel() == v1::CONTACT_CHANNEL_NONE) {
    Enter(notice, v1::NOTICE_STATE_SUPPRESSED, "NOT_WANTED");
    return Publish<v1::NoticeSuppressed>(std::move(record));
  }
  if (now - plan.fact_time > policy.oldest_fact) {
    Enter(notice, v1::NOTICE_STATE_SUPPRESSED, "TOO_OLD");
    return Publish<v1::NoticeSuppressed>(std::move(record));
  }
  for (storage::v1::NoticeValue& value : CaseValues(plan.kind, plan.fact)) {
    *record.add_values() = std::move(value);
  }
  WaitUntil(notice, now, policy);
  return Publish<v1::NoticePlanned>(std::move(record));
}

NoticeDecision DecideAttempted(const NoticeRecord& record, int round, const DeliveryResult& result,
                               const std::string& text_edition, const NoticePolicy& policy,
                               absl::Time now) {
  if (record.notice().state() != v1::NOTICE_STATE_PENDING || record.notice().resends() != round) {
    return Decision<NoticeRecord>::Unchanged();
  }
  NoticeRecord next = record;
  v1::Notice& notice = *next.mutable_notice();
  if (result.kind == DeliveryResult::Kind::kDelivered) {
    Enter(notice, v1::NOTICE_STATE_SENT, "");
    *notice.mutable_send_time() = chassis::ToTimestamp(now);
    notice.set_text_edition(text_edition);
    // Nobody needs what the text was made of any more.
    next.clear_values();
    return Publish<v1::NoticeSent>(std::move(next));
  }
  notice.set_failed_attempts(notice.failed_attempts() + 1);
  if (result.kind == DeliveryResult::Kind::kRefused ||
      notice.failed_attempts() >= policy.attempts) {
    Enter(notice, v1::NOTICE_STATE_FAILED, result.reason);
    return Publish<v1::NoticeFailed>(std::move(next));
  }
  notice.set_reason(result.reason);
  WaitUntil(notice, now + PauseAfter(notice.failed_attempts(), result, policy), policy);
  return Publish<v1::NoticePostponed>(std::move(next));
}

NoticeDecision DecideWait(const NoticeRecord& record, const NoticePolicy& policy, absl::Time now) {
  if (!IsLegal(record.notice().state(), NoticeMove::kPostpone) ||
      SendTime(record.notice().channel(), now, policy) == now) {
    return Decision<NoticeRecord>::Unchanged();
  }
  NoticeRecord next = record;
  next.mutable_notice()->set_reason("QUIET_HOURS");
  WaitUntil(*next.mutable_notice(), now, policy);
  return Publish<v1::NoticePostponed>(std::move(next));
}

NoticeDecision DecideOvertaken(const NoticeRecord& record) {
  if (!IsLegal(record.notice().state(), NoticeMove::kSuppress)) {
    return Decision<NoticeRecord>::Unchanged();
  }
  NoticeRecord next = record;
  Enter(*next.mutable_notice(), v1::NOTICE_STATE_SUPPRESSED, "OVERTAKEN");
  next.clear_values();
  return Publish<v1::NoticeSuppressed>(std::move(next));
}

NoticeDecision DecideResend(const NoticeRecord& record, const NoticePolicy& policy,
                            absl::Time now) {
  const v1::NoticeState state = record.notice().state();
  if (!IsLegal(state, NoticeMove::kResend)) {
    return chassis::StateForbids(record.notice().name(),
                                 std::string(NoticeMoveName(NoticeMove::kResend)),
                                 NoticeStateName(state), {});
  }
  NoticeRecord next = record;
  v1::Notice& notice = *next.mutable_notice();
  notice.set_resends(notice.resends() + 1);
  notice.set_failed_attempts(0);
  WaitUntil(notice, now, policy);
  return Publish<v1::NoticeResent>(std::move(next));
}

std::string IdempotencyKeyOf(const v1::Notice& notice) {
  return absl::StrCat(notice.name(), "#", notice.resends());
}

chassis::Footprint NoticeFootprintOf(absl::string_view id, const NoticeRecord& record) {
  chassis::Footprint footprint;
  const v1::Notice& notice = record.notice();
  // A store asks for the footprint of a notice that does not exist yet, too.
  if (notice.state() == v1::NOTICE_STATE_UNSPECIFIED) return footprint;
  // One entry of the timeline has one notice at most.
  footprint.index.push_back({NoticesOfApplication(IdOf(notice.application())), std::string(id),
                             notice.timeline_sequence()});
  if (notice.state() == v1::NOTICE_STATE_PENDING) {
    footprint.timers.push_back({std::string(kSendTimer), chassis::ToTime(notice.due_time())});
  }
  if (notice.state() == v1::NOTICE_STATE_FAILED) {
    footprint.index.push_back({FailedNoticesOf(notice.county_code()), std::string(id),
                               chassis::ToMillis(notice.create_time())});
  }
  return footprint;
}

std::string NoticesOfApplication(absl::string_view application_id) {
  return absl::StrCat("notices:", application_id);
}

std::string FailedNoticesOf(absl::string_view county_code) {
  return absl::StrCat("failed_notices:", county_code);
}

v1::Notice NoticeView(const NoticeRecord& record, std::string etag) {
  v1::Notice view = record.notice();
  view.set_etag(std::move(etag));
  const Text line = LineOf(view);
  view.set_text_zh(line.zh);
  view.set_text_en(line.en);
  return view;
}

}  // namespace fuju::applications
