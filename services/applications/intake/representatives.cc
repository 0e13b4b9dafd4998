#include "applications/intake/representatives.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "applications/intake/field_complaints.h"
#include "applications/staff_roles.h"
#include "chassis/values/refusal.h"
#include "vocabulary/invalid_value.h"
#include "vocabulary/person_name.h"
#include "vocabulary/phone.h"

namespace fuju::applications {
namespace {

Text RelationText(v1::Relation relation, absl::string_view actor) {
  switch (relation) {
    case v1::RELATION_GUARDIAN:
      return {"监护人", "the guardian"};
    case v1::RELATION_AGENT:
      return {"受托人", "the entrusted agent"};
    case v1::RELATION_OFFICER: {
      const StaffRole* role = FindStaffRole(RoleOf(actor));
      if (role == nullptr) return {"工作人员", "an officer"};
      return {std::string(role->zh), absl::StrCat("the ", role->en)};
    }
    default:
      return {"本人", "the applicant"};
  }
}

Text ChannelText(v1::ActChannel channel) {
  switch (channel) {
    case v1::ACT_CHANNEL_PHONE:
      return {"电话", "by phone"};
    case v1::ACT_CHANNEL_PAPER:
      return {"纸质申请表", "on paper"};
    case v1::ACT_CHANNEL_COUNTER:
      return {"窗口", "at the counter"};
    case v1::ACT_CHANNEL_HOME_VISIT:
      return {"上门", "at home"};
    default:
      return {"网上", "online"};
  }
}

void NormaliseOne(v1::Representative& representative, const std::string& path,
                  const Complain& complain) {
  const auto name = vocabulary::PersonName::Parse(representative.name());
  if (name.ok()) {
    representative.set_name(name->text());
  } else {
    complain(absl::StrCat(path, "name"), name.status());
  }
  if (!representative.phone().empty()) {
    const auto phone = vocabulary::Phone::Parse(representative.phone());
    if (phone.ok()) {
      representative.set_phone(phone->text());
    } else {
      complain(absl::StrCat(path, "phone"), phone.status());
    }
  }
  if (representative.relation() != v1::RELATION_OFFICER && representative.basis().empty()) {
    complain(absl::StrCat(path, "basis"),
             vocabulary::InvalidValue("请写明监护关系或委托书",
                                      "say what it rests on: the kinship, or the entrustment"));
  }
}

v1::Representative* FindRepresentative(v1::Applicant& applicant, v1::Relation relation) {
  for (v1::Representative& representative : *applicant.mutable_representatives()) {
    if (representative.relation() == relation) return &representative;
  }
  return nullptr;
}

absl::Status CheckHelper(const v1::Acting& acting, v1::Representative& helper) {
  chassis::Refusal refusal = chassis::InvalidFields();
  if (helper.relation() != acting.relation()) {
    refusal.Field("acting.helper.relation", "应与acting.relation相同",
                  "must be the same as acting.relation");
  }
  NormaliseOne(helper, "acting.helper.",
               [&refusal](absl::string_view path, const absl::Status& why) {
                 AddComplaint(refusal, path, why);
               });
  if (refusal.has_fields()) return refusal;
  return absl::OkStatus();
}

absl::Status CheckOfficerMayHelp(const IntakeBook& book, const Act& act) {
  if (book.MayHelp(RoleOf(act.actor))) return absl::OkStatus();
  const std::string roles = absl::StrJoin(book.rules().officer_roles(), ", ");
  return chassis::Refusal(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
                          "您的角色不能为申请人代办",
                          absl::StrCat("an officer who helps is one of: ", roles))
      .With("roles", roles)
      .Build();
}

absl::Status NotARepresentative(const Text& relation) {
  return chassis::Refusal(
             absl::StatusCode::kFailedPrecondition, "NOT_A_REPRESENTATIVE",
             absl::StrCat("本申请没有登记", relation.zh, "，请先登记，或在acting.helper中写明"),
             absl::StrCat("the case knows nobody as ", relation.en, ": name who it is in helper"))
      .Build();
}

}  // namespace

void NormaliseRepresentatives(v1::Applicant& applicant, const Complain& complain) {
  std::set<int> seen;
  for (int i = 0; i < applicant.representatives_size(); ++i) {
    v1::Representative& representative = *applicant.mutable_representatives(i);
    const std::string path = absl::StrCat("representatives[", i, "].");
    NormaliseOne(representative, path, complain);
    if (!seen.insert(representative.relation()).second) {
      complain(absl::StrCat(path, "relation"),
               vocabulary::InvalidValue("这种关系前面已有一人，请只留一人",
                                        "one of this relation stands before already: keep one"));
    }
  }
}

void MaskRepresentatives(v1::Applicant& applicant) {
  for (v1::Representative& representative : *applicant.mutable_representatives()) {
    representative.set_name(vocabulary::MaskPersonName(representative.name()));
    if (!representative.phone().empty()) {
      representative.set_phone(vocabulary::MaskPhone(representative.phone()));
    }
  }
}

absl::Status ApplyActing(const v1::Acting& acting, const IntakeBook& book, Record& record,
                         Act& act) {
  act.acted_for.set_relation(acting.relation());
  act.acted_for.set_channel(acting.channel());
  if (acting.relation() == v1::RELATION_UNSPECIFIED) {
    if (!acting.has_helper()) return absl::OkStatus();
    return chassis::InvalidFields()
        .Field("acting.relation", "请写明代办人与申请人的关系，或去掉代办人",
               "say what the helper is to the applicant, or leave the helper out")
        .Build();
  }
  if (acting.relation() == v1::RELATION_OFFICER) {
    if (absl::Status s = CheckOfficerMayHelp(book, act); !s.ok()) return s;
  }
  v1::Applicant& applicant = *record.mutable_application()->mutable_applicant();
  v1::Representative* known = FindRepresentative(applicant, acting.relation());
  if (acting.has_helper()) {
    v1::Representative helper = acting.helper();
    if (absl::Status s = CheckHelper(acting, helper); !s.ok()) return s;
    if (known == nullptr) known = applicant.add_representatives();
    *known = std::move(helper);
  }
  if (known != nullptr) {
    act.helper_name = known->name();
  } else if (acting.relation() != v1::RELATION_OFFICER) {
    return NotARepresentative(RelationText(acting.relation(), act.actor));
  }
  return absl::OkStatus();
}

Result DecideAs(const v1::Acting& acting, const IntakeBook& book, const Record& record,
                const Act& act, absl::FunctionRef<Result(const Record&, const Act&)> decide) {
  Record known = record;
  Act done = act;
  if (absl::Status s = ApplyActing(acting, book, known, done); !s.ok()) return s;
  return decide(known, done);
}

Text HelpText(const v1::ActedFor& acted_for, absl::string_view actor,
              const std::string& helper_name) {
  const Text who = RelationText(acted_for.relation(), actor);
  const Text how = ChannelText(acted_for.channel());
  if (acted_for.relation() == v1::RELATION_UNSPECIFIED) {
    if (acted_for.channel() == v1::ACT_CHANNEL_UNSPECIFIED) return {};
    return {absl::StrCat("（", who.zh, "办理，", how.zh, "）"),
            absl::StrCat(" (Done by ", who.en, ", ", how.en, ".)")};
  }
  const std::string name = helper_name.empty() ? "" : vocabulary::MaskPersonName(helper_name);
  return {absl::StrCat("（由", who.zh, name, "代办，", how.zh, "）"),
          absl::StrCat(" (Done for the applicant by ", who.en, name.empty() ? "" : " ", name, ", ",
                       how.en, ".)")};
}

}  // namespace fuju::applications
