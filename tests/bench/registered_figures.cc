#include "bench/registered_figures.h"

#include <algorithm>
#include <utility>

namespace fuju::bench {
namespace {

// Made with the first registration, whichever file that is in.
std::vector<RegisteredFigures::Group>& Groups() {
  static auto* const kGroups = new std::vector<RegisteredFigures::Group>();
  return *kGroups;
}

}  // namespace

RegisteredFigures::RegisteredFigures(std::string part, std::string group, Measure measure) {
  Groups().push_back({std::move(part), std::move(group), measure});
}

std::vector<RegisteredFigures::Group> RegisteredFigures::All() {
  std::vector<Group> groups = Groups();
  std::sort(groups.begin(), groups.end(),
            [](const Group& a, const Group& b) { return a.name < b.name; });
  return groups;
}

}  // namespace fuju::bench
