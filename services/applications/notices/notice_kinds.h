#pragma once

#include <string>
#include <vector>

#include "applications/timeline_texts.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "fuju/applications/v1/notice.pb.h"
#include "fuju/applications/v1/review_events.pb.h"
#include "fuju/applications/v1/transfer_events.pb.h"

namespace fuju::applications {

// What notices tell of. Pure.

// All kinds but UNSPECIFIED.
std::vector<v1::NoticeKind> AllNoticeKinds();

// "VISIT_BOOKED": the enum's name without its prefix, as in notices.json.
std::string NoticeKindName(v1::NoticeKind kind);

// "预约上门时间", for lists.
Text NoticeTitle(v1::NoticeKind kind);

// What the applicant hears of a fact; UNSPECIFIED: nothing. Only the public state in the fact
// counts, so that a repeat of the fact leads to the same notice.
v1::NoticeKind NoticeKindOf(const v1::ApplicationSubmitted& fact);
v1::NoticeKind NoticeKindOf(const v1::ApplicationReviewStarted& fact);
v1::NoticeKind NoticeKindOf(const v1::ApplicationReturned& fact);
v1::NoticeKind NoticeKindOf(const v1::ApplicationSupplemented& fact);
v1::NoticeKind NoticeKindOf(const v1::ApplicationApproved& fact);
v1::NoticeKind NoticeKindOf(const v1::ApplicationProgressed& fact);
v1::NoticeKind NoticeKindOf(const v1::ApplicationDeadlineMissed& fact);
v1::NoticeKind NoticeKindOf(const v1::WithdrawalRequested& fact);
v1::NoticeKind NoticeKindOf(const v1::ApplicationAccepted& fact);
v1::NoticeKind NoticeKindOf(const v1::ApplicationSettled& fact);
v1::NoticeKind NoticeKindOf(const v1::FollowUpRequested& fact);
v1::NoticeKind NoticeKindOf(const v1::ApplicationClosed& fact);
v1::NoticeKind NoticeKindOf(const v1::ApplicationEnded& fact);
// Of a case on its way through its chain.
v1::NoticeKind NoticeKindOf(const v1::ApplicationStagePassed& fact);
v1::NoticeKind NoticeKindOf(const v1::ApplicationHeld& fact);
v1::NoticeKind NoticeKindOf(const v1::ObjectionFiled& fact);
v1::NoticeKind NoticeKindOf(const v1::ApplicationResumed& fact);
v1::NoticeKind NoticeKindOf(const v1::ApplicationAppealed& fact);
v1::NoticeKind NoticeKindOf(const v1::ApplicationReopened& fact);
// Of a case that moves to another county, or gets another price.
v1::NoticeKind NoticeKindOf(const v1::TransferRequested& fact);
v1::NoticeKind NoticeKindOf(const v1::ApplicationTransferred& fact);
v1::NoticeKind NoticeKindOf(const v1::ApplicationRepriced& fact);

// The notice would mislead now that the application is further: it names a visit that is no longer
// booked, or asks for what was done since.
bool IsOvertaken(v1::NoticeKind kind, int timeline_sequence, const v1::Application& now);

}  // namespace fuju::applications
