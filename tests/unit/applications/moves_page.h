#pragma once

#include <string>

namespace fuju::applications::testing {

// What pages say of the table of moves (moves.cc), made from it.

// A row for each state: its moves and where they lead.
std::string MovesTable();

// A Mermaid diagram of the states, and below it what can happen in so many of them that its arrows
// would hide the rest.
std::string MovesDiagram();

// The text between the lines "<!-- <mark> -->" and "<!-- end of <mark> -->" of a page; empty if it
// has no such lines.
std::string BlockOf(const std::string& page, const std::string& mark);
// The page with another text there.
std::string WithBlock(const std::string& page, const std::string& mark, const std::string& text);

}  // namespace fuju::applications::testing
