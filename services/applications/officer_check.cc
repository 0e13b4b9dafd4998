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

absl::Status StageForbids(const Stage& stage, v1::StageDecision decision) {
  std::vector<std::string> legal;
  for (const int allowed : stage.config.decisions()) {
    legal.push_back(NameOfDecision(static_cast<v1::StageDecision>(allowed)));
  }
  return chassis::Refusal(absl::StatusCode::kFailedPrecondition, "STAGE_FORBIDS",
                          absl::StrCat(stage.config.name_zh(), "环节不能作出此决定"),
                          absl::StrCat("the stage ", stage.id(), " does not allow to ",
                                       NameOfDecision(decision)))
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

absl::Status CheckRelation(const Record& record, const Rules& rules, const Act& act) {
  if (!rules.relations.AreRelated(PersonOf(act.actor), record.application())) {
    return absl::OkStatus();
  }
  return chassis::Refusal(absl::StatusCode::kPermissionDenied, "OFFICER_RELATED",
                          "您申报过与申请人或服务机构有关系，本申请须由他人办理",
                          "you declared to be related to the applicant or the vendor: another "
                          "person has to decide")
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

// May the person decide in the stage, whatever it is?
absl::Status CheckPerson(const Record& record, const Stage& stage, const Rules& rules,
                         const Act& act) {
  if (!stage.HasRole(RoleOf(act.actor))) {
    return WrongRole(stage.config.name_zh(), stage.id(), stage.config.roles());
  }
  const absl::string_view person = PersonOf(act.actor);
  for (const v1::StageAct& before : record.application().review().acts()) {
    // After a rejection the case goes on by an appeal only.
    if (PersonOf(before.actor()) == person &&
        (before.decision() == v1::STAGE_DECISION_REJECT ||
         absl::c_linear_search(stage.config.other_officer_than(), before.stage()))) {
      return ActedBefore(stage.config.name_zh(), stage.id(), before.stage());
    }
  }
  if (absl::Status s = CheckRelation(record, rules, act); !s.ok()) return s;
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
                          v1::StageDecision decision, const Rules& rules, const Act& act) {
  const Stage& stage = place.stage();
  if (absl::Status s = CheckStage(asked_stage, stage.id(), stage.config.name_zh()); !s.ok()) {
    return s;
  }
  if (!Allows(stage, decision)) return StageForbids(stage, decision);
  return CheckPerson(record, stage, rules, act);
}

absl::Status CheckAppealOfficer(const Record& record, const AppealRule& rule, const Rules& rules,
                                const Act& act) {
  if (!rule.HasRole(RoleOf(act.actor))) {
    return WrongRole("申诉", "appeal", rule.config.roles());
  }
  for (const v1::StageAct& before : record.application().review().acts()) {
    if (PersonOf(before.actor()) == PersonOf(act.actor)) {
      return ActedBefore("申诉", "appeal", before.stage());
    }
  }
  if (absl::Status s = CheckRelation(record, rules, act); !s.ok()) return s;
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
    return CheckAppealOfficer(record, *place->chain->appeal, rules, act);
  }
  const Stage& stage = place->stage();
  if (absl::Status s = CheckStage(asked_stage, stage.id(), stage.config.name_zh()); !s.ok()) {
    return s;
  }
  return CheckPerson(record, stage, rules, act);
}

}  // namespace fuju::applications
