// The pages that people read say what the code does. With FUJU_UPDATE_PAGES=1 in the environment
// the tests write what they would compare:
//
//   FUJU_UPDATE_PAGES=1 build/release/bin/fuju_unit_applications_test --gtest_filter='MovesPage*'

#include "unit/applications/moves_page.h"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace fuju::applications {
namespace {

std::string Read(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void Shows(const std::string& path, const std::string& mark, const std::string& text) {
  const std::string page = Read(path);
  if (std::getenv("FUJU_UPDATE_PAGES") != nullptr) {
    std::ofstream(path) << testing::WithBlock(page, mark, text);
    return;
  }
  EXPECT_EQ(testing::BlockOf(page, mark), text)
      << path << " is behind moves.cc: run this test with FUJU_UPDATE_PAGES=1";
}

TEST(MovesPageTest, TheTableIsThatOfTheCode) {
  Shows("services/applications/MOVES.md", "table of moves", testing::MovesTable());
}

TEST(MovesPageTest, TheDiagramIsThatOfTheCode) {
  Shows("services/applications/README.md", "diagram of moves", testing::MovesDiagram());
}

TEST(MovesPageTest, ABlockIsFoundAndReplaced) {
  const std::string page = "a\n<!-- x -->\nold\n<!-- end of x -->\nb\n";
  EXPECT_EQ(testing::BlockOf(page, "x"), "old\n");
  EXPECT_EQ(testing::WithBlock(page, "x", "new\n"), "a\n<!-- x -->\nnew\n<!-- end of x -->\nb\n");
  EXPECT_EQ(testing::BlockOf(page, "y"), "");
}

}  // namespace
}  // namespace fuju::applications
