#include "applications/chain_check.h"

#include <optional>
#include <set>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "applications/staff_roles.h"

namespace fuju::applications {
namespace {

constexpr int kMostStages = 12;
constexpr size_t kLongestId = 40;

bool IsId(absl::string_view id, char joint) {
  if (id.empty() || id.size() > kLongestId || !absl::ascii_islower(id[0])) return false;
  return absl::c_all_of(id, [joint](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == joint;
  });
}

std::string KnownRoles() {
  return absl::StrJoin(StaffRoles(), ", ", [](std::string* out, const StaffRole& role) {
    absl::StrAppend(out, role.name);
  });
}

class Checker {
 public:
  Checker(const v1::Chain& chain, const Limits& defaults) : chain_(chain), defaults_(defaults) {}

  std::vector<ConfigProblem> Run() {
    CheckHead();
    for (int i = 0; i < chain_.stages_size(); ++i) CheckStage(i);
    CheckOrder();
    CheckLimitOfHold();
    if (chain_.has_appeal()) CheckAppeal();
    return std::move(problems_);
  }

 private:
  void Complain(std::string place, std::string text) {
    problems_.push_back({std::move(place), std::move(text)});
  }

  void RequireWords(const std::string& place, absl::string_view words) {
    if (absl::StripAsciiWhitespace(words).empty()) {
      Complain(place, "is missing: people read it");
    }
  }

  // The limit that stands there, if it can be read.
  std::optional<Limit> ReadLimit(const std::string& place, const std::string& text) {
    absl::StatusOr<Limit> limit = Limit::Parse(text);
    if (limit.ok()) return *limit;
    Complain(place, std::string(limit.status().message()));
    return std::nullopt;
  }

  void CheckHead() {
    if (!IsId(chain_.id(), '-')) {
      Complain("id", "must be a small letter, then small letters, digits and '-', 40 at most");
    }
    if (chain_.version() < 1) Complain("version", "must be 1 or more");
    RequireWords("titleZh", chain_.title_zh());
    RequireWords("titleEn", chain_.title_en());
    if (chain_.sources().empty()) {
      Complain("sources", "is empty: say where order and limits come from, or that they are ours");
    }
    if (chain_.stages_size() < 1 || chain_.stages_size() > kMostStages) {
      Complain("stages", absl::StrCat("must be 1 to ", kMostStages, " stages"));
    }
    if (!chain_.supplement_limit().empty()) {
      ReadLimit("supplementLimit", chain_.supplement_limit());
    }
  }

  void CheckStage(int index) {
    const v1::Stage& stage = chain_.stages(index);
    const std::string place = absl::StrCat("stages[", index, "]");
    const bool notice = stage.kind() == v1::STAGE_KIND_PUBLIC_NOTICE;
    if (!IsId(stage.id(), '_')) {
      Complain(absl::StrCat(place, ".id"),
               "must be a small letter, then small letters, digits and '_', 40 at most");
    }
    for (int i = 0; i < index; ++i) {
      if (chain_.stages(i).id() != stage.id()) continue;
      Complain(absl::StrCat(place, ".id"),
               absl::StrCat("is that of stages[", i, "] too: give each stage its own"));
    }
    if (stage.kind() == v1::STAGE_KIND_UNSPECIFIED) {
      Complain(absl::StrCat(place, ".kind"), "is missing: say what the stage is for");
    }
    RequireWords(absl::StrCat(place, ".nameZh"), stage.name_zh());
    RequireWords(absl::StrCat(place, ".nameEn"), stage.name_en());
    RequireWords(absl::StrCat(place, ".holderZh"), stage.holder_zh());
    RequireWords(absl::StrCat(place, ".holderEn"), stage.holder_en());
    CheckRoles(absl::StrCat(place, ".roles"), stage.roles());
    CheckDecisions(place, stage, notice);
    CheckPauses(place, stage, notice);
    CheckOtherOfficers(index, place);
    if (stage.condition() == v1::STAGE_CONDITION_ITEM_NEEDS_ASSESSMENT &&
        stage.kind() != v1::STAGE_KIND_ASSESSMENT) {
      Complain(absl::StrCat(place, ".condition"),
               "is for an assessment: no other stage depends on the item");
    }
    const std::optional<Limit> limit =
        stage.limit().empty() ? defaults_.review
                              : ReadLimit(absl::StrCat(place, ".limit"), stage.limit());
    if (limit.has_value()) CheckUnit(absl::StrCat(place, ".limit"), *limit);
    CheckEscalations(place, stage, notice, limit);
  }

