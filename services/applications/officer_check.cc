#include "applications/officer_check.h"

#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

#include "applications/desk/desk_place.h"
#include "applications/staff_roles.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"

namespace fuju::applications {
namespace {

// "return": the enum's name without its prefix.
std::string NameOfDecision(v1::StageDecision decision) {
  return absl::AsciiStrToLower(
      absl::StripPrefix(v1::StageDecision_Name(decision), "STAGE_DECISION_"));
}

// A notice is decided on only while an objection holds it: go on, or reject.
bool Allows(const Stage& stage, v1::StageDecision decision) {
  return stage.Allows(decision) || (stage.IsNotice() && decision != v1::STAGE_DECISION_RETURN);
}

absl::Status StageForbids(const Stage& stage, const std::string& deed) {
  std::vector<std::string> legal;
  for (const int allowed : stage.config.decisions()) {
    legal.push_back(NameOfDecision(static_cast<v1::StageDecision>(allowed)));
  }
  return chassis::Refusal(absl::StatusCode::kFailedPrecondition, "STAGE_FORBIDS",
                          absl::StrCat(stage.config.name_zh(), "环节不能作出此决定"),
                          absl::StrCat("the stage ", stage.id(), " does not allow to ", deed))
      .With("stage", stage.id())
      .With("legal_decisions", absl::StrJoin(legal, ", "))
      .Build();
}

template <typename Roles>
absl::Status WrongRole(absl::string_view name_zh, absl::string_view stage, const Roles& roles) {
  std::vector<std::string> zh;
  for (const std::string& role : roles) zh.emplace_back(FindStaffRole(role)->zh);
  const std::string names = absl::StrJoin(roles, ", ");
  return chassis::Refusal(
             absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
             absl::StrCat(name_zh, "由", absl::StrJoin(zh, "、"), "办理，您的角色不能决定"),
             absl::StrCat("the stage ", stage, " is decided by ", names))
      .With("stage", std::string(stage))
      .With("roles", names)
      .Build();
}

absl::Status ActedBefore(absl::string_view name_zh, absl::string_view stage,
                         const std::string& other) {
  return chassis::Refusal(
             absl::StatusCode::kPermissionDenied, "OFFICER_ACTED_BEFORE",
             absl::StrCat("您已在本申请的其他环节作出决定，", name_zh, "须由另一人办理"),
             absl::StrCat("you decided in stage ", other, " of this case: stage ", stage,
                          " needs another person"))
      .With("stage", other)
      .Build();
}

absl::Status CheckStage(const std::string& asked_stage, absl::string_view stage,
                        absl::string_view name_zh) {
  if (asked_stage.empty() || asked_stage == stage) return absl::OkStatus();
  return chassis::Refusal(absl::StatusCode::kAborted, "STAGE_MOVED",
                          absl::StrCat("申请已到“", name_zh, "”环节，请重新读取"),
                          absl::StrCat("the case is in stage ", stage, ": read it again"))
      .With("stage", std::string(stage))
      .Build();
}

absl::Status CheckStage(const std::string& asked_stage, const Stage& stage) {
  return CheckStage(asked_stage, stage.id(), stage.config.name_zh());
}

// The act was in a stage for which `place` wants another officer. What was decided for another
// county counts by what its stage was for.
bool NeedsAnother(const Place& place, const v1::StageAct& before, absl::string_view county) {
  const auto& others = place.stage().config.other_officer_than();
  if (before.county_code().empty() || before.county_code() == county) {
    return absl::c_linear_search(others, before.stage());
  }
  return absl::c_any_of(place.chain->stages, [&](const Stage& stage) {
    return stage.config.kind() == before.kind() && absl::c_linear_search(others, stage.id());
  });
}

// May the person decide in the stage, whatever it is?
absl::Status CheckPerson(const Record& record, const Place& place, const Act& act) {
  const Stage& stage = place.stage();
  if (!stage.HasRole(RoleOf(act.actor))) {
    return WrongRole(stage.config.name_zh(), stage.id(), stage.config.roles());
  }
  const v1::Application& application = record.application();
  for (const v1::StageAct& before : application.review().acts()) {
    if (PersonOf(before.actor()) != PersonOf(act.actor)) continue;
    // After a rejection the case goes on by an appeal only.
    if (before.decision() == v1::STAGE_DECISION_REJECT ||
        NeedsAnother(place, before, application.county_code())) {
      return ActedBefore(stage.config.name_zh(), stage.id(), before.stage());
    }
  }
  return CheckUnclaimed(record, act);
}

}  // namespace

absl::Status CheckUnclaimed(const Record& record, const Act& act) {
  const v1::CaseClaim* claim = RunningClaim(record, act.now);
  if (claim == nullptr || PersonOf(claim->officer()) == PersonOf(act.actor)) {
    return absl::OkStatus();
  }
  const absl::Time end = chassis::ToTime(claim->end_time());
  const Text until = MomentText(end);
  return chassis::Refusal(absl::StatusCode::kFailedPrecondition, "CASE_CLAIMED",
                          absl::StrCat("本申请正由 ", claim->officer(), " 办理，至", until.zh,
                                       "止；请等其办结或退回"),
                          absl::StrCat(claim->officer(), " works on this case until ", until.en,
                                       ": wait for the decision, or until it is given back"))
      .With("officer", claim->officer())
      .With("end_time", absl::FormatTime(absl::RFC3339_full, end, absl::UTCTimeZone()))
      .Build();
}

absl::Status CheckOfficer(const Record& record, const Place& place, const std::string& asked_stage,
                          v1::StageDecision decision, const Act& act) {
  if (absl::Status s = CheckStage(asked_stage, place.stage()); !s.ok()) return s;
  if (!Allows(place.stage(), decision)) {
    return StageForbids(place.stage(), NameOfDecision(decision));
  }
  return CheckPerson(record, place, act);
}

absl::Status CheckPriceOfficer(const Record& record, const Place& place,
                               const std::string& asked_stage, const Act& act) {
  if (absl::Status s = CheckStage(asked_stage, place.stage()); !s.ok()) return s;
  if (place.stage().config.kind() != v1::STAGE_KIND_PRICE) {
    return StageForbids(place.stage(), "fix the price");
  }
  return CheckPerson(record, place, act);
}

absl::Status CheckAppealOfficer(const Record& record, const AppealRule& rule, const Act& act) {
  if (!rule.HasRole(RoleOf(act.actor))) {
    return WrongRole("申诉", "appeal", rule.config.roles());
  }
  for (const v1::StageAct& before : record.application().review().acts()) {
    if (PersonOf(before.actor()) == PersonOf(act.actor)) {
      return ActedBefore("申诉", "appeal", before.stage());
    }
  }
  return CheckUnclaimed(record, act);
}

absl::Status CheckAnyDecision(const Record& record, const std::string& asked_stage,
                              const Rules& rules, const Act& act) {
  const absl::StatusOr<Place> place = PlaceOf(record, rules);
  if (!place.ok()) return place.status();
  if (record.application().state() == v1::APPLICATION_STATE_APPEALED) {
    if (absl::Status s = CheckStage(asked_stage, kAppealStage, "申诉"); !s.ok()) return s;
    // A case is appealed only where its chain has an appeal, and a version never changes.
    if (!place->chain->appeal.has_value()) {
      return absl::InternalError(absl::StrCat("chain ", place->chain->id, " has no appeal"));
    }
    return CheckAppealOfficer(record, *place->chain->appeal, act);
  }
  if (absl::Status s = CheckStage(asked_stage, place->stage()); !s.ok()) return s;
  return CheckPerson(record, *place, act);
}

absl::Status OfficerRelated() {
  return chassis::Refusal(absl::StatusCode::kPermissionDenied, "OFFICER_RELATED",
                          "已申报您与申请人有关系，本申请须由他人办理",
                          "you are declared to be related to the applicant: another person has to "
                          "decide")
      .Build();
}

}  // namespace fuju::applications
