#include <string_view>

#include "gtest/gtest.h"

#include "integration/admin/children.h"

int main(int argc, char** argv) {
  const std::string_view what = argc == 6 ? argv[1] : "";
  if (what == fuju::chassis::kHolder || what == fuju::chassis::kReplayer) {
    return fuju::chassis::RunChild(argv);
  }
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
