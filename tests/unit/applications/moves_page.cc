#include "unit/applications/moves_page.h"

#include <map>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "applications/moves.h"

namespace fuju::applications::testing {
namespace {

// Drawn from more states than this, an arrow says nothing any more.
constexpr size_t kMostArrows = 3;

std::string Begin(const std::string& mark) { return absl::StrCat("<!-- ", mark, " -->\n"); }
std::string End(const std::string& mark) { return absl::StrCat("<!-- end of ", mark, " -->\n"); }

// Where the block of a page is, less its two lines.
std::pair<size_t, size_t> PlaceOf(const std::string& page, const std::string& mark) {
  const size_t begin = page.find(Begin(mark));
  const size_t end = page.find(End(mark));
  if (begin == std::string::npos || end == std::string::npos) return {0, 0};
  return {begin + Begin(mark).size(), end};
}

}  // namespace

std::string MovesTable() {
  std::string table = "| state | moves |\n|---|---|\n";
  for (const ApplicationState state : AllStates()) {
    std::vector<std::string> moves;
    for (const MoveInfo& info : AllMoves()) {
      std::vector<std::string> targets;
      for (const LegalMove& legal : LegalMoves()) {
        if (legal.from == state && legal.move == info.move) targets.push_back(StateName(legal.to));
      }
      if (targets.empty()) continue;
      moves.push_back(absl::StrCat(info.name, " → ", absl::StrJoin(targets, " or ")));
    }
    absl::StrAppend(&table, "| ", StateName(state), " | ",
                    moves.empty() ? "(final)" : absl::StrJoin(moves, "; "), " |\n");
  }
  return table;
}

std::string MovesDiagram() {
  using Arrow = std::pair<Move, ApplicationState>;
  std::map<Arrow, std::vector<std::string>> from;
  for (const LegalMove& legal : LegalMoves()) {
    if (legal.from == legal.to) continue;
    from[{legal.move, legal.to}].push_back(StateName(legal.from));
  }
  std::string diagram = "```mermaid\nstateDiagram-v2\n  [*] --> DRAFT\n";
  std::vector<std::string> aside;
  for (const ApplicationState state : AllStates()) {
    for (const ApplicationState to : AllStates()) {
      std::vector<std::string> moves;
      for (const LegalMove& legal : LegalMoves()) {
        if (legal.from != state || legal.to != to || from[{legal.move, to}].empty()) continue;
        if (from[{legal.move, to}].size() > kMostArrows) continue;
        moves.emplace_back(InfoOf(legal.move).name);
      }
      if (moves.empty() || state == to) continue;
      absl::StrAppend(&diagram, "  ", StateName(state), " --> ", StateName(to), ": ",
                      absl::StrJoin(moves, ", "), "\n");
    }
    if (IsFinal(state)) absl::StrAppend(&diagram, "  ", StateName(state), " --> [*]\n");
  }
  absl::StrAppend(&diagram, "```\n");
  for (const auto& [arrow, states] : from) {
    if (states.size() <= kMostArrows) continue;
    aside.push_back(absl::StrCat("`", InfoOf(arrow.first).name, "` → ", StateName(arrow.second),
                                 ", from ", absl::StrJoin(states, ", ")));
  }
  absl::StrAppend(&diagram, "\nNot drawn:\n\n");
  for (const std::string& line : aside) absl::StrAppend(&diagram, "- ", line, "\n");
  return diagram;
}

std::string BlockOf(const std::string& page, const std::string& mark) {
  const auto [begin, end] = PlaceOf(page, mark);
  return page.substr(begin, end - begin);
}

std::string WithBlock(const std::string& page, const std::string& mark, const std::string& text) {
  const auto [begin, end] = PlaceOf(page, mark);
  return absl::StrCat(page.substr(0, begin), text, page.substr(end));
}

}  // namespace fuju::applications::testing
