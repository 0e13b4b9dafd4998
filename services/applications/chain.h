#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "applications/limits.h"
#include "fuju/applications/v1/chain.pb.h"

namespace fuju::applications {

// A stage with its limits read.
struct Stage {
  v1::Stage config;
  Limit limit;
  // How long after the limit each of config.escalations() comes; none: as soon as it has passed.
  std::vector<std::optional<Limit>> escalate_after;

  const std::string& id() const { return config.id(); }
  bool IsNotice() const { return config.kind() == v1::STAGE_KIND_PUBLIC_NOTICE; }
  bool Allows(v1::StageDecision decision) const;
  bool PausesFor(v1::ClockPause pause) const;
  bool HasRole(absl::string_view role) const;
  Text name() const { return Text{config.name_zh(), config.name_en()}; }
  Text holder() const { return Text{config.holder_zh(), config.holder_en()}; }
};

// The appeal of a chain with its limits read.
struct AppealRule {
  v1::ChainAppeal config;
  Limit file_within;
  Limit limit;

  bool HasRole(absl::string_view role) const;
  Text holder() const { return Text{config.holder_zh(), config.holder_en()}; }
};

// A chain that was checked (chain_check.h) and whose limits are read. A value.
struct Chain {
  std::string id;
  int version = 0;
  std::vector<Stage> stages;
  Limit supplement;
  Limit hold;
  std::optional<AppealRule> appeal;

  // The chain of a configuration in which chain_check.h finds nothing wrong; `defaults` fill the
  // limits that it leaves open.
  static Chain Read(const v1::Chain& config, const Limits& defaults);

  // Position of a stage; none if the chain has no such stage.
  std::optional<size_t> Find(absl::string_view stage) const;
  bool HasNotice() const;
};

}  // namespace fuju::applications
