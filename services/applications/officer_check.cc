#include "applications/officer_check.h"

#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

#include "applications/staff_roles.h"
#include "chassis/values/refusal.h"

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

}  // namespace

absl::Status CheckOfficer(const Record& record, const Place& place, const std::string& asked_stage,
                          v1::StageDecision decision, const Rules& rules, const Act& act) {
  const Stage& stage = place.stage();
  if (!asked_stage.empty() && asked_stage != stage.id()) {
    return chassis::Refusal(absl::StatusCode::kAborted, "STAGE_MOVED",
                            absl::StrCat("申请已到“", stage.config.name_zh(), "”环节，请重新读取"),
                            absl::StrCat("the case is in stage ", stage.id(), ": read it again"))
        .With("stage", stage.id())
        .Build();
  }
  if (!Allows(stage, decision)) return StageForbids(stage, decision);
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
  return CheckRelation(record, rules, act);
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
  return CheckRelation(record, rules, act);
}

}  // namespace fuju::applications