  template <typename Roles>
  void CheckRoles(const std::string& place, const Roles& roles) {
    if (roles.empty()) Complain(place, "is empty: nobody could decide");
    std::set<std::string> seen;
    for (int i = 0; i < roles.size(); ++i) {
      const std::string inner = absl::StrCat(place, "[", i, "]");
      if (FindStaffRole(roles[i]) == nullptr) {
        Complain(inner, absl::StrCat("'", roles[i], "' is no role; there are ", KnownRoles()));
      } else if (!seen.insert(roles[i]).second) {
        Complain(inner, absl::StrCat("names ", roles[i], " again"));
      }
    }
  }

  void CheckDecisions(const std::string& place, const v1::Stage& stage, bool notice) {
    const std::string inner = absl::StrCat(place, ".decisions");
    if (notice) {
      if (!stage.decisions().empty()) {
        Complain(inner, "must be empty: a notice ends by itself, an objection puts it on hold");
      }
      return;
    }
    std::set<int> seen;
    for (const int decision : stage.decisions()) {
      if (decision == v1::STAGE_DECISION_UNSPECIFIED || !seen.insert(decision).second) {
        Complain(inner, "must name each decision once");
      }
    }
    if (!seen.contains(v1::STAGE_DECISION_PASS)) {
      Complain(inner, "must have STAGE_DECISION_PASS: else the case could not go on");
    }
    if (stage.kind() == v1::STAGE_KIND_APPROVAL && !seen.contains(v1::STAGE_DECISION_REJECT)) {
      Complain(inner,
               "must have STAGE_DECISION_REJECT: an approval that can not be refused is none");
    }
  }

  void CheckPauses(const std::string& place, const v1::Stage& stage, bool notice) {
    const std::string inner = absl::StrCat(place, ".pauses");
    std::set<int> seen;
    for (const int pause : stage.pauses()) {
      if (pause == v1::CLOCK_PAUSE_UNSPECIFIED || !seen.insert(pause).second) {
        Complain(inner, "must name each pause once");
      }
    }
    const auto decides = [&](v1::StageDecision decision) {
      return absl::c_linear_search(stage.decisions(), decision);
    };
    if (seen.contains(v1::CLOCK_PAUSE_SUPPLEMENT) && !decides(v1::STAGE_DECISION_RETURN)) {
      Complain(inner,
               "CLOCK_PAUSE_SUPPLEMENT can not happen without STAGE_DECISION_RETURN: take one away "
               "or add the other");
    }
    if (seen.contains(v1::CLOCK_PAUSE_HOLD) && !notice && !decides(v1::STAGE_DECISION_HOLD)) {
      Complain(inner,
               "CLOCK_PAUSE_HOLD can not happen without STAGE_DECISION_HOLD: take one away or add "
               "the other");
    }
    if (notice && !seen.contains(v1::CLOCK_PAUSE_HOLD)) {
      Complain(inner,
               "must have CLOCK_PAUSE_HOLD: a notice must not end while an objection is open");
    }
  }

  void CheckOtherOfficers(int index, const std::string& place) {
    const v1::Stage& stage = chain_.stages(index);
    for (int i = 0; i < stage.other_officer_than_size(); ++i) {
      const std::string& other = stage.other_officer_than(i);
      bool earlier = false;
      for (int j = 0; j < index; ++j) earlier = earlier || chain_.stages(j).id() == other;
      if (earlier) continue;
      Complain(absl::StrCat(place, ".otherOfficerThan[", i, "]"),
               absl::StrCat("'", other, "' is no stage before this one"));
    }
    if (stage.kind() != v1::STAGE_KIND_APPROVAL) return;
    for (int j = 0; j < index; ++j) {
      if (chain_.stages(j).kind() != v1::STAGE_KIND_ELIGIBILITY ||
          absl::c_linear_search(stage.other_officer_than(), chain_.stages(j).id())) {
        continue;
      }
      Complain(absl::StrCat(place, ".otherOfficerThan"),
               absl::StrCat("must have '", chain_.stages(j).id(),
                            "': who found a case eligible must not approve it"));
    }
  }

