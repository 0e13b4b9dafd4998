#include "chassis/store/footprint_change.h"

#include <map>
#include <set>
#include <tuple>

namespace fuju::chassis {
namespace {

std::set<std::string> ClaimNames(const Footprint& footprint) {
  std::set<std::string> names;
  for (const Claim& claim : footprint.claims) names.insert(claim.name);
  return names;
}

std::map<std::pair<std::string, std::string>, int64_t> IndexScores(const Footprint& footprint) {
  std::map<std::pair<std::string, std::string>, int64_t> scores;
  for (const IndexEntry& entry : footprint.index) {
    scores[{entry.index, entry.member}] = entry.score;
  }
  return scores;
}

std::map<std::string, absl::Time> TimersByName(const Footprint& footprint) {
  std::map<std::string, absl::Time> timers;
  for (const Timer& timer : footprint.timers) timers[timer.name] = timer.due;
  return timers;
}

// True if `map` has the key with this very value.
template <typename Map, typename Entry>
bool HasSame(const Map& map, const Entry& entry) {
  const auto found = map.find(entry.first);
  return found != map.end() && found->second == entry.second;
}

}  // namespace

FootprintChange Difference(const Footprint& before, const Footprint& after) {
  FootprintChange change;

  const std::set<std::string> claims_before = ClaimNames(before);
  const std::set<std::string> claims_after = ClaimNames(after);
  for (const std::string& name : claims_after) {
    if (!claims_before.contains(name)) change.claims_taken.push_back(name);
  }
  for (const std::string& name : claims_before) {
    if (!claims_after.contains(name)) change.claims_released.push_back(name);
  }

  std::map<std::string, int64_t> moves;
  for (const Holding& holding : after.holdings) moves[holding.counter] += holding.amount;
  for (const Holding& holding : before.holdings) moves[holding.counter] -= holding.amount;
  for (const auto& [counter, amount] : moves) {
    if (amount != 0) change.counter_moves.emplace_back(counter, amount);
  }

  const auto index_before = IndexScores(before);
  const auto index_after = IndexScores(after);
  for (const auto& entry : index_after) {
    if (!HasSame(index_before, entry)) {
      change.index_added.push_back({entry.first.first, entry.first.second, entry.second});
    }
  }
  for (const auto& [key, score] : index_before) {
    if (!index_after.contains(key)) change.index_removed.push_back({key.first, key.second, score});
  }

  const auto timers_before = TimersByName(before);
  const auto timers_after = TimersByName(after);
  for (const auto& timer : timers_after) {
    if (!HasSame(timers_before, timer)) change.timers_set.push_back({timer.first, timer.second});
  }
  for (const auto& [name, due] : timers_before) {
    if (!timers_after.contains(name)) change.timers_cleared.push_back(name);
  }
  return change;
}

}  // namespace fuju::chassis
