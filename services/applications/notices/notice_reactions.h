#pragma once

#include "applications/notices/notice.h"
#include "applications/notices/text_book.h"
#include "applications/notices/wiring.h"
#include "chassis/streams/reactor.h"

namespace fuju::applications {

// What the facts of applications do to notices: each fact that its applicant hears of makes one
// notice, whose id is the application's with the version that the fact gave it. What is pointed to
// outlives the handlers.
struct NoticePlanner {
  const Wiring::Store* applications;
  const NoticeStore* notices;
  const NoticeTextBook* texts;
  NoticePolicy policy;
};
void AddNoticeReactions(chassis::Reactions& reactions, const NoticePlanner& planner);

}  // namespace fuju::applications
