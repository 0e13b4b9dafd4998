#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "chassis/redis/layout_source.h"
#include "chassis/redis/node_calls.h"
#include "chassis/redis/result.h"
#include "chassis/redis/sentinel_claims.h"

namespace fuju::chassis::redis {
namespace {

// A value by its name in a flat answer {name, value, ...}; nil if there is none.
Reply Named(const Reply& flat, const std::string& name) {
  for (size_t i = 0; i + 1 < flat.size(); i += 2) {
    if (flat[i].text() == name) return flat[i + 1];
  }
  return {};
}

Address AddressOf(const Reply& flat) {
  return {.host = Named(flat, "ip").text(),
          .port = static_cast<int>(Named(flat, "port").integer())};
}

class SentinelSource final : public LayoutSource {
 public:
  explicit SentinelSource(const Deployment& deployment)
      : sentinels_(deployment.seeds),
        name_(deployment.primary_name),
        sentinel_calls_("", deployment.sentinel_password),
        node_calls_(deployment.user, deployment.password) {}

  absl::StatusOr<Learned> Ask() override {
    absl::Status error = NotApplied("no Sentinel is known");
    std::vector<PrimaryClaim> claims;
    for (const Address& sentinel : sentinels_) {
      const absl::StatusOr<Reply> told =
          sentinel_calls_.Ask(sentinel, {"SENTINEL", "MASTER", name_});
      // The one that leads a failover has the new epoch at once, and goes on naming the old node in
      // the answer above until the other replicas follow; in this one it names the promoted node.
      const absl::StatusOr<Reply> primary =
          told.ok() ? sentinel_calls_.Ask(sentinel, {"SENTINEL", "GET-MASTER-ADDR-BY-NAME", name_})
                    : told.status();
      if (!primary.ok() || primary->size() != 2) {
        error = primary.ok() ? NotApplied(absl::StrCat(ToString(sentinel), " names no primary"))
                             : primary.status();
        continue;
      }
      claims.push_back({.epoch = Named(*told, "config-epoch").integer(),
                        .primary = {.host = (*primary)[0].text(),
                                    .port = static_cast<int>((*primary)[1].integer())},
                        .sentinel = sentinel});
    }
    const std::vector<PrimaryClaim> believed = claims_.Believed(claims, sentinels_.size());
    if (!claims.empty() && believed.empty()) {
      error = NotApplied("no Sentinel that answers knows of the last failover");
    }
    for (const PrimaryClaim& claim : believed) {
      const absl::StatusOr<Reply> info = node_calls_.Ask(claim.primary, {"INFO", "replication"});
      if (!info.ok()) {
        error = info.status();
        continue;
      }
      const std::string role = LineOf(info->text(), "role");
      if (role != "master") {
        error = NotApplied(absl::StrCat(ToString(claim.primary), " is a ", role));
        continue;
      }
      return Learned{.layout = Layout::Whole(claim.primary), .nodes = NodesOf(claim)};
    }
    return error;
  }

 private:
  std::vector<Address> NodesOf(const PrimaryClaim& claim) {
    std::vector<Address> nodes = {claim.primary};
    const absl::StatusOr<Reply> replicas =
        sentinel_calls_.Ask(claim.sentinel, {"SENTINEL", "REPLICAS", name_});
    if (!replicas.ok()) return nodes;
    for (const Reply& replica : replicas->items()) nodes.push_back(AddressOf(replica));
    return nodes;
  }

  const std::vector<Address> sentinels_;
  const std::string name_;
  SentinelClaims claims_;
  NodeCalls sentinel_calls_;
  NodeCalls node_calls_;
};

}  // namespace

std::unique_ptr<LayoutSource> MakeSentinelSource(const Deployment& deployment) {
  return std::make_unique<SentinelSource>(deployment);
}

}  // namespace fuju::chassis::redis
