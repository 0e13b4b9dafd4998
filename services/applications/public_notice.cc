#include "applications/public_notice.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "applications/course.h"
#include "applications/review_decisions.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/review_events.pb.h"
#include "vocabulary/person_name.h"

namespace fuju::applications {
namespace {

constexpr absl::string_view kCollection = "publicNotices/";
// Enough to know what is said; everybody may add to a state that is stored.
constexpr int kMostObjections = 20;
// Of vocabulary/review_reason.h.
constexpr absl::string_view kUnderVerification = "UNDER_VERIFICATION";

absl::Status ObjectionsFull() {
  return chassis::Refusal(absl::StatusCode::kFailedPrecondition, "OBJECTIONS_FULL",
                          "本申请已收到多份异议，正在核实；如有新情况请电话反映",
                          "this case has many objections that are being cleared up; please call "
                          "with what is new")
      .Build();
}

void Keep(Change& change, const v1::Objection& objection) {
  v1::Objection* kept = change.record().add_objections();
  *kept = objection;
  kept->set_sequence(change.record().objections_size());
  kept->set_actor(change.act().actor);
  *kept->mutable_time() = chassis::ToTimestamp(change.act().now);
}

}  // namespace

std::string PublicNoticeNameOf(absl::string_view id) { return absl::StrCat(kCollection, id); }

std::string IdOfNotice(absl::string_view name) {
  return std::string(absl::StripPrefix(name, kCollection));
}

bool IsPublic(const Record& record) {
  return record.application().state() == v1::APPLICATION_STATE_PUBLIC_NOTICE;
}

v1::PublicNotice NoticeView(const Record& record, std::string area, std::string objection_phone) {
  const v1::Application& application = record.application();
  v1::PublicNotice notice;
  notice.set_name(PublicNoticeNameOf(IdOf(application.name())));
  notice.set_person_name(vocabulary::MaskPersonName(application.applicant().name()));
  notice.set_county_code(application.county_code());
  notice.set_area_zh(std::move(area));
  notice.set_item_code(application.request().item_code());
  notice.set_device_division(application.request().device_division());
  notice.set_subsidy_fen(application.subsidy().subsidy_fen());
  *notice.mutable_end_time() = application.holder().due_time();
  notice.set_end_text_zh(application.holder().due_text_zh());
  notice.set_end_text_en(application.holder().due_text_en());
  notice.set_objection_phone(std::move(objection_phone));
  return notice;
}

Result DecideObject(const Record& record, const v1::Objection& objection, const Rules& rules,
                    const Act& act) {
  if (!IsLegal(record.application().state(), Move::kObject)) {
    return Forbidden(record, Move::kObject);
  }
  const absl::StatusOr<Place> place = PlaceOf(record, rules);
  if (!place.ok()) return place.status();
  // Held in a stage that is not public.
  if (!place->stage().IsNotice()) {
    return chassis::NotFound(PublicNoticeNameOf(IdOf(record.application().name())));
  }
  if (record.objections_size() >= kMostObjections) return ObjectionsFull();
  Change change(record, Move::kObject, act);
  Keep(change, objection);
  if (!IsPublic(record)) {
    change.Tell(Line::kObjectedAgain);
    return change.Publish<v1::ObjectionFiled>();
  }
  const Limit& limit = place->chain->hold;
  const absl::StatusOr<Deadline> due = DeadlineOf(limit, act.now, rules.calendar);
  if (!due.ok()) return due.status();
  if (absl::Status s = LeaveForAWhile(change, *place, v1::CLOCK_PAUSE_HOLD, limit, rules);
      !s.ok()) {
    return s;
  }
  SetOutcome(change, {std::string(kUnderVerification)},
             ReasonTexts({std::string(kUnderVerification)}), "");
  change.Enter(v1::APPLICATION_STATE_ON_HOLD,
               Holding{place->stage().config.roles(0), place->stage().holder()}, *due);
  change.RunTimer(kHoldTimer, due->at);
  change.Tell(Line::kObjected, {due->text});
  return change.Publish<v1::ObjectionFiled>();
}

}  // namespace fuju::applications
