#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "applications/notices/notice_provider.h"
#include "applications/notices/quiet_hours.h"
#include "chassis/values/decision.h"
#include "fuju/applications/storage/v1/notice_record.pb.h"
#include "fuju/applications/v1/application.pb.h"
#include "fuju/applications/v1/notice.pb.h"

namespace fuju::applications {

// The aggregate: one notice about one fact of an application. It lives in the partition of the
// application's person. Pure.
using NoticeRecord = storage::v1::NoticeRecord;
using NoticeDecision = absl::StatusOr<chassis::Decision<NoticeRecord>>;

// Id of the notice about the fact that gave an application this version: "<application id>.<n>".
std::string NoticeIdOf(absl::string_view application_id, int64_t version);
// "applications/<id>/notices/<n>" <-> its id. NoticeIdFromName does not look at the form: an
// unknown id is not found.
std::string NoticeNameOf(absl::string_view notice_id);
std::string NoticeIdFromName(absl::string_view name);
// Decides the partition: that of the application.
std::string NoticeRouteOf(absl::string_view notice_id);

// Everything that can happen to a notice. The table says in which state.
enum class NoticeMove { kDeliver, kPostpone, kGiveUp, kSuppress, kResend };
struct LegalNoticeMove {
  v1::NoticeState from;
  NoticeMove move;
  v1::NoticeState to;
};
absl::Span<const LegalNoticeMove> LegalNoticeMoves();
absl::string_view NoticeMoveName(NoticeMove move);
bool IsLegal(v1::NoticeState from, NoticeMove move);
// "PENDING": the enum's name without its prefix.
std::string NoticeStateName(v1::NoticeState state);

// How notices are tried. From flags.
struct NoticePolicy {
  QuietHours quiet_hours;
  // Phones can be reached. If not, who would be written or called gets a letter.
  bool reaches_phones = true;
  // What happened longer ago is not told any more. A service that begins to send notices reads its
  // stream from the oldest fact there is.
  absl::Duration oldest_fact = absl::Hours(72);
  // Attempts of a round until it is given up.
  int attempts = 6;
  // After the first failed attempt; four times as long after each further one, up to the longest.
  absl::Duration first_pause = absl::Seconds(30);
  absl::Duration longest_pause = absl::Hours(2);
};

// When a notice may go out on this channel at `time` or later: a letter at any hour.
absl::Time SendTime(v1::ContactChannel channel, absl::Time time, const NoticePolicy& policy);

// The pause after so many failed attempts (1, 2, ...), or what the receiver asked for if that is
// longer; a day at most.
absl::Duration PauseAfter(int failed_attempts, const DeliveryResult& result,
                          const NoticePolicy& policy);

// A fact of the application is to be told: PENDING, or SUPPRESSED for who wants to hear nothing and
// if it happened too long ago.
// `fact` is the application in the fact, `applicant` the one in the store.
struct NoticeToPlan {
  std::string id;
  v1::NoticeKind kind = v1::NOTICE_KIND_UNSPECIFIED;
  const v1::Application& fact;
  absl::Time fact_time;
  const v1::Applicant& applicant;
};
NoticeDecision DecidePlan(const NoticeToPlan& plan, const NoticePolicy& policy, absl::Time now);

// An attempt has ended: SENT, PENDING until the next one, or FAILED. Without effect if the notice
// is no longer PENDING, or in another round.
NoticeDecision DecideAttempted(const NoticeRecord& record, int round, const DeliveryResult& result,
                               const std::string& text_edition, const NoticePolicy& policy,
                               absl::Time now);

// It is due, but late, and the quiet hours have begun: it waits for their end. That is no attempt.
NoticeDecision DecideWait(const NoticeRecord& record, const NoticePolicy& policy, absl::Time now);

// What it says no longer holds: SUPPRESSED.
NoticeDecision DecideOvertaken(const NoticeRecord& record);

// An operator's second chance: FAILED to PENDING, a new round. FAILED_PRECONDITION, STATE_FORBIDS
// in any other state.
NoticeDecision DecideResend(const NoticeRecord& record, const NoticePolicy& policy, absl::Time now);

// The same in each attempt of a round: "<name>#<round>".
std::string IdempotencyKeyOf(const v1::Notice& notice);

// What the store keeps beside a notice: its place in the list of the application; while it waits,
// the timer of its next attempt; while it is FAILED, its place in the county's list.
chassis::Footprint NoticeFootprintOf(absl::string_view id, const NoticeRecord& record);
inline constexpr absl::string_view kSendTimer = "send";
std::string NoticesOfApplication(absl::string_view application_id);
std::string FailedNoticesOf(absl::string_view county_code);

// For answers: with its line for the timeline.
v1::Notice NoticeView(const NoticeRecord& record, std::string etag);

}  // namespace fuju::applications
