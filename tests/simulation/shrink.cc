#include "simulation/shrink.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "applications/moves.h"
#include "dispatch/offer.h"
#include "dispatch/round.h"
#include "fitting/order.h"
#include "simulation/simulation.h"

namespace fuju::simulation {
namespace {

Outcome Play(Commons* commons, Schedule schedule, bool with_history) {
  Outcome outcome;
  Simulation simulation(commons, &schedule, DrawnPlan(&schedule),
                        with_history ? &outcome.history : nullptr);
  simulation.Run();
  outcome.broken = simulation.broken();
  outcome.evidence = simulation.evidence();
  outcome.steps = simulation.steps();
  const Committed& committed = simulation.committed();
  committed.ForEach<applications::storage::v1::ApplicationRecord>(
      "application", [&](const auto&, const auto& record) {
        ++outcome.ends["application " + applications::StateName(record.application().state())];
      });
  committed.ForEach<catalogue::v1::Grant>("grant", [&](const auto&, const auto& grant) {
    constexpr size_t kPrefix = std::string_view("GRANT_STATE_").size();
    ++outcome.ends["grant " + catalogue::v1::GrantState_Name(grant.state()).substr(kPrefix)];
  });
  committed.ForEach<dispatch::storage::v1::RoundRecord>(
      "round", [&](const auto&, const auto& record) {
        ++outcome.ends["round " + dispatch::StateName(record.round().state())];
      });
  committed.ForEach<dispatch::storage::v1::OfferRecord>(
      "offer", [&](const auto&, const auto& record) {
        ++outcome.ends["offer " + dispatch::StateName(record.offer().state())];
      });
  committed.ForEach<fitting::storage::v1::OrderRecord>(
      "order", [&](const auto&, const auto& record) {
        ++outcome.ends["order " + fitting::StateName(record.order().state())];
      });
  outcome.choices = schedule.choices();
  return outcome;
}

class Shrinker {
 public:
  Shrinker(Commons* commons, const Outcome& failed, int most_runs)
      : commons_(commons), best_(failed), runs_left_(most_runs) {}

  Outcome Run() {
    for (size_t before = best_.choices.size() + 1; runs_left_ > 0 && Simpler(before);) {
      before = Weight();
      ForChunks([](std::vector<uint32_t>& choices, size_t from, size_t to) {
        choices.erase(choices.begin() + static_cast<std::ptrdiff_t>(from),
                      choices.begin() + static_cast<std::ptrdiff_t>(to));
      });
      ForChunks([](std::vector<uint32_t>& choices, size_t from, size_t to) {
        std::fill(choices.begin() + static_cast<std::ptrdiff_t>(from),
                  choices.begin() + static_cast<std::ptrdiff_t>(to), 0);
      });
    }
    return Replay(commons_, best_.choices);
  }

 private:
  using Change = std::function<void(std::vector<uint32_t>&, size_t from, size_t to)>;

  // Choices that are not plain, and all of them.
  size_t Weight() const {
    const auto plain = std::count(best_.choices.begin(), best_.choices.end(), 0u);
    return 2 * best_.choices.size() - static_cast<size_t>(plain);
  }
  bool Simpler(size_t before) const { return Weight() < before || first_; }

  // Halves of the history, quarters, and so on down to single choices.
  void ForChunks(const Change& change) {
    first_ = false;
    for (size_t chunk = std::max<size_t>(best_.choices.size() / 2, 1); runs_left_ > 0; chunk /= 2) {
      for (size_t from = 0; from < best_.choices.size() && runs_left_ > 0;) {
        std::vector<uint32_t> choices = best_.choices;
        const size_t to = std::min(from + chunk, choices.size());
        change(choices, from, to);
        if (choices == best_.choices || !Try(std::move(choices))) from = to;
      }
      if (chunk == 1) return;
    }
  }

  bool Try(std::vector<uint32_t> choices) {
    --runs_left_;
    while (!choices.empty() && choices.back() == 0) choices.pop_back();
    const size_t given = choices.size();
    Outcome outcome = Play(commons_, Schedule(choices), /*with_history=*/false);
    if (outcome.broken != best_.broken) return false;
    // A run that took another way may have become longer.
    if (given >= best_.choices.size() && outcome.steps > best_.steps) return false;
    best_ = std::move(outcome);
    best_.choices = std::move(choices);
    return true;
  }

  Commons* const commons_;
  Outcome best_;
  int runs_left_;
  bool first_ = true;
};

}  // namespace

Outcome RunSeed(Commons* commons, uint64_t seed) {
  return Play(commons, Schedule(seed), /*with_history=*/false);
}

Outcome Replay(Commons* commons, std::vector<uint32_t> choices) {
  return Play(commons, Schedule(std::move(choices)), /*with_history=*/true);
}

Outcome Shrink(Commons* commons, const Outcome& failed, int most_runs) {
  return Shrinker(commons, failed, most_runs).Run();
}

}  // namespace fuju::simulation