  void CheckEscalations(const std::string& place, const v1::Stage& stage, bool notice,
                        const std::optional<Limit>& limit) {
    const std::string inner = absl::StrCat(place, ".escalations");
    if (notice) {
      if (!stage.escalations().empty()) Complain(inner, "must be empty: a notice is never late");
      return;
    }
    if (stage.escalations().empty()) {
      Complain(inner, "is empty: nobody would hear that the stage is late");
    }
    for (int i = 0; i < stage.escalations_size(); ++i) {
      const v1::StageEscalation& step = stage.escalations(i);
      const std::string at = absl::StrCat(inner, "[", i, "]");
      if (step.level() == v1::ESCALATION_LEVEL_UNSPECIFIED) {
        Complain(absl::StrCat(at, ".level"), "is missing: say who hears of it");
      }
      if (i > 0 && step.level() <= stage.escalations(i - 1).level()) {
        Complain(absl::StrCat(at, ".level"), "must be higher than that before it");
      }
      if (step.after().empty()) {
        if (i > 0) Complain(absl::StrCat(at, ".after"), "must be later than that before it");
        continue;
      }
      const std::optional<Limit> after = ReadLimit(absl::StrCat(at, ".after"), step.after());
      if (!after.has_value() || !limit.has_value()) continue;
      if (after->in_working_days() != limit->in_working_days()) {
        Complain(absl::StrCat(at, ".after"),
                 absl::StrCat("must be in the unit of the stage's limit, ", limit->ToString()));
      }
      if (i > 0 && !stage.escalations(i - 1).after().empty()) {
        const absl::StatusOr<Limit> before = Limit::Parse(stage.escalations(i - 1).after());
        if (before.ok() && (after->working_days() < before->working_days() ||
                            after->time() < before->time() || *after == *before)) {
          Complain(absl::StrCat(at, ".after"), "must be later than that before it");
        }
      }
    }
  }

  // One date is promised: all stages count in the unit of the first.
  void CheckUnit(const std::string& place, const Limit& limit) {
    if (!unit_.has_value()) unit_ = limit;
    if (unit_->in_working_days() == limit.in_working_days()) return;
    Complain(place, absl::StrCat("counts in another unit than the stage before, ",
                                 unit_->ToString(), ": use working days, or times, throughout"));
  }

  void CheckOrder() {
    int approval = -1;
    for (int i = 0; i < chain_.stages_size(); ++i) {
      const std::string place = absl::StrCat("stages[", i, "].kind");
      const v1::StageKind kind = chain_.stages(i).kind();
      if (kind == v1::STAGE_KIND_APPROVAL) {
        if (approval >= 0) {
          Complain(place, absl::StrCat("is an approval as stages[", approval, "]: have one"));
        }
        approval = i;
      } else if (kind == v1::STAGE_KIND_PUBLIC_NOTICE) {
        if (approval < 0 || i + 1 != chain_.stages_size()) {
          Complain(place, "a notice comes last, behind the approval");
        }
      } else if (approval >= 0) {
        Complain(place, "comes behind the approval: only a notice may");
      }
    }
    if (approval < 0 && chain_.stages_size() > 0) {
      Complain("stages", "have no STAGE_KIND_APPROVAL: add one");
    }
  }

  void CheckLimitOfHold() {
    const bool holds = absl::c_any_of(chain_.stages(), [](const v1::Stage& stage) {
      return stage.kind() == v1::STAGE_KIND_PUBLIC_NOTICE ||
             absl::c_linear_search(stage.decisions(), v1::STAGE_DECISION_HOLD);
    });
    if (!chain_.hold_limit().empty()) {
      ReadLimit("holdLimit", chain_.hold_limit());
    } else if (holds) {
      Complain("holdLimit", "is missing: a case on hold would be forgotten");
    }
  }

  void CheckAppeal() {
    const v1::ChainAppeal& appeal = chain_.appeal();
    ReadLimit("appeal.fileWithin", appeal.file_within());
    ReadLimit("appeal.limit", appeal.limit());
    CheckRoles("appeal.roles", appeal.roles());
    RequireWords("appeal.holderZh", appeal.holder_zh());
    RequireWords("appeal.holderEn", appeal.holder_en());
    const bool known = absl::c_any_of(chain_.stages(), [&](const v1::Stage& stage) {
      return stage.id() == appeal.redo_stage() && stage.kind() != v1::STAGE_KIND_PUBLIC_NOTICE;
    });
    if (!known) {
      Complain("appeal.redoStage",
               absl::StrCat("'", appeal.redo_stage(), "' is no stage that an officer decides"));
    }
  }

  const v1::Chain& chain_;
  const Limits& defaults_;
  std::optional<Limit> unit_;
  std::vector<ConfigProblem> problems_;
};

}  // namespace

std::vector<ConfigProblem> CheckChain(const v1::Chain& chain, const Limits& defaults) {
  return Checker(chain, defaults).Run();
}

}  // namespace fuju::applications
