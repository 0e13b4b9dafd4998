#include <string_view>

#include "gtest/gtest.h"

#include "integration/streams/crash_child.h"

int main(int argc, char** argv) {
  if (argc == 6 && std::string_view(argv[1]) == "--crash-child") {
    return fuju::chassis::RunCrashChild(argv);
  }
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
