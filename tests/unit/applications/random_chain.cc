#include "unit/applications/random_chain.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "applications/staff_roles.h"

namespace fuju::applications::testing {
namespace {

v1::Stage RandomStage(Random& random, v1::StageKind kind, int index,
                      const std::vector<v1::Stage>& before) {
  v1::Stage stage;
  stage.set_id(absl::StrCat("stage_", index));
  stage.set_kind(kind);
  stage.set_name_zh("环节");
  stage.set_name_en("stage");
  stage.set_holder_zh("残联");
  stage.set_holder_en("federation");
  stage.add_roles(std::string(StaffRoles()[Number(random, 0, 4)].name));
  stage.set_limit(absl::StrCat(Number(random, 1, 4), "wd"));
  if (kind == v1::STAGE_KIND_PUBLIC_NOTICE) {
    stage.add_pauses(v1::CLOCK_PAUSE_HOLD);
    return stage;
  }
  stage.add_decisions(v1::STAGE_DECISION_PASS);
  if (kind == v1::STAGE_KIND_APPROVAL || Chance(random, 50)) {
    stage.add_decisions(v1::STAGE_DECISION_REJECT);
  }
  if (Chance(random, 60)) {
    stage.add_decisions(v1::STAGE_DECISION_RETURN);
    if (Chance(random, 60)) stage.add_pauses(v1::CLOCK_PAUSE_SUPPLEMENT);
  }
  if (Chance(random, 60)) {
    stage.add_decisions(v1::STAGE_DECISION_HOLD);
    if (Chance(random, 60)) stage.add_pauses(v1::CLOCK_PAUSE_HOLD);
  }
  if (kind == v1::STAGE_KIND_ASSESSMENT && Chance(random, 50)) {
    stage.set_condition(v1::STAGE_CONDITION_ITEM_NEEDS_ASSESSMENT);
  }
  for (const v1::Stage& other : before) {
    const bool must = kind == v1::STAGE_KIND_APPROVAL && other.kind() == v1::STAGE_KIND_ELIGIBILITY;
    if (must || Chance(random, 40)) stage.add_other_officer_than(other.id());
  }
  int after = 0;
  for (int level = Number(random, 1, 3); level <= 3; ++level) {
    v1::StageEscalation* step = stage.add_escalations();
    step->set_level(static_cast<v1::EscalationLevel>(level));
    if (after > 0 || Chance(random, 50)) step->set_after(absl::StrCat(++after, "wd"));
    if (after == 0) after = 1;
  }
  return stage;
}

}  // namespace

bool Chance(Random& random, int percent) {
  return std::uniform_int_distribution<int>(1, 100)(random) <= percent;
}
int Number(Random& random, int least, int most) {
  return std::uniform_int_distribution<int>(least, most)(random);
}

v1::Chain RandomChain(Random& random) {
  v1::Chain chain;
  chain.set_id("random");
  chain.set_version(1);
  chain.set_title_zh("随机");
  chain.set_title_en("random");
  chain.add_sources("invented");
  chain.set_supplement_limit("2wd");
  chain.set_hold_limit("2wd");
  std::vector<v1::Stage> stages;
  const int count = Number(random, 0, 4);
  for (int i = 0; i < count; ++i) {
    const auto kind = static_cast<v1::StageKind>(Number(random, 1, 4));
    stages.push_back(RandomStage(random, kind, i, stages));
  }
  stages.push_back(RandomStage(random, v1::STAGE_KIND_APPROVAL, count, stages));
  if (Chance(random, 50)) {
    stages.push_back(RandomStage(random, v1::STAGE_KIND_PUBLIC_NOTICE, count + 1, stages));
  }
  for (const v1::Stage& stage : stages) *chain.add_stages() = stage;
  v1::ChainAppeal* appeal = chain.mutable_appeal();
  appeal->set_file_within("5wd");
  appeal->set_limit("3wd");
  appeal->add_roles("prefecture_officer");
  appeal->set_holder_zh("市州残联");
  appeal->set_holder_en("prefecture");
  appeal->set_redo_stage(stages[Number(random, 0, count)].id());
  return chain;
}

}  // namespace fuju::applications::testing
