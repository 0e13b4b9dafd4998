#pragma once

#include <string>

#include "absl/strings/string_view.h"

#include "applications/application.h"
#include "fuju/applications/v1/public_notice.pb.h"

namespace fuju::applications {

// "publicNotices/<id>" <-> the id of the application.
std::string PublicNoticeNameOf(absl::string_view id);
std::string IdOfNotice(absl::string_view name);

// The case is public now.
bool IsPublic(const Record& record);

// What everybody may see of the case. `area` is its county in words.
v1::PublicNotice NoticeView(const Record& record, std::string area, std::string objection_phone);

// Somebody objects: the case is held until it is cleared up. `objection` has reason and contact;
// they are kept apart from the timeline, which the applicant reads. An objection to a case that is
// held for another one is added to it. FAILED_PRECONDITION, OBJECTIONS_FULL from the 20th on.
Result DecideObject(const Record& record, const v1::Objection& objection, const Rules& rules,
                    const Act& act);

}  // namespace fuju::applications
