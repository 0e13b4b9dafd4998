#include "applications/chain.h"

#include "absl/algorithm/container.h"

namespace fuju::applications {
namespace {

Limit LimitOr(const std::string& text, const Limit& otherwise) {
  if (text.empty()) return otherwise;
  return Limit::Parse(text).value_or(otherwise);
}

}  // namespace

bool Stage::Allows(v1::StageDecision decision) const {
  return absl::c_linear_search(config.decisions(), decision);
}

bool Stage::PausesFor(v1::ClockPause pause) const {
  return absl::c_linear_search(config.pauses(), pause);
}

bool Stage::HasRole(absl::string_view role) const {
  return absl::c_linear_search(config.roles(), role);
}

bool AppealRule::HasRole(absl::string_view role) const {
  return absl::c_linear_search(config.roles(), role);
}

Chain Chain::Read(const v1::Chain& config, const Limits& defaults) {
  Chain chain{.id = config.id(),
              .version = config.version(),
              .stages = {},
              .supplement = LimitOr(config.supplement_limit(), defaults.supplement),
              .hold = LimitOr(config.hold_limit(), defaults.supplement),
              .appeal = std::nullopt};
  for (const v1::Stage& stage : config.stages()) {
    Stage& read =
        chain.stages.emplace_back(Stage{stage, LimitOr(stage.limit(), defaults.review), {}});
    for (const v1::StageEscalation& step : stage.escalations()) {
      read.escalate_after.push_back(
          step.after().empty() ? std::nullopt : std::optional(LimitOr(step.after(), read.limit)));
    }
  }
  if (config.has_appeal()) {
    chain.appeal =
        AppealRule{config.appeal(), LimitOr(config.appeal().file_within(), defaults.review),
                   LimitOr(config.appeal().limit(), defaults.review)};
  }
  return chain;
}

std::optional<size_t> Chain::Find(absl::string_view stage) const {
  for (size_t i = 0; i < stages.size(); ++i) {
    if (stages[i].id() == stage) return i;
  }
  return std::nullopt;
}

bool Chain::HasNotice() const {
  return absl::c_any_of(stages, [](const Stage& stage) { return stage.IsNotice(); });
}

}  // namespace fuju::applications
