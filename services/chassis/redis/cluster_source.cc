#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "chassis/redis/layout_source.h"
#include "chassis/redis/node_calls.h"
#include "chassis/redis/result.h"

namespace fuju::chassis::redis {
namespace {

// More than one that is out of date or cut off, and few enough for large clusters.
constexpr int kEnoughAnswers = 3;

class ClusterSource final : public LayoutSource {
 public:
  explicit ClusterSource(const Deployment& deployment)
      : seeds_(deployment.seeds), calls_(deployment.user, deployment.password) {}

  absl::StatusOr<Learned> Ask() override {
    std::optional<View> best;
    absl::Status error = NotApplied("no node is known");
    std::vector<Address> silent;
    int answers = 0;
    for (const Address& node : Candidates()) {
      absl::StatusOr<View> view = ViewOf(node);
      if (!view.ok()) {
        error = view.status();
        silent.push_back(node);
        continue;
      }
      if (!best.has_value() || *view > *best) best = *std::move(view);
      if (++answers == kEnoughAnswers) break;
    }
    if (!best.has_value()) return error;
    // Who did not answer is asked last the next time.
    nodes_ = best->learned.nodes;
    std::stable_partition(nodes_.begin(), nodes_.end(), [&silent](const Address& node) {
      return std::find(silent.begin(), silent.end(), node) == silent.end();
    });
    return std::move(best->learned);
  }

 private:
  struct View {
    int64_t epoch = 0;
    bool working = false;
    Learned learned;

    bool operator>(const View& other) const {
      return std::pair(epoch, working) > std::pair(other.epoch, other.working);
    }
  };

  std::vector<Address> Candidates() const {
    std::vector<Address> all = nodes_;
    for (const Address& seed : seeds_) {
      if (std::find(all.begin(), all.end(), seed) == all.end()) all.push_back(seed);
    }
    return all;
  }

  absl::StatusOr<View> ViewOf(const Address& node) {
    const absl::StatusOr<Reply> info = calls_.Ask(node, {"CLUSTER", "INFO"});
    if (!info.ok()) return info.status();
    const absl::StatusOr<Reply> slots = calls_.Ask(node, {"CLUSTER", "SLOTS"});
    if (!slots.ok()) return slots.status();
    absl::StatusOr<Learned> learned = ParseClusterSlots(*slots, node);
    if (!learned.ok()) return learned.status();
    View view;
    (void)absl::SimpleAtoi(LineOf(info->text(), "cluster_current_epoch"), &view.epoch);
    view.working = LineOf(info->text(), "cluster_state") == "ok";
    view.learned = *std::move(learned);
    return view;
  }

  const std::vector<Address> seeds_;
  NodeCalls calls_;
  // Of the last answer.
  std::vector<Address> nodes_;
};

}  // namespace

std::unique_ptr<LayoutSource> MakeClusterSource(const Deployment& deployment) {
  return std::make_unique<ClusterSource>(deployment);
}

}  // namespace fuju::chassis::redis
